//! Cuts the connections that an old password had opened.

use std::sync::Arc;

use async_trait::async_trait;
use domain::serial::Serial;
use domain::time::Timestamp;
use mqtt5::broker::router::MessageRouter;

use crate::mqtt::accounts::{Accounts, AccountsState, Admission};

/// The embedded broker asks the store for every connection, so only what stands already has to be ended.
pub(super) struct Cutter {
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) router: Arc<MessageRouter>,
    pub(super) since: Timestamp,
}

#[async_trait]
impl Admission for Cutter {
    async fn changed(&self, serials: &[Serial]) {
        for serial in serials {
            self.accounts.forget(*serial);
            // The connection ends as soon as the router has let go of it.
            self.router.disconnect_client(serial.as_str()).await;
        }
    }

    fn state(&self) -> AccountsState {
        AccountsState::asks_us(self.since)
    }
}
