//! Jobs that one of several servers does: each is held under a lease in the database, renewed long before it ends, given
//! up by a server that stops, and taken over from one that died.
//!
//! A holder counts from before it asked, by its own steady clock, and the database from when it answered, by its own:
//! so a holder that hears no more of the database stops before anybody else may begin, whatever the clocks say.
//! Letters need none of this: each is claimed for itself (`db/outbox/queue.rs`).

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::db::Db;
use crate::db::leases::{update_lease, update_released};
use crate::lifecycle::Lifecycle;

/// A lease is renewed as many times before it would end.
const RENEWALS: u32 = 4;

/// A job for one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Rules that wait for a time.
    Clockwork,
    /// Deleting what is too old.
    Retention,
    /// Keeping the accounts of the broker.
    Accounts,
}

impl Job {
    /// As the database calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clockwork => "clockwork",
            Self::Retention => "retention",
            Self::Accounts => "accounts",
        }
    }

    /// How long it stays with a server that has died. Nobody waits for what is done every hour.
    pub const fn term(self) -> Duration {
        match self {
            Self::Clockwork | Self::Accounts => Duration::from_secs(10),
            Self::Retention => Duration::from_mins(1),
        }
    }
}

/// Tells whether a job is this server's; cheap to clone.
#[derive(Clone, Debug)]
pub struct Duty(watch::Receiver<Option<Instant>>);

impl Duty {
    /// Whether the job is ours now.
    pub fn is_mine(&self) -> bool {
        is_running(*self.0.borrow())
    }

    /// Resolves as soon as the job is ours.
    pub async fn begins(&self) {
        let mut until = self.0.clone();
        if until.wait_for(|until| is_running(*until)).await.is_err() {
            // The keeper has ended with the server.
            std::future::pending::<()>().await;
        }
    }

    /// Resolves as soon as the job is not ours any more.
    pub async fn ends(&self) {
        let mut held = self.0.clone();
        loop {
            let Some(until) = *held.borrow_and_update() else { return };
            tokio::select! {
                () = sleep_until(until) => if !self.is_mine() { return },
                // Without a keeper nobody renews it.
                told = held.changed() => if told.is_err() { return sleep_until(until).await },
            }
        }
    }
}

fn is_running(until: Option<Instant>) -> bool {
    until.is_some_and(|until| Instant::now() < until)
}

/// Takes and renews the lease of one job.
pub struct Keeper<F> {
    db: Db,
    job: Job,
    holder: String,
    term: Duration,
    /// Whether this server can do the job well now.
    is_fit: F,
    until: watch::Sender<Option<Instant>>,
}

/// Tries for a job until the server stops. A server that is not `is_fit` for it keeps it no longer than it has to, and
/// takes it only if nobody else does.
pub fn keep(db: &Db, job: Job, is_fit: impl Fn() -> bool + Send + Sync + 'static, lifecycle: &Lifecycle) -> Duty {
    let (keeper, duty) = Keeper::new(db.clone(), job, job.term(), is_fit);
    lifecycle.spawn("duty", keeper.run(lifecycle.child()));
    duty
}

impl<F: Fn() -> bool> Keeper<F> {
    /// One that has not begun.
    pub fn new(db: Db, job: Job, term: Duration, is_fit: F) -> (Self, Duty) {
        let (until, duty) = watch::channel(None);
        let holder = format!("{:032x}", rand::random::<u128>());
        let keeper = Self {
            db,
            job,
            holder,
            term,
            is_fit,
            until,
        };
        (keeper, Duty(duty))
    }

    /// Tries until `stop`, and then leaves the job to others.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            self.look().await;
            let pause = tokio::time::sleep(self.term / RENEWALS);
            stop.run_until_cancelled(pause).await;
        }
        let was_mine = is_running(self.until.send_replace(None));
        if was_mine && let Err(error) = update_released(&self.db, self.job.name(), &self.holder).await {
            tracing::debug!(%error, job = self.job.name(), "a job is free only when its lease ends");
        }
    }

    async fn look(&self) {
        let is_fit = (self.is_fit)();
        let is_mine = is_running(*self.until.borrow());
        if is_mine && !is_fit {
            return;
        }
        let idle = if is_fit { Duration::ZERO } else { self.term };
        let asked_at = Instant::now();
        let answer = update_lease(&self.db, self.job.name(), &self.holder, self.term, idle);
        match timeout(self.term / 2, answer).await {
            Ok(Ok(true)) => {
                if !is_mine {
                    tracing::info!(job = self.job.name(), "this instance does it from now on");
                }
                self.until.send_replace(Some(asked_at + self.term));
            }
            Ok(Ok(false)) => {
                self.until.send_replace(None);
            }
            // Without an answer it stays ours until it ends.
            Ok(Err(error)) => tracing::debug!(%error, job = self.job.name(), "the lease could not be renewed"),
            Err(_) => tracing::debug!(job = self.job.name(), "the lease could not be renewed in time"),
        }
    }
}
