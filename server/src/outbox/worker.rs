//! The worker: takes what is due, sends a few letters at a time, sleeps until the next one is due or somebody wakes it.

use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::carrier::Carrier;
use super::policy::{Policy, millis};
use crate::clock::Clock;
use crate::db::outbox::{self, Claim, Entry, Letter, State};
use crate::db::{Db, Trouble};
use crate::error::{Error, Result};
use crate::lifecycle::Lifecycle;

/// The worker looks this often even if nobody wakes it: another process may have written a letter.
const LOOK_AT_LEAST: Duration = Duration::from_secs(30);
/// A letter that is due by the clock but cannot be claimed is not asked about more often than this.
const LOOK_AT_MOST: Duration = Duration::from_millis(50);
/// Waits while the database is away.
const FIRST_OUTAGE_WAIT: Duration = Duration::from_millis(250);
const LONGEST_OUTAGE_WAIT: Duration = Duration::from_secs(10);
/// How often a claim is tried at once when another worker was in the way, and the ceiling of the first wait.
const CLAIM_TRIES: u32 = 6;
const CLAIM_WAIT_MS: u64 = 10;
/// Between two clearings of old letters.
const CLEAR_EVERY_MS: i64 = 60 * 60 * 1000;

/// The handle of running workers; cheap to clone. The default one is of workers in another process.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    wakes: Vec<Arc<Notify>>,
}

impl Outbox {
    /// There may be something to send: call it after the commit.
    pub fn wake(&self) {
        for wake in &self.wakes {
            wake.notify_one();
        }
    }

    /// Both of them.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.wakes.extend(other.wakes);
        self
    }
}

/// Starts sending what this carrier takes. The task ends with `lifecycle`, after giving letters under way a moment to
/// arrive. Each carrier has a worker of its own, so that none waits for another one's servers.
pub fn start(db: Db, clock: Clock, carrier: impl Into<Carrier>, lifecycle: &Lifecycle) -> Outbox {
    let worker = Worker::new(db, clock, carrier, Policy::default());
    let wake = Arc::new(Notify::new());
    lifecycle.spawn("outbox", worker.run(Arc::clone(&wake), lifecycle.child()));
    Outbox { wakes: vec![wake] }
}

/// The letters that were given up, the latest first.
pub async fn dead_letters(db: &Db, limit: usize) -> Result<Vec<Entry>> {
    outbox::list_entries(db, State::Dead, limit).await
}

/// Sends letters. [`start`] runs one; a test may also go step by step with [`Worker::work_off`]. Clones share nothing
/// but what they work with.
#[derive(Clone)]
pub struct Worker {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) carrier: Carrier,
    pub(super) policy: Policy,
}

/// Attempts, each a task of its own: one that waits for the database must go on while the worker itself waits for it,
/// or the pool would give its last connections to attempts that nobody drives.
type UnderWay = JoinSet<()>;

impl Worker {
    /// A worker that has not begun.
    pub fn new(db: Db, clock: Clock, carrier: impl Into<Carrier>, policy: Policy) -> Self {
        Self {
            db,
            clock,
            carrier: carrier.into(),
            policy,
        }
    }

    /// Tries everything that is due now, and returns how many letters that were.
    pub async fn work_off(&self) -> Result<usize> {
        let never = CancellationToken::new();
        let mut under_way = UnderWay::new();
        let mut tried = 0;
        loop {
            tried += self.take(&mut under_way, &never).await?;
            let Some(ended) = under_way.join_next().await else {
                return Ok(tried);
            };
            expect_no_panic(ended);
        }
    }

