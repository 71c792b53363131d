//! Tells devices what is kept for them: again and again until they confirm it, and at once when they come back.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::serial::Serial;
use domain::time::Timestamp;
use domain::wire::command::Command;
use domain::wire::status::{self, Status};
use domain::wire::topic::{Leaf, Topic};
use tokio::sync::{Notify, mpsc};
use tokio::time::{MissedTickBehavior, interval};

use crate::clock::Clock;
use crate::db::errands::{self, Errand, Outcome};
use crate::db::{Db, DeviceId, RequestId};
use crate::error::Result;
use crate::ingest::{Committed, Intake, Listener, PresenceHint};
use crate::lifecycle::Lifecycle;
use crate::mqtt::{PublishOptions, Publisher};
use crate::replies::{Answer, Replies};

/// How late an errand may be noticed that nobody announces.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// As much as is done at once.
const HANDFUL: u32 = 50;
/// A device that does not answer is told again after this long, ms, and then ever more seldom.
pub(super) const FIRST_RETRY_MS: i64 = 15_000;
/// The longest wait between two attempts, ms.
const LONGEST_RETRY_MS: i64 = 3_600_000;
/// How often it is looked whether a device that is away is back, should nobody have said so, ms.
const AWAY_LOOK_MS: i64 = 60_000;
/// An attempt that has not reached its device by then is worthless, s: the next one is under way.
const EXPIRY_S: u32 = 60;

/// Hears who comes back; cheap to clone. Give one to the intake.
#[derive(Clone, Debug, Default)]
pub struct Courier(Arc<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    roll: Mutex<Roll>,
    wake: Notify,
}

/// Who is there. A device says so not only when it comes, but also when something of it has changed.
#[derive(Debug, Default)]
struct Roll {
    present: HashSet<DeviceId>,
    returned: HashSet<DeviceId>,
}

impl Listener for Courier {
    fn committed(&self, _batch: &[Committed]) {}

    fn presence(&self, hint: &PresenceHint) {
        let mut roll = self.roll();
        if hint.will_offline {
            roll.present.remove(&hint.device);
        } else if roll.present.insert(hint.device) {
            roll.returned.insert(hint.device);
            self.0.wake.notify_one();
        }
    }
}

impl Courier {
    fn roll(&self) -> MutexGuard<'_, Roll> {
        self.0.roll.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_returned(&self) -> HashSet<DeviceId> {
        std::mem::take(&mut self.roll().returned)
    }
}

/// Everything that errands are carried by; cheap to clone.
#[derive(Clone)]
pub struct Carrier {
    /// Where errands are kept.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Speaks to devices.
    pub publisher: Publisher,
    /// Where answers come in.
    pub replies: Replies,
    /// Takes what a device confirms.
    pub intake: Intake,
}

impl Carrier {
    /// Carries errands until the server stops.
    pub fn start(&self, courier: Courier, lifecycle: &Lifecycle) {
        let (carrier, stop) = (self.clone(), lifecycle.child());
        lifecycle.spawn("courier", async move {
            stop.run_until_cancelled(carrier.carry(courier)).await;
        });
        let (carrier, stop) = (self.clone(), lifecycle.child());
        if let Some(ledger) = self.replies.ledger() {
            lifecycle.spawn("errands' answers", async move {
                stop.run_until_cancelled(carrier.write_down(ledger)).await;
            });
        }
    }

