//! What the pages ask for, answered from the store: the household of whoever asks, and no other. One file per noun.

mod accounts;
mod alerts;
mod console;
mod families;
mod history;
mod rooms;
mod sign_in_ways;
mod tokens;

use std::sync::Arc;

use app::api::operations::Operation;
use app::backend::Backend;

use crate::accounts::Accounts;
use crate::alerts::AckLinks;
use crate::auth::Auth;
use crate::clock::Clock;
use crate::db::Db;
use crate::family::Family;
use crate::products::Handover;
use crate::ways::Ways;

/// Reads the store on behalf of pages.
pub struct ServerBackend {
    db: Db,
    clock: Clock,
    auth: Auth,
    accounts: Accounts,
    ways: Ways,
    family: Family,
    handover: Handover,
    api: Arc<[Operation]>,
    links: AckLinks,
}

impl ServerBackend {
    /// Nothing is cached here: a page shows what is stored.
    pub fn new(
        handover: Handover,
        clock: Clock,
        auth: Auth,
        accounts: Accounts,
        ways: Ways,
        family: Family,
        links: AckLinks,
        api: Arc<[Operation]>,
    ) -> Self {
        Self {
            db: handover.shop.db().clone(),
            handover,
            clock,
            auth,
            accounts,
            ways,
            family,
            api,
            links,
        }
    }
}

impl Backend for ServerBackend {
    fn now(&self) -> i64 {
        self.clock.now().as_millis()
    }

    fn operations(&self) -> Vec<Operation> {
        self.api.to_vec()
    }
}
