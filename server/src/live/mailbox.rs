//! What one socket has still to be told: at most one glimpse per device, the latest.

use std::collections::HashMap;
use std::sync::Mutex;

use tokio::sync::Notify;

use super::Glimpse;
use crate::db::DeviceId;

/// Filled by the hub, emptied by one socket.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    /// Not yet taken. A newer glimpse of a device replaces the older one.
    waiting: Mutex<HashMap<DeviceId, Glimpse>>,
    /// Wakes the socket; one permit is enough because it takes everything at once.
    wake: Notify,
}

impl Mailbox {
    /// Leaves a glimpse; never waits.
    pub fn put(&self, device: DeviceId, glimpse: Glimpse) {
        self.waiting
            .lock()
            .expect("no panic under this lock")
            .insert(device, glimpse);
        self.wake.notify_one();
    }

    /// Forgets a device the socket must not hear of any more.
    pub fn forget(&self, device: DeviceId) {
        self.waiting.lock().expect("no panic under this lock").remove(&device);
    }

    /// Waits until there is something, then takes all of it.
    pub async fn take(&self) -> Vec<Glimpse> {
        loop {
            let taken = std::mem::take(&mut *self.waiting.lock().expect("no panic under this lock"));
            if !taken.is_empty() {
                return taken.into_values().collect();
            }
            self.wake.notified().await;
        }
    }
}
