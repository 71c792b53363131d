//! A mail server that takes everything at once and remembers when it said so.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::clock;

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    pub to: String,
    /// When "250" was written.
    pub at: Instant,
}

/// Everything that was taken; listening until dropped.
pub struct Mailbox {
    taken: watch::Receiver<Vec<Taken>>,
    listening: tokio::task::AbortHandle,
}

impl Mailbox {
    /// Listens.
    ///
    /// # Errors
    /// If the port is taken.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("listening on {address}"))?;
        let (sender, taken) = watch::channel(Vec::new());
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sender = sender.clone();
                // Whoever hangs up in the middle has sent nothing.
                tokio::spawn(async move { _ = serve(stream, &sender).await });
            }
        });
        Ok(Self {
            taken,
            listening: listening.abort_handle(),
        })
    }

    /// How many mails were taken so far.
    pub fn count(&self) -> usize {
        self.taken.borrow().len()
    }

    /// Waits until something is true of all that was taken.
    ///
    /// # Errors
    /// If that takes longer than `patience`.
    pub async fn wait(&self, patience: Duration, enough: impl FnMut(&Vec<Taken>) -> bool) -> Result<Vec<Taken>> {
        let mut taken = self.taken.clone();
        let waited = tokio::time::timeout(patience, taken.wait_for(enough)).await;
        let count = self.count();
        Ok(waited.with_context(|| format!("only {count} mails came"))??.clone())
    }

    /// Waits for the next mail to somebody after the first `before` mails.
    ///
    /// # Errors
    /// If that takes longer than `patience`.
    pub async fn next_to(&self, to: &str, before: usize, patience: Duration) -> Result<Instant> {
        let find = |taken: &[Taken]| taken.iter().skip(before).find(|mail| mail.to == to).map(|mail| mail.at);
        let taken = self.wait(patience, |taken| find(taken).is_some()).await?;
        find(&taken).context("it was there a moment ago")
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn serve(stream: TcpStream, taken: &watch::Sender<Vec<Taken>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 bench ESMTP\r\n").await?;
    let (mut line, mut to) = (String::new(), String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "RCPT" => {
                let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
                inner.map_or("", |(address, _)| address).clone_into(&mut to);
                "250 ok\r\n"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                while line != ".\r\n" {
                    line.clear();
                    if stream.read_line(&mut line).await? == 0 {
                        return Ok(());
                    }
                }
                stream.write_all(b"250 2.0.0 taken\r\n").await?;
                let (to, at) = (to.clone(), clock::instant());
                taken.send_modify(|all| all.push(Taken { to, at }));
                continue;
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok\r\n",
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}
