//! What the pages ask for, answered from the store: the household of whoever asks, and no other. One file per noun.

mod accounts;
mod alarms;
mod alerts;
mod console;
mod families;
mod health;
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
use crate::listening::Listening;
use crate::products::Handover;
use crate::push::Herald;
use crate::vitals::Vitals;
use crate::ways::Ways;
use crate::zone;

/// Reads the store on behalf of pages. Nothing is cached here: a page shows what is stored.
pub struct ServerBackend {
    /// The store.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Since when devices can be heard.
    pub listening: Listening,
    /// Sessions.
    pub auth: Auth,
    /// Sign-up, passwords, addresses.
    pub accounts: Accounts,
    /// Ways in besides a password.
    pub ways: Ways,
    /// Who lives with which devices.
    pub family: Family,
    /// Products, and what happens when they change hands.
    pub handover: Handover,
    /// How everything is.
    pub vitals: Vitals,
    /// The API, described.
    pub api: Arc<[Operation]>,
    /// Reads the links in letters about alerts.
    pub links: AckLinks,
    /// Whom browsers are told to trust.
    pub herald: Herald,
}

impl Backend for ServerBackend {
    fn now(&self) -> i64 {
        self.clock.now().as_millis()
    }

    fn operations(&self) -> Vec<Operation> {
        self.api.to_vec()
    }

    fn zones(&self) -> Vec<String> {
        zone::list_names()
    }
}
