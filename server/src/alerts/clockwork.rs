//! What time alone brings about: hold times that run out, devices that fall silent, reminders.

use std::time::Duration;

use domain::alert::Input;
use domain::time::Timestamp;

use super::Bell;
use super::letter::Told;
use super::observe::observe_since;
use crate::clock::Clock;
use crate::db::alerts::{list_again, update_again};
use crate::db::notices::What;
use crate::db::rule_states::{list_due_devices, update_memories};
use crate::db::rules::find_terms;
use crate::db::states::lock_known;
use crate::db::{Db, DeviceId};
use crate::duty::{self, Job};
use crate::error::Result;
use crate::lifecycle::Lifecycle;
use crate::listening::Listening;

/// How late what time brings about may be noticed.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// As much as is done at once.
const HANDFUL: u32 = 100;

/// Looks at the clock for the rules.
#[derive(Clone)]
pub struct Clockwork {
    db: Db,
    clock: Clock,
    bell: Bell,
    listening: Listening,
}

/// Starts looking, in one of several servers: better in one that devices can reach. While `is_door_open` says that no
/// device can reach us, or what they say cannot be stored, none of them is missed.
pub fn start<F>(clockwork: Clockwork, is_door_open: F, lifecycle: &Lifecycle)
where
    F: Fn() -> bool + Clone + Send + Sync + 'static,
{
    let stop = lifecycle.child();
    let duty = duty::keep(&clockwork.db, Job::Clockwork, is_door_open.clone(), lifecycle);
    lifecycle.spawn("alert clockwork", async move {
        let mut timer = tokio::time::interval(LOOK_EVERY);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut trouble = false;
        while stop.run_until_cancelled(timer.tick()).await.is_some() {
            if !is_door_open() {
                clockwork.hear_nothing();
            }
            if !duty.is_mine() {
                continue;
            }
            match clockwork.turn().await {
                Ok(()) => trouble = false,
                Err(error) => {
                    clockwork.hear_nothing();
                    if !std::mem::replace(&mut trouble, true) {
                        tracing::warn!(%error, "rules that wait for a time wait for the database");
                    }
                }
            }
        }
    });
}

impl Clockwork {
    /// A clockwork that keeps `listening` true.
    pub const fn new(db: Db, clock: Clock, bell: Bell, listening: Listening) -> Self {
        Self {
            db,
            clock,
            bell,
            listening,
        }
    }

    /// Until now nobody could be heard.
    pub fn hear_nothing(&self) {
        self.listening.heard_nothing(self.clock.now());
    }

    /// Does everything that is due.
    pub async fn turn(&self) -> Result<()> {
        let now = self.clock.now();
        loop {
            let devices = list_due_devices(&self.db, now, HANDFUL).await?;
            for device in &devices {
                self.ask(*device, now).await?;
            }
            if devices.len() < HANDFUL as usize {
                break;
            }
        }
        while self.remind(now).await? == HANDFUL as usize {}
        Ok(())
    }

    /// Asks the rules of one device.
    async fn ask(&self, device: DeviceId, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin_write().await?;
        let mut known = lock_known(&mut tx, self.db.dialect(), &[device]).await?;
        let Some(known) = known.first_mut() else {
            return Ok(());
        };
        let news = observe_since(known, Input::Tick, now, self.listening.since());
        let changed: Vec<_> = known.rules.iter().filter(|rule| rule.changed).collect();
        update_memories(&mut tx, self.db.dialect(), &changed).await?;
        let rung = self.bell.ring(&mut tx, &news, now).await?;
        tx.commit().await?;
        if rung {
            self.bell.wake();
        }
        Ok(())
    }

    /// Says again what nobody has acknowledged. After a long stop it is said once, not once for every time missed.
    async fn remind(&self, now: Timestamp) -> Result<usize> {
        let mut tx = self.db.begin_write().await?;
        let due = list_again(&mut tx, self.db.dialect(), now, HANDFUL).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let mut again = Vec::with_capacity(due.len());
        for alert in &due {
            // As people want it now, which need not be as it was when the alert was told first.
            let terms = find_terms(&mut tx, alert.rule_id).await?;
            let repeat_s = terms.map_or(0, |terms| terms.repeat_s);
            let next = (repeat_s > 0).then(|| now.plus_millis(i64::from(repeat_s) * 1000));
            update_again(&mut tx, alert.id, next).await?;
            let Some(terms) = terms.filter(|terms| terms.repeat_s > 0) else {
                continue;
            };
            let told = Told {
                alert: alert.id,
                what: What::Again,
                terms,
            };
            again.push((alert.household, told));
        }
        self.bell.remind(&mut tx, again, now).await?;
        tx.commit().await?;
        self.bell.wake();
        Ok(due.len())
    }
}
