//! Starts the link's two tasks.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::actor::Actor;
use super::confirm;
use super::gate::Gate;
use super::inbound::Inbound;
use super::options::Options;
use crate::clock::Clock;
use crate::config::BrokerUrl;
use crate::error::Result;
use crate::lifecycle::Lifecycle;
use crate::mqtt::accounts::{Accounts, Asked, Gatekeeper, Oracle, dynsec};
use crate::mqtt::door::{Running, Takers, Vault};
use crate::mqtt::health::Report;
use crate::mqtt::publisher::Publisher;

/// Connects to the broker at `url`, now or as soon as it can be reached, and keeps its accounts.
///
/// # Errors
/// If TLS cannot be set up.
pub(in crate::mqtt) fn start(
    url: &BrokerUrl,
    accounts: Arc<dyn Accounts>,
    vault: Vault,
    takers: Takers,
    clock: Clock,
    lifecycle: &Lifecycle,
) -> Result<Running> {
    let options = Options::new(url)?;
    let gate = Gate::new();
    let (report, health) = Report::new(clock.now());
    let (unconfirmed, confirming) = confirm::channel();
    let inbound = Inbound {
        intake: takers.intake,
        replies: takers.replies,
        clock: clock.clone(),
        gate: gate.clone(),
        unconfirmed,
    };
    let actor = Actor {
        options,
        gate: gate.clone(),
        inbound,
        report,
        clock,
        ready_since: None,
        failures: 0,
    };

    let oracle = Oracle::new(Arc::clone(&accounts));
    let since = actor.clock.now();
    let gatekeeper = if url.asks_us {
        Gatekeeper::new(Asked { accounts, since })
    } else {
        dynsec::start(url, vault, actor.clock.clone(), lifecycle)
    };

    // Acknowledges as long as there is a link; what is not acknowledged by then comes again, and is known to be stored.
    let (stop, ended) = (lifecycle.child(), CancellationToken::new());
    let confirming = ended
        .clone()
        .run_until_cancelled_owned(confirm::run(gate.clone(), confirming));
    lifecycle.spawn("mqtt confirmations", async { confirming.await.unwrap_or_default() });
    lifecycle.spawn("mqtt link", async move {
        Box::pin(actor.run(stop)).await;
        ended.cancel();
    });
    Ok(Running {
        addr: None,
        publisher: Publisher::new(gate),
        health,
        gatekeeper,
        oracle,
    })
}
