//! Since when devices can be heard. Silence before that moment is ours, not theirs.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::time::Timestamp;

/// Told by whoever watches the door and the store, asked by whoever is about to call a device offline; cheap to clone.
#[derive(Clone, Debug)]
pub struct Listening(Arc<AtomicI64>);

impl Listening {
    /// Listening begins now.
    pub fn from(now: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(now.as_millis())))
    }

    /// Since when devices can be heard.
    pub fn since(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }

    /// Until now nobody could be heard.
    pub fn heard_nothing(&self, now: Timestamp) {
        self.0.store(now.as_millis(), Ordering::Relaxed);
    }
}
