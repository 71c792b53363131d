//! One signed-in connection: sockets, buffers, and the window both sides agreed on.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use bytes::BytesMut;
use domain::wire::topic::{Leaf, Topic};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;

use super::wire::{Event, Wire};
use crate::account::Account;

/// A broker that takes longer to accept is as good as away.
const SIGN_IN_WITHIN: Duration = Duration::from_secs(20);
const BUFFER_BYTES: usize = 16 * 1024;

/// A connection the broker has accepted.
pub struct Session {
    pub wire: Wire,
    pub reader: OwnedReadHalf,
    pub writer: OwnedWriteHalf,
    /// Bytes that came and are not yet a whole packet.
    pub input: BytesMut,
    /// Bytes to be sent.
    pub out: BytesMut,
    /// Messages that may wait for their PUBACK.
    pub window: u16,
}

impl Session {
    /// Connects, signs in and asks for the device's acks.
    pub async fn sign_in(account: &Account, protocol: u8, window: u16) -> Result<Self> {
        timeout(SIGN_IN_WITHIN, Self::try_sign_in(account, protocol, window))
            .await
            .context("the broker does not answer")?
    }

    async fn try_sign_in(account: &Account, protocol: u8, window: u16) -> Result<Self> {
        let broker = &account.broker;
        ensure!(!broker.tls, "the load generator speaks no TLS");
        let host = broker.host.trim_matches(['[', ']']);
        let stream = TcpStream::connect((host, broker.port)).await?;
        stream.set_nodelay(true)?;
        let (reader, writer) = stream.into_split();
        let topic = |leaf| Topic::new(account.serial, leaf).to_string();
        let mut session = Self {
            wire: Wire::new(protocol, &topic(Leaf::Telemetry)),
            reader,
            writer,
            input: BytesMut::with_capacity(BUFFER_BYTES),
            out: BytesMut::with_capacity(BUFFER_BYTES),
            window,
        };
        session.wire.sign_in(account, &topic(Leaf::Ack), &mut session.out)?;
        session.writer.write_all_buf(&mut session.out).await?;
        loop {
            match session.wire.read(&mut session.input)? {
                Some(Event::Connected { receive_max }) => {
                    session.window = window.min(receive_max.unwrap_or(u16::MAX)).max(1);
                    return Ok(session);
                }
                Some(other) => bail!("{other:?} before the broker accepted"),
                None => ensure!(
                    session.reader.read_buf(&mut session.input).await? > 0,
                    "the broker hung up"
                ),
            }
        }
    }
}
