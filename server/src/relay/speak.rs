//! Tells the others.

use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands as _, Client};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};

use super::CHANNEL;
use super::bulletin::{Bulletin, Name, News, Value};
use crate::ingest::{Committed, Listener, PresenceHint};
use crate::live::{DeviceView, Move};
use crate::replies::Answer;

/// Longer than this and the news is old: the others look it up.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the intake tells of every commit.
pub(super) struct Voice(pub(super) mpsc::Sender<News>);

impl Voice {
    fn say(&self, news: News) {
        if self.0.try_send(news).is_err() {
            metrics::counter!("templog_relay_dropped_total").increment(1);
        }
    }
}

impl Listener for Voice {
    fn committed(&self, batch: &[Committed]) {
        let values: Vec<_> = batch
            .iter()
            .filter_map(|committed| Some(Value::of(committed.device, &DeviceView::of_committed(committed)?)))
            .collect();
        if !values.is_empty() {
            self.say(News::Values(values));
        }
    }

    fn presence(&self, hint: &PresenceHint) {
        self.say(News::of_presence(hint));
    }
}

/// Publishes what there is to say, for ever. What cannot be said at once is left out.
pub(super) async fn run(
    client: Client,
    name: Name,
    mut waiting: mpsc::Receiver<News>,
    mut moves: broadcast::Receiver<Move>,
    mut answers: broadcast::Receiver<Answer>,
) {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE))
        .set_max_delay(PATIENCE);
    let Ok(mut redis) = ConnectionManager::new_lazy_with_config(client, config) else {
        tracing::error!("Redis cannot be used: open pages of other instances are up to date only by looking");
        return;
    };
    loop {
        let news = tokio::select! {
            news = waiting.recv() => match news {
                Some(news) => news,
                None => return,
            },
            moved = moves.recv() => match moved {
                Ok(Move::Here(people)) => News::of_moved(&people),
                // What another instance told us is known to all; what we missed, sockets find within their ping.
                Ok(Move::Elsewhere(_)) | Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            },
            answer = answers.recv() => match answer {
                Ok(answer) => News::of_answer(&answer),
                // Whoever waits for one of these is told that there was no answer.
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            },
        };
        let Ok(bytes) = serde_json::to_vec(&Bulletin { from: name, news }) else {
            continue;
        };
        if let Err(error) = redis.publish::<_, _, ()>(CHANNEL, bytes).await {
            metrics::counter!("templog_relay_dropped_total").increment(1);
            tracing::debug!(%error, "the other instances could not be told");
        }
    }
}
