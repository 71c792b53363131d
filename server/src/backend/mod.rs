//! What the pages ask for, answered from the store: the household of whoever asks, and no other. One file per noun.

mod rooms;

use app::backend::Backend;

use crate::clock::Clock;
use crate::db::Db;

/// Reads the store on behalf of pages.
pub struct ServerBackend {
    db: Db,
    clock: Clock,
}

impl ServerBackend {
    /// Nothing is cached here: a page shows what is stored.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }
}

impl Backend for ServerBackend {
    fn now(&self) -> i64 {
        self.clock.now().as_millis()
    }
}
