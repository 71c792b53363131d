//! Takes connections and speaks HTTP/1.1 with them, and waits for nobody for ever.
//!
//! A peer that sends its request one letter a minute (slowloris) costs one connection and some memory, and one that
//! opens thousands costs us all of them. So heads must come in time, and nobody gets more connections than are left
//! for others ([`Seats`]). How long a whole request may take is in [`patience`](super::patience).

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service as _;

use super::client::Peer;
use super::seats::Seats;
use crate::auth::network_of;
use crate::config::TrustedProxies;

/// How long a request's head may take, counted from the first moment we wait for it: on a kept-alive connection that
/// is also how long it may stay idle.
pub const HEAD_PATIENCE: Duration = Duration::from_secs(30);
/// More than any browser sends, with all its cookies.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// Out of file descriptors: some connection must end first.
const BREATH: Duration = Duration::from_millis(200);

/// What we have for our peers.
#[derive(Debug, Clone)]
pub struct Hospitality {
    /// Those who are not counted, because they speak for others.
    pub proxies: TrustedProxies,
    /// How many connections each of the others gets.
    pub seats: Seats<IpAddr>,
    /// See [`HEAD_PATIENCE`].
    pub head_patience: Duration,
}

impl Hospitality {
    /// As much as this process can bear.
    pub fn new(proxies: TrustedProxies) -> Self {
        Self {
            proxies,
            seats: Seats::for_this_process(),
            head_patience: HEAD_PATIENCE,
        }
    }
}

/// Serves until `stop`, then until the requests under way are answered.
pub async fn serve(listener: TcpListener, router: Router, hospitality: Hospitality, stop: CancellationToken) {
    let connections = TaskTracker::new();
    let Hospitality {
        proxies,
        seats,
        head_patience,
    } = hospitality;
    while let Some((stream, peer)) = stop.run_until_cancelled(accept(&listener)).await {
        // Everybody comes through the proxies: they are counted by who they speak for, further inside.
        let counted: Option<IpAddr> = (!proxies.contains(peer.ip())).then(|| network_of(peer.ip()));
        let seat = counted.map(|network| seats.take(network));
        if matches!(seat, Some(None)) {
            metrics::counter!("templog_http_connections_refused_total").increment(1);
            continue;
        }
        let (router, stop) = (router.clone(), stop.clone());
        connections.spawn(async move {
            converse(stream, peer, router, head_patience, stop).await;
            drop(seat);
        });
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_the_peer(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken for the moment");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

fn is_of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Answers the requests of one connection.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    head_patience: Duration,
    stop: CancellationToken,
) {
    // Live news are small and must not wait for more.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().call(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_patience)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection ended badly");
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn start(seats: usize, head_patience: Duration) -> (SocketAddr, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let hospitality = Hospitality {
            proxies: TrustedProxies::default(),
            seats: Seats::new(seats),
            head_patience,
        };
        let stop = CancellationToken::new();
        let router = Router::new().route("/", get(async || "hello"));
        tokio::spawn(serve(listener, router, hospitality, stop.clone()));
        (addr, stop)
    }

    /// Sends this and reads until the other side hangs up.
    async fn say(addr: SocketAddr, text: &str) -> String {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let reading = stream.read_to_string(&mut answer);
        let _ = tokio::time::timeout(Duration::from_secs(20), reading)
            .await
            .expect("the other side hangs up");
        answer
    }

    #[tokio::test]
    async fn whoever_does_not_finish_a_head_in_time_is_let_go_of() {
        let (addr, _stop) = start(100, Duration::from_millis(50)).await;
        for unfinished in ["", "GET", "GET / HTTP/1.1\r\nHost: x\r\n", "GET / HTTP/1.1\r\nX: "] {
            let answer = say(addr, unfinished).await;
            assert!(!answer.contains("hello"), "{unfinished:?}: {answer}");
        }
        let patient = say(addr, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(
            patient.contains("hello"),
            "an idle connection ends after its answer: {patient}"
        );
    }

    #[tokio::test]
    async fn a_head_that_never_ends_is_refused() {
        let (addr, _stop) = start(100, HEAD_PATIENCE).await;
        let answer = say(
            addr,
            &format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(100_000)),
        )
        .await;
        assert!(!answer.contains("hello"), "{answer}");
    }

    #[tokio::test]
    async fn one_address_cannot_hold_all_connections() {
        let (addr, _stop) = start(8, HEAD_PATIENCE).await;
        let mut held = Vec::new();
        for _ in 0..8 {
            held.push(TcpStream::connect(addr).await.unwrap());
        }
        // Four are kept; the others are closed without a word.
        for stream in &mut held[4..] {
            assert_eq!(stream.read(&mut [0; 8]).await.unwrap_or(0), 0);
        }
        held.drain(..4);
        let answer = say(addr, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert!(answer.is_empty() || answer.contains("hello"), "{answer}");
    }

    #[tokio::test]
    async fn stopping_lets_what_is_under_way_be_answered_and_idle_ones_go() {
        let (addr, stop) = start(8, HEAD_PATIENCE).await;
        let idle = tokio::spawn(say(addr, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        let _answered = say(addr, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        stop.cancel();
        assert!(idle.await.unwrap().contains("hello"));
        assert!(TcpStream::connect(addr).await.is_err(), "nobody new is taken");
    }
}