    /// Sends until `stop`.
    pub async fn run(self, wake: Arc<Notify>, stop: CancellationToken) {
        let give_up = CancellationToken::new();
        let mut under_way = UnderWay::new();
        let mut outage = None;
        let mut clear_at = self.clock.now();
        while !stop.is_cancelled() {
            let pause = match self.look(&mut under_way, &give_up, &mut clear_at).await {
                Ok(pause) => {
                    outage = None;
                    pause
                }
                Err(error) => {
                    if outage.is_none() {
                        tracing::warn!(%error, "the outbox cannot reach the database: letters wait");
                    }
                    let wait = outage.map_or(FIRST_OUTAGE_WAIT, |last: Duration| (last * 2).min(LONGEST_OUTAGE_WAIT));
                    *outage.insert(wait)
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                Some(ended) = under_way.join_next() => expect_no_panic(ended),
                () = wake.notified() => {}
                () = tokio::time::sleep(pause) => {
                    if under_way.is_empty() && pause == LOOK_AT_LEAST {
                        self.carrier.rest().await;
                    }
                }
            }
        }
        self.finish(under_way, &give_up).await;
    }

    /// Takes what is due and says how long nothing more will be.
    async fn look(
        &self,
        under_way: &mut UnderWay,
        give_up: &CancellationToken,
        clear_at: &mut Timestamp,
    ) -> Result<Duration> {
        let now = self.clock.now();
        if now >= *clear_at {
            self.clear(now).await?;
            *clear_at = now.plus_millis(CLEAR_EVERY_MS);
        }
        self.take(under_way, give_up).await?;
        if under_way.len() >= self.policy.at_once {
            // Whatever is due must wait for one of these to end.
            return Ok(LOOK_AT_LEAST);
        }
        let next = outbox::find_next_due(&self.db, self.carrier.channel()).await?;
        let pause_ms = next.map(|next| next.since(self.clock.now()).max(0));
        let pause = pause_ms.map(|ms| Duration::from_millis(ms.unsigned_abs()));
        Ok(pause.unwrap_or(LOOK_AT_LEAST).clamp(LOOK_AT_MOST, LOOK_AT_LEAST))
    }

    /// Claims as many due letters as may still be sent at once, and begins to send them.
    async fn take(&self, under_way: &mut UnderWay, give_up: &CancellationToken) -> Result<usize> {
        let room = self.policy.at_once.saturating_sub(under_way.len());
        if room == 0 {
            return Ok(0);
        }
        let now = self.clock.now();
        let due = outbox::list_due(&self.db, self.carrier.channel(), now, room).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let until = now.plus_millis(millis(self.policy.lease));
        let claim = Claim {
            name: format!("{:032x}", rand::random::<u128>()),
            until,
        };
        let letters = self.claim(due, &claim, now).await?;
        let taken = letters.len();
        for letter in letters {
            let (worker, claim, give_up) = (self.clone(), claim.clone(), give_up.clone());
            under_way.spawn(async move { worker.attempt(&letter, &claim, &give_up).await });
        }
        Ok(taken)
    }

    /// Where another worker claims at the same moment, MariaDB may choose us to give way: nothing is written then. We
    /// come back after a random wait, a few times, and leave the letters to the next look if that does not help.
    async fn claim(&self, due: Vec<i64>, claim: &Claim, now: Timestamp) -> Result<Vec<Letter>> {
        for attempt in 0..CLAIM_TRIES {
            match outbox::update_claimed(&self.db, due.clone(), claim, now).await {
                Err(Error::Db(error)) if Trouble::of(&error) == Trouble::Lock => {
                    let ceiling = CLAIM_WAIT_MS << attempt;
                    tokio::time::sleep(Duration::from_millis(rand::random_range(0..=ceiling))).await;
                }
                settled => return settled,
            }
        }
        Ok(Vec::new())
    }

    /// Lets mails under way arrive, but not for ever.
    async fn finish(&self, mut under_way: UnderWay, give_up: &CancellationToken) {
        let grace = tokio::time::sleep(self.policy.grace);
        tokio::pin!(grace);
        loop {
            tokio::select! {
                ended = under_way.join_next() => match ended {
                    Some(ended) => expect_no_panic(ended),
                    None => break,
                },
                () = &mut grace, if !give_up.is_cancelled() => give_up.cancel(),
            }
        }
        self.carrier.rest().await;
    }

    /// Forgets what nobody asks about any more.
    async fn clear(&self, now: Timestamp) -> Result<()> {
        for (state, keep) in [
            (State::Accepted, self.policy.keep_accepted),
            (State::Dead, self.policy.keep_dead),
        ] {
            let forgotten = outbox::delete_settled(&self.db, state, now.plus_millis(-millis(keep))).await?;
            if forgotten > 0 {
                tracing::info!(forgotten, ?state, "old letters cleared away");
            }
        }
        Ok(())
    }
}

/// A panic in an attempt is the worker's own, so that the lifecycle hears of it.
fn expect_no_panic(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        std::panic::resume_unwind(error.into_panic());
    }
}
