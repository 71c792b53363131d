//! A cable with faults: a TCP proxy between the server and one of its neighbours.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

/// What is wrong with the cable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    Clear,
    /// Every piece comes this much later.
    Late(Duration),
    /// Connections are reset, new ones too.
    Reset,
    /// Nothing passes; connections stand, and go on when the fault is over.
    Blackhole,
    /// The far end is gone without a word: connections stand, and never go on.
    HalfOpen,
    /// One byte a second.
    Trickle,
}

/// The proxy; it ends when dropped.
pub struct Wire {
    /// Where to connect instead.
    pub address: SocketAddr,
    fault: watch::Sender<Fault>,
    running: AbortHandle,
}

impl Wire {
    /// Leads to `target`.
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let (fault, seen) = watch::channel(Fault::Clear);
        let running = tokio::spawn(accept(listener, target, seen)).abort_handle();
        Self {
            address,
            fault,
            running,
        }
    }

    /// From now on it is like this.
    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn accept(listener: TcpListener, target: SocketAddr, fault: watch::Receiver<Fault>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        connections.spawn(carry(client, target, fault.clone()));
    }
}

/// One connection, from its first byte to its end.
async fn carry(mut client: TcpStream, target: SocketAddr, mut fault: watch::Receiver<Fault>) {
    let at_the_door = *fault.borrow();
    let ended_by = if matches!(at_the_door, Fault::Reset | Fault::HalfOpen) {
        at_the_door
    } else {
        let Ok(mut server) = TcpStream::connect(target).await else {
            return;
        };
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        let up = pump(from_client, to_server, fault.clone());
        let down = pump(from_server, to_client, fault.clone());
        tokio::select! {
            _ = async { tokio::join!(up, down) } => return,
            ended = fault.wait_for(|fault| matches!(fault, Fault::Reset | Fault::HalfOpen)) => match ended {
                Ok(ended) => *ended,
                Err(_) => return,
            },
        }
    };
    if ended_by == Fault::Reset {
        client.set_zero_linger().expect("a socket can be set up");
    } else {
        // Held open, and silent for ever.
        std::future::pending::<()>().await;
    }
}

/// Passes bytes on until their source ends.
async fn pump(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, mut fault: watch::Receiver<Fault>) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if deliver(&bytes[..count], &mut to, &mut fault).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}

async fn deliver(bytes: &[u8], to: &mut WriteHalf<'_>, fault: &mut watch::Receiver<Fault>) -> std::io::Result<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let now = *fault.borrow_and_update();
        let count = match now {
            Fault::Late(by) => {
                tokio::time::sleep(by).await;
                rest.len()
            }
            Fault::Trickle => {
                let second = tokio::time::sleep(Duration::from_secs(1));
                tokio::select! {
                    () = second => 1,
                    _ = fault.changed() => 0,
                }
            }
            Fault::Blackhole => {
                let _ = fault.changed().await;
                0
            }
            Fault::Clear | Fault::Reset | Fault::HalfOpen => rest.len(),
        };
        to.write_all(&rest[..count]).await?;
        rest = &rest[count..];
    }
    Ok(())
}
