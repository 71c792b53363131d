//! Hears the others, and looks for itself while it cannot.

use std::convert::Infallible;
use std::time::Duration;

use futures_util::StreamExt as _;
use redis::{Client, ErrorKind, RedisError, RedisResult};
use tokio::sync::watch;
use tokio::time::{interval, sleep, timeout};

use super::bulletin::{Bulletin, Name};
use super::look_up::look_up;
use super::{CHANNEL, Standing};
use crate::db::Db;
use crate::live::Hub;
use crate::replies::Replies;

/// How often Redis is tried, and watched devices are looked up, while it is away.
const RETRY_EVERY: Duration = Duration::from_secs(2);
/// How often the connection is asked whether it is still there.
const PING_EVERY: Duration = Duration::from_secs(2);
/// An answer that takes longer does not come.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who is told what the others say.
pub(super) struct Ears {
    pub(super) hub: Hub,
    pub(super) replies: Replies,
    pub(super) db: Db,
}

/// Listens for ever.
pub(super) async fn run(client: Client, name: Name, ears: Ears, standing: watch::Sender<Standing>) {
    loop {
        let Err(error) = listen(&client, name, &ears, &standing).await;
        if standing.send_replace(Standing::Unreachable) == Standing::Connected {
            tracing::warn!(%error, "Redis is away: watched devices are looked up in the database");
        }
        look_up(&ears.db, &ears.hub).await;
        sleep(RETRY_EVERY).await;
    }
}

/// One connection, until it breaks.
async fn listen(
    client: &Client,
    name: Name,
    ears: &Ears,
    standing: &watch::Sender<Standing>,
) -> RedisResult<Infallible> {
    let connection = in_time(client.get_async_pubsub()).await?;
    let (mut sink, mut messages) = connection.split();
    in_time(sink.subscribe(CHANNEL)).await?;
    standing.send_replace(Standing::Connected);
    tracing::info!("connected to Redis");
    // Whatever was said before we listened.
    look_up(&ears.db, &ears.hub).await;
    let mut pings = interval(PING_EVERY);
    loop {
        tokio::select! {
            message = messages.next() => {
                let message = message.ok_or_else(|| broken("Redis closed the connection"))?;
                hear(message.get_payload_bytes(), name, ears);
            }
            _ = pings.tick() => in_time(sink.ping::<()>()).await?,
        }
    }
}

/// Passes on what another instance says. What cannot be read is from a newer one, and is found by looking.
fn hear(payload: &[u8], name: Name, ears: &Ears) {
    match serde_json::from_slice::<Bulletin>(payload) {
        Ok(bulletin) if bulletin.from == name => {}
        Ok(bulletin) => bulletin.news.tell(&ears.hub, &ears.replies),
        Err(error) => tracing::debug!(%error, "a message on the channel was not understood"),
    }
}

async fn in_time<T>(answer: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    timeout(PATIENCE, answer)
        .await
        .unwrap_or_else(|_| Err(broken("Redis does not answer")))
}

fn broken(what: &'static str) -> RedisError {
    (ErrorKind::Io, what).into()
}
