//! The listener that notes what was stored, and the task that tells it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::time::Timestamp;
use domain::wire::ack;
use domain::wire::topic::{Leaf, Topic};
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval};

use super::due::Due;
use crate::clock::Clock;
use crate::ingest::{Committed, Listener, PresenceHint};
use crate::mqtt::counters;
use crate::mqtt::publisher::{PublishOptions, Publisher};

const TICK: Duration = Duration::from_millis(100);

/// Acknowledges stored readings to their devices. Give one handle to the intake and another to the door.
#[derive(Debug, Default)]
pub struct AckSender {
    /// Written by the intake after each commit, emptied by the task.
    due: Mutex<Due>,
    /// Wakes the task when somebody's turn is now.
    wake: Notify,
}

impl AckSender {
    /// A sender that only takes notes until its task runs.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Tells devices, for ever, and what time it is by `clock`: some have nobody else to ask.
    pub(in crate::mqtt) async fn run(self: Arc<Self>, publisher: Publisher, clock: Clock) {
        let mut timer = interval(TICK);
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if self.due().is_idle() {
                self.wake.notified().await;
            } else {
                tokio::select! {
                    () = self.wake.notified() => {}
                    _ = timer.tick() => self.due().tick(),
                }
            }
            self.tell(&publisher, clock.now());
        }
    }

    fn tell(&self, publisher: &Publisher, now: Timestamp) {
        let messages = self.due().take_turns();
        let mut sent = 0;
        for (serial, ack) in messages {
            let topic = Topic::new(serial, Leaf::Ack).to_string();
            // What cannot be sent stays noted and has its turn a second later.
            if publisher
                .try_publish(topic, ack::encode_at(&ack, now), PublishOptions::default())
                .is_ok()
            {
                self.due().sent(serial, &ack);
                sent += 1;
            }
        }
        counters::acks_sent(sent);
    }

    fn due(&self) -> MutexGuard<'_, Due> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener for AckSender {
    fn committed(&self, batch: &[Committed]) {
        let mut due = self.due();
        let mut wake = false;
        for reading in batch {
            if let Some(id) = reading.id {
                wake |= due.note(reading.serial, id);
            }
        }
        drop(due);
        if wake {
            self.wake.notify_one();
        }
    }

    fn presence(&self, _hint: &PresenceHint) {}
}
