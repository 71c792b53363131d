//! The intake tells the hub what was committed, and the clock what was not.

use std::time::Duration;

use super::{DeviceView, Hub};
use crate::ingest::{Committed, Listener, PresenceHint};
use crate::lifecycle::Lifecycle;

/// How late a change of presence by mere silence may be told.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

impl Listener for Hub {
    fn committed(&self, batch: &[Committed]) {
        let view = |committed: &Committed| Some((committed.device, DeviceView::of_committed(committed)?));
        self.tell(batch.iter().filter_map(view));
    }

    fn presence(&self, hint: &PresenceHint) {
        self.adjust(hint.device, |view| {
            view.interval_s = hint.interval_s;
            view.will_offline = hint.will_offline;
        });
    }
}

impl Hub {
    /// Looks for devices that fell silent, until the server stops.
    pub async fn keep_sweeping(self, lifecycle: Lifecycle) {
        let mut timer = tokio::time::interval(SWEEP_EVERY);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = lifecycle.cancelled() => return,
                _ = timer.tick() => self.sweep(),
            }
        }
    }
}
