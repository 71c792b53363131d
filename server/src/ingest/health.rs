//! How the intake is: what `/readyz` and the operator are told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Semaphore;

use super::intake::ROOM;

/// Reads how the intake is; cheap to clone.
#[derive(Clone, Debug)]
pub struct IntakeHealth {
    is_stuck: Arc<AtomicBool>,
    room: Arc<Semaphore>,
}

impl IntakeHealth {
    pub(super) fn new() -> Self {
        Self {
            is_stuck: Arc::default(),
            room: Arc::new(Semaphore::new(ROOM)),
        }
    }

    /// Whether the database has not taken what was given to it last: it is away, or its disk is full.
    pub fn is_stuck(&self) -> bool {
        self.is_stuck.load(Ordering::Relaxed)
    }

    /// Readings that wait or are in the making.
    pub fn waiting(&self) -> usize {
        ROOM - self.room.available_permits()
    }

    pub(super) fn set_stuck(&self, is_stuck: bool) {
        self.is_stuck.store(is_stuck, Ordering::Relaxed);
    }

    /// What bounds the queue.
    pub(super) fn room(&self) -> &Arc<Semaphore> {
        &self.room
    }
}
