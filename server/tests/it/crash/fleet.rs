//! Twenty devices that together send 500 readings a second, each in a thread of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};

use super::device::{Device, Shared, Told};
use crate::doors::raw::BOTH;
use crate::doors::site::Sold;
use crate::harness::process::{PATIENCE, wait_for};

/// How many devices; with a reading every 40 ms each, 500 readings a second.
pub const DEVICES: usize = 20;

/// The devices, alive until dropped.
pub struct Fleet {
    devices: Vec<(Sold, Arc<Shared>, JoinHandle<()>)>,
}

impl Fleet {
    /// Brings the devices to life, half of them by each protocol version.
    pub fn start(address: SocketAddr, sold: &[Sold]) -> Self {
        let start = |(sold, level): (&Sold, _)| {
            let shared = Arc::new(Shared::default());
            let device = Device::new(sold.clone(), level, address, Arc::clone(&shared));
            (sold.clone(), shared, thread::spawn(move || device.live()))
        };
        Self {
            devices: sold.iter().zip(BOTH.into_iter().cycle()).map(start).collect(),
        }
    }

    /// What each device was told up to now.
    pub fn told(&self) -> Vec<(Sold, Told)> {
        self.devices
            .iter()
            .map(|(sold, shared, _)| (sold.clone(), shared.told().clone()))
            .collect()
    }

    /// How many readings the server has said to be stored.
    pub fn stored(&self) -> usize {
        self.devices
            .iter()
            .map(|(_, shared, _)| shared.told().stored.len())
            .sum()
    }

    /// Waits until the server has said of `more` more readings that they are stored.
    pub fn wait_stored(&self, more: usize) {
        let goal = self.stored() + more;
        assert!(
            wait_for(PATIENCE, || (self.stored() >= goal).then_some(())).is_some(),
            "no more readings are stored"
        );
    }

    /// Stops measuring, and waits until every reading is told to be stored.
    pub fn finish(&self) {
        for (_, shared, _) in &self.devices {
            shared.finish.store(true, Ordering::Relaxed);
        }
        let done = wait_for(PATIENCE, || {
            self.devices
                .iter()
                .all(|(_, _, thread)| thread.is_finished())
                .then_some(())
        });
        assert!(done.is_some(), "some readings are never acknowledged");
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for (_, shared, _) in &self.devices {
            shared.stop.store(true, Ordering::Relaxed);
        }
        for (_, _, thread) in self.devices.drain(..) {
            let ended = thread.join();
            assert!(ended.is_ok() || thread::panicking(), "a device has panicked");
        }
    }
}