    async fn carry(&self, courier: Courier) {
        let mut timer = interval(LOOK_EVERY);
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = courier.0.wake.notified() => {}
                _ = timer.tick() => {}
            }
            if let Err(error) = self.turn(&courier.take_returned()).await {
                tracing::debug!(%error, "errands wait for the database");
            }
        }
    }

    /// Does everything that is due.
    async fn turn(&self, returned: &HashSet<DeviceId>) -> Result<()> {
        let now = self.clock.now();
        let returned: Vec<_> = returned.iter().copied().collect();
        errands::update_returned(&self.db, &returned, now).await?;
        loop {
            let due = errands::list_due_errands(&self.db, now, HANDFUL).await?;
            for errand in &due {
                self.deliver(errand, now).await?;
            }
            if due.len() < HANDFUL as usize {
                return Ok(());
            }
        }
    }

    async fn deliver(&self, errand: &Errand, now: Timestamp) -> Result<()> {
        if errand.expires_at <= now {
            errands::update_settled(&self.db, errand.id, Outcome::Expired, None, now).await?;
            return Ok(());
        }
        if errand.is_away {
            errands::update_attempt(&self.db, errand, None, now.plus_millis(AWAY_LOOK_MS)).await?;
            return Ok(());
        }
        let request = RequestId::of_errand();
        let next_at = now.plus_millis(retry_ms(errand.attempts));
        if errands::update_attempt(&self.db, errand, Some(request), next_at).await? {
            // What cannot be sent now has its next attempt.
            let sent = self.publish(errand.serial, errand.command, request);
            metrics::counter!("templog_errands_sent_total", "sent" => if sent { "yes" } else { "no" }).increment(1);
        }
        Ok(())
    }

    /// Hands a command over for sending, if the broker can be reached.
    pub(super) fn publish(&self, serial: Serial, command: Command, request: RequestId) -> bool {
        let topic = Topic::new(serial, Leaf::Command(command.name())).to_string();
        let options = PublishOptions {
            at_least_once: true,
            expiry_s: Some(EXPIRY_S),
            retain: false,
            request: Some(request),
        };
        let payload = command.payload(Some(&request.to_string()));
        self.publisher.try_publish(topic, payload, options).is_ok()
    }

    async fn write_down(&self, mut ledger: mpsc::Receiver<Answer>) {
        while let Some(answer) = ledger.recv().await {
            if let Err(error) = self.settle(&answer).await {
                tracing::warn!(%error, serial = %answer.serial, "an answer was not written down: the device is told again");
            }
        }
    }

    /// Writes down what a device says of an errand. An interval it confirms is what it says of itself.
    pub(super) async fn settle(&self, answer: &Answer) -> Result<()> {
        let errand = errands::find_errand_of_request(&self.db, answer.request).await?;
        let Some(errand) = errand.filter(|errand| errand.serial == answer.serial) else {
            return Ok(());
        };
        let outcome = if answer.reply.ok {
            Outcome::Done
        } else {
            Outcome::Refused
        };
        let why = answer.reply.error.as_deref();
        errands::update_settled(&self.db, errand.id, outcome, why, self.clock.now()).await?;
        match errand.command {
            Command::Set { interval_s } if answer.reply.ok => self.confirm(&errand, interval_s).await,
            _ => Ok(()),
        }
    }

    /// Has the intake take over an interval, unless another one has been wanted since. Two instances may both do it.
    async fn confirm(&self, errand: &Errand, interval_s: u32) -> Result<()> {
        let latest = errands::find_latest_errand(&self.db, errand.device, errand.command.name()).await?;
        if latest.is_some_and(|latest| latest.id == errand.id) {
            let confirmed = Status {
                online: true,
                interval_s: Some(interval_s),
                ..Status::offline()
            };
            let payload = status::encode(&confirmed).into();
            self.intake.status(errand.serial, payload, false).await;
        }
        Ok(())
    }
}

fn retry_ms(attempts: u32) -> i64 {
    (FIRST_RETRY_MS << attempts.min(10)).min(LONGEST_RETRY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_device_that_was_away_comes_back() {
        let courier = Courier::default();
        let hint = |will_offline| PresenceHint {
            device: DeviceId(1),
            serial: Serial::from_bits(1),
            last_at: None,
            interval_s: 60,
            will_offline,
        };
        let mut returns = |will_offline| {
            courier.presence(&hint(will_offline));
            courier.take_returned().len()
        };
        assert_eq!([false, false, true, false, false].map(&mut returns), [1, 0, 0, 1, 0]);
    }

    #[test]
    fn a_device_that_does_not_answer_is_told_ever_more_seldom() {
        assert_eq!(retry_ms(0), 15_000);
        assert_eq!(retry_ms(1), 30_000);
        assert_eq!(retry_ms(u32::MAX), LONGEST_RETRY_MS);
    }
}
