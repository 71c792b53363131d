//! One connection to the broker: bytes over TCP or TLS, packets in the crate's encoding, and the greeting.

use std::time::Duration;

use bytes::BytesMut;
use rumqttc::v5::mqttbytes;
use rumqttc::v5::mqttbytes::v5::{ConnAck, ConnectReturnCode, DisconnectReasonCode, Packet};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::options::{self, Options};

/// Room for some hundred readings: they are read by the handful, not one by one.
const HANDFUL_BYTES: usize = 64 * 1024;

/// TCP, or TLS upon it.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Why there is no connection, or no longer one.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("the broker did not answer in time")]
    Silent,
    #[error("connection refused: {0:?}")]
    Refused(ConnectReturnCode),
    #[error("the broker ended the connection: {0:?}")]
    Dismissed(DisconnectReasonCode),
    #[error("the broker closed the connection")]
    Closed,
    #[error("the server stops")]
    Stopped,
    #[error("not a packet the broker may send here: {0}")]
    Packet(&'static str),
    #[error("not MQTT 5: {0}")]
    Format(#[from] mqttbytes::Error),
}

/// What the broker said when it let us in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Welcome {
    /// Whether it still knew our session.
    pub(super) resumed: bool,
    /// How often it wants to hear from us.
    pub(super) keep_alive: Duration,
    /// Messages of ours it lets us have in the air.
    pub(super) receive_maximum: u16,
    /// The largest packet it takes, if it told.
    pub(super) max_packet_bytes: Option<u32>,
}

impl Welcome {
    fn of(answer: &ConnAck) -> Self {
        let told = answer.properties.as_ref();
        Self {
            resumed: answer.session_present,
            keep_alive: told
                .and_then(|told| told.server_keep_alive)
                .map_or(options::KEEP_ALIVE, |s| Duration::from_secs(u64::from(s.max(1)))),
            receive_maximum: told.and_then(|told| told.receive_max).unwrap_or(u16::MAX),
            max_packet_bytes: told.and_then(|told| told.max_packet_size),
        }
    }
}

/// Connects and says who we are.
pub(super) async fn connect(options: &Options) -> Result<(Welcome, Reader, Writer), WireError> {
    timeout(options::CONNECT_TIMEOUT, greet(options))
        .await
        .unwrap_or(Err(WireError::Silent))
}

async fn greet(options: &Options) -> Result<(Welcome, Reader, Writer), WireError> {
    let (reader, writer) = tokio::io::split(dial(options).await?);
    let mut reader = Reader {
        stream: reader,
        bytes: BytesMut::with_capacity(HANDFUL_BYTES),
        patience: options::CONNECT_TIMEOUT,
    };
    let mut writer = Writer(writer);
    let mut hello = BytesMut::new();
    options.hello().write(&mut hello, None)?;
    writer.send(&mut hello).await?;
    match reader.next().await? {
        Packet::ConnAck(answer) if answer.code == ConnectReturnCode::Success => {
            let welcome = Welcome::of(&answer);
            // A ping is answered at once; who is silent for this long is gone, whatever TCP believes.
            reader.patience = welcome.keep_alive.mul_f32(1.5);
            Ok((welcome, reader, writer))
        }
        Packet::ConnAck(answer) => Err(WireError::Refused(answer.code)),
        _ => Err(WireError::Packet("something else than CONNACK")),
    }
}

async fn dial(options: &Options) -> Result<Box<dyn Stream>, WireError> {
    let tcp = TcpStream::connect((options.host.as_str(), options.port)).await?;
    tcp.set_nodelay(true)?;
    let Some(tls) = &options.tls else {
        return Ok(Box::new(tcp));
    };
    let name = ServerName::try_from(options.host.clone())
        .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidInput, error))?;
    Ok(Box::new(TlsConnector::from(tls.clone()).connect(name, tcp).await?))
}

/// The half that listens.
pub(super) struct Reader {
    stream: ReadHalf<Box<dyn Stream>>,
    /// What has come and is not yet a whole packet.
    bytes: BytesMut,
    /// How long the broker may be silent while we listen.
    patience: Duration,
}

impl Reader {
    /// The next packet, whenever it comes.
    pub(super) async fn next(&mut self) -> Result<Packet, WireError> {
        loop {
            match Packet::read(&mut self.bytes, Some(options::MAX_PACKET_BYTES)) {
                Ok(Packet::Disconnect(goodbye)) => return Err(WireError::Dismissed(goodbye.reason_code)),
                Ok(packet) => return Ok(packet),
                Err(mqttbytes::Error::InsufficientBytes(_)) => {}
                Err(error) => return Err(error.into()),
            }
            self.bytes.reserve(HANDFUL_BYTES);
            let read = timeout(self.patience, self.stream.read_buf(&mut self.bytes))
                .await
                .map_err(|_| WireError::Silent)??;
            if read == 0 {
                return Err(WireError::Closed);
            }
        }
    }
}

/// The half that speaks.
pub(super) struct Writer(WriteHalf<Box<dyn Stream>>);

impl Writer {
    /// Sends everything in `bytes`.
    pub(super) async fn send(&mut self, bytes: &mut BytesMut) -> Result<(), WireError> {
        self.0.write_all_buf(bytes).await?;
        self.0.flush().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A welcome of a broker that knows the session and tells `properties`.
    fn welcome(properties: &[u8]) -> Welcome {
        let length = u8::try_from(properties.len()).unwrap();
        let mut bytes = BytesMut::from(&[0x20, length + 3, 1, 0, length][..]);
        bytes.extend_from_slice(properties);
        match Packet::read(&mut bytes, None).unwrap() {
            Packet::ConnAck(answer) => Welcome::of(&answer),
            other => panic!("{other:?} is no CONNACK"),
        }
    }

    #[test]
    fn a_broker_that_tells_nothing_gets_our_own_keep_alive() {
        let quiet = welcome(&[]);
        assert_eq!(quiet.keep_alive, options::KEEP_ALIVE);
        assert_eq!((quiet.resumed, quiet.receive_maximum), (true, u16::MAX));

        // Server keep alive 7 s, receive maximum 20, maximum packet size 1,000.
        let strict = welcome(&[0x13, 0, 7, 0x21, 0, 20, 0x27, 0, 0, 3, 0xE8]);
        assert_eq!(strict.keep_alive, Duration::from_secs(7));
        assert_eq!((strict.receive_maximum, strict.max_packet_bytes), (20, Some(1_000)));
    }
}
