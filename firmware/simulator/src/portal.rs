//! The page of a new device on this machine: the board's own code behind an ordinary socket.

use std::net::SocketAddr;

use ::portal::{Answer, MAX_REQUEST_BYTES, Network, Portal, Request};
use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Duration, timeout};
use tokio_util::sync::CancellationToken;

/// A browser that says nothing for so long is let go.
const PATIENCE: Duration = Duration::from_secs(8);

/// Networks as a flat hears them: a loud one, the neighbours', an open one, and a name that nobody should trust.
fn heard() -> Vec<Network> {
    let networks = [
        ("우리집 와이파이", -48, true),
        ("iptime_5G", -63, true),
        ("카페 손님용", -71, false),
        ("<b>neighbour</b>", -86, true),
    ];
    networks
        .into_iter()
        .map(|(ssid, rssi, locked)| Network {
            ssid: ssid.to_owned(),
            rssi,
            locked,
        })
        .collect()
}

/// Serves the page until told to stop; says where, and what was entered.
pub async fn run(listen: SocketAddr, stop: CancellationToken) -> Result<()> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let host = listener.local_addr()?.to_string();
    println!("http://{host}/");
    let portal = Portal::new(&host, heard(), None);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return Ok(()),
        };
        let (socket, _) = accepted?;
        match timeout(PATIENCE, serve(socket, &portal)).await {
            Ok(Ok(Some(Answer {
                settings: Some(settings),
                ..
            }))) => println!("{settings:?}"),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a browser went away"),
            Err(_) => tracing::warn!("a browser said nothing"),
        }
    }
}

/// Answers one request, as the board does: one connection, one answer.
async fn serve(mut socket: TcpStream, portal: &Portal) -> Result<Option<Answer>> {
    let mut bytes = Vec::new();
    let request = loop {
        if socket.read_buf(&mut bytes).await? == 0 || bytes.len() > MAX_REQUEST_BYTES {
            return Ok(None);
        }
        match Request::read(&bytes) {
            Ok(Some(request)) => break request,
            Ok(None) => {}
            Err(_) => return Ok(None),
        }
    };
    let answer = portal.answer(&request);
    socket.write_all(&answer.bytes).await?;
    socket.shutdown().await?;
    Ok(Some(answer))
}
