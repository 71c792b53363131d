//! The one task that writes readings: gathers a batch, commits it, tells everybody.
//!
//! A batch is whatever has queued up while the last one was written, so it grows with the load by itself. Commits keep
//! [`PACE`] between them, because many small ones waste the processor; an idle intake commits at once.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Any;
use sqlx::pool::PoolConnection;
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

use super::backoff::Backoff;
use super::commit::commit;
use super::devices::Devices;
use super::health::IntakeHealth;
use super::message::Message;
use super::plan::Outcome;
use super::{Intake, Listener, Receipt};
use crate::alerts::Bell;
use crate::clock::Clock;
use crate::db::{Db, Trouble};
use crate::error::{Error, Result};
use crate::lifecycle::Lifecycle;

/// Readings after which a batch is full.
const FULL: u32 = 1000;
/// Messages taken from the queue at once.
const HANDFUL: usize = 1000;
/// The least time between two commits under load.
const PACE: Duration = Duration::from_millis(4);
/// A commit that takes longer has lost its database.
const ATTEMPT: Duration = Duration::from_secs(30);

/// Starts the intake. It ends after `lifecycle` was cancelled and everything queued is stored. Without a `bell` rules
/// are asked, but nobody is told.
pub fn start(
    db: Db,
    clock: Clock,
    bell: Option<Bell>,
    listeners: Vec<Arc<dyn Listener>>,
    lifecycle: &Lifecycle,
) -> Intake {
    let (sender, queue) = mpsc::unbounded_channel();
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let health = IntakeHealth::new();
    let committer = Committer {
        queue,
        health: health.clone(),
        pace,
        db,
        connection: None,
        devices: Devices::default(),
        bell,
        listeners,
        clock: clock.clone(),
        lifecycle: lifecycle.clone(),
    };
    lifecycle.spawn("ingest", committer.run());
    Intake::new(sender, health, clock)
}

struct Committer {
    queue: mpsc::UnboundedReceiver<Message>,
    health: IntakeHealth,
    /// Ticks at most once per [`PACE`]; at once if the last tick is long ago.
    pace: Interval,
    db: Db,
    /// Kept between commits for its prepared statements; `None` after trouble.
    connection: Option<PoolConnection<Any>>,
    devices: Devices,
    bell: Option<Bell>,
    listeners: Vec<Arc<dyn Listener>>,
    clock: Clock,
    lifecycle: Lifecycle,
}

impl Committer {
    async fn run(mut self) {
        loop {
            let batch = self.gather().await;
            if batch.is_empty() {
                return;
            }
            self.store(batch).await;
        }
    }

    /// The next batch; empty when the server stops and the queue has run dry.
    async fn gather(&mut self) -> Vec<Message> {
        let mut batch = Vec::new();
        let stop = self.lifecycle.clone();
        tokio::select! {
            biased;
            _ = self.queue.recv_many(&mut batch, HANDFUL) => {}
            () = stop.cancelled() => {
                self.queue.close();
                self.queue.recv_many(&mut batch, HANDFUL).await;
            }
        }
        let mut tick = pin!(self.pace.tick());
        while weight(&batch) < FULL {
            tokio::select! {
                biased;
                more = self.queue.recv_many(&mut batch, HANDFUL) => if more == 0 { break },
                _ = &mut tick => break,
            }
        }
        batch
    }

    /// Stores a batch for certain: whatever the database does, it is tried again. A message whose very values are
    /// refused is found by halving, and refused alone.
    async fn store(&mut self, batch: Vec<Message>) {
        let mut backoff = Backoff::default();
        loop {
            let error = match self.attempt(&batch).await {
                Ok(outcome) => {
                    self.health.set_stuck(false);
                    return self.tell(batch, outcome);
                }
                Err(error) => error,
            };
            match trouble(&error) {
                Trouble::Data if batch.len() == 1 => {
                    tracing::error!(%error, serial = %batch[0].serial, "a message cannot be stored: refused");
                    return refuse(batch);
                }
                Trouble::Data => {
                    tracing::error!(%error, messages = batch.len(), "a batch cannot be stored: looking for the cause");
                    let (first, second) = halves(batch);
                    Box::pin(self.store(first)).await;
                    return Box::pin(self.store(second)).await;
                }
                Trouble::Lock => backoff.after_lock().await,
                Trouble::Outage if self.lifecycle.is_cancelled() && backoff.is_exhausted() => {
                    tracing::error!(%error, messages = batch.len(), "stopped without a database: devices will send again");
                    return;
                }
                Trouble::Outage => {
                    self.health.set_stuck(true);
                    backoff.after_outage(&error).await;
                }
            }
        }
    }

    async fn attempt(&mut self, batch: &[Message]) -> Result<Outcome> {
        let began = self.clock.now();
        let done = timeout(ATTEMPT, self.commit(batch))
            .await
            .unwrap_or(Err(Error::Db(sqlx::Error::PoolTimedOut)));
        match &done {
            #[expect(clippy::cast_precision_loss, reason = "a commit takes few milliseconds")]
            Ok(_) => {
                metrics::histogram!("templog_commit_seconds").record(self.clock.now().since(began) as f64 / 1000.0);
            }
            Err(error) => {
                self.devices.forget();
                if trouble(error) == Trouble::Outage {
                    // Half a conversation may be left on it: never use it again.
                    drop(self.connection.take().map(PoolConnection::detach));
                }
            }
        }
        done
    }

    async fn commit(&mut self, batch: &[Message]) -> Result<Outcome> {
        if self.connection.is_none() {
            self.connection = Some(self.db.acquire_writer().await?);
        }
        let connection = self.connection.as_mut().ok_or(Error::Closed)?;
        commit(&self.db, connection, &mut self.devices, batch, self.bell.as_ref()).await
    }

    /// Listeners first: whoever has a receipt may rely on it that everybody has been told.
    fn tell(&self, batch: Vec<Message>, outcome: Outcome) {
        outcome.tally.publish();
        for listener in &self.listeners {
            if !outcome.committed.is_empty() {
                listener.committed(&outcome.committed);
            }
            for hint in &outcome.hints {
                listener.presence(hint);
            }
        }
        for (message, receipt) in batch.into_iter().zip(outcome.receipts) {
            // Whoever gave up waiting will send again, and hear that it is there.
            let _ = message.reply.send(receipt);
        }
    }
}

fn trouble(error: &Error) -> Trouble {
    match error {
        Error::Db(error) => Trouble::of(error),
        _ => Trouble::Data,
    }
}

fn weight(batch: &[Message]) -> u32 {
    batch.iter().map(|message| message.body.weight()).sum()
}

fn halves(mut batch: Vec<Message>) -> (Vec<Message>, Vec<Message>) {
    let second = batch.split_off(batch.len() / 2);
    (batch, second)
}

fn refuse(batch: Vec<Message>) {
    for message in batch {
        let _ = message.reply.send(Receipt::Refused("cannot be stored"));
    }
}
