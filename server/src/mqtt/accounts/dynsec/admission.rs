//! The adapter's own end: takes notice of changes, and waits a little for the broker.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::serial::Serial;
use tokio::sync::{Notify, watch};

use super::worker::Worker;
use crate::clock::Clock;
use crate::config::BrokerUrl;
use crate::db::Db;
use crate::db::provisions::is_pending;
use crate::duty::{self, Job};
use crate::lifecycle::Lifecycle;
use crate::mqtt::accounts::{AccountsState, Admission, Gatekeeper, Standing};
use crate::mqtt::door::Vault;

/// How long whoever made a change waits for the broker to have heard of it.
const PATIENCE: Duration = Duration::from_secs(5);

struct DynamicSecurity {
    db: Db,
    poke: Arc<Notify>,
    state: watch::Receiver<AccountsState>,
}

/// Starts to keep the broker's accounts.
pub(in crate::mqtt) fn start(url: &BrokerUrl, vault: Vault, clock: Clock, lifecycle: &Lifecycle) -> Gatekeeper {
    let Vault { db, seal } = vault;
    let (state, seen) = watch::channel(AccountsState::new(Standing::Comparing, clock.now()));
    let poke = Arc::new(Notify::new());
    // Also while the broker is away: when it is back, everything must be compared at once.
    let duty = duty::keep(&db, Job::Accounts, || true, lifecycle);
    let worker = Worker {
        db: db.clone(),
        seal,
        clock,
        url: url.clone(),
        poke: Arc::clone(&poke),
        state,
        duty,
    };
    let running = Box::pin(lifecycle.child().run_until_cancelled_owned(worker.run()));
    lifecycle.spawn("mqtt accounts", async { running.await.unwrap_or_default() });
    Gatekeeper::new(DynamicSecurity { db, poke, state: seen })
}

#[async_trait]
impl Admission for DynamicSecurity {
    /// Accounts are settled in the order they were made: when the last is, all are.
    async fn changed(&self, serials: &[Serial]) {
        let Some(last) = serials.last() else { return };
        self.poke.notify_one();
        let mut state = self.state.clone();
        let settled = async {
            while matches!(is_pending(&self.db, *last).await, Ok(true)) {
                if state.changed().await.is_err() {
                    return;
                }
            }
        };
        let standing = self.state.borrow().standing;
        let is_answering = !matches!(standing, Standing::ByHand | Standing::NoRights | Standing::Unreachable);
        if is_answering && tokio::time::timeout(PATIENCE, settled).await.is_err() {
            tracing::warn!(serial = %last, "the MQTT broker has not yet confirmed an account; it will be told again");
        }
    }

    fn state(&self) -> AccountsState {
        self.state.borrow().clone()
    }
}
