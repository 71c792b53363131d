//! Puts the broker together and runs it until the server stops.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use mqtt5::broker::MqttBroker;

use super::attempts::Attempts;
use super::cutter::Cutter;
use super::doorkeeper::Doorkeeper;
use super::hook::Hook;
use super::roster::Roster;
use super::{outlet, settings};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::lifecycle::Lifecycle;
use crate::mqtt::accounts::{Accounts, Gatekeeper, Oracle};
use crate::mqtt::door::{Running, Takers};
use crate::mqtt::health::Report;
use crate::mqtt::publisher::Publisher;

/// Listens on `listen` and serves devices.
///
/// # Errors
/// If the address cannot be listened on.
pub(in crate::mqtt) async fn start(
    listen: SocketAddr,
    accounts: Arc<dyn Accounts>,
    takers: Takers,
    clock: Clock,
    lifecycle: &Lifecycle,
) -> Result<Running> {
    let roster = Arc::new(Roster::default());
    let hook = Arc::new(Hook {
        intake: takers.intake,
        replies: takers.replies,
        clock: clock.clone(),
        roster: Arc::clone(&roster),
        router: OnceLock::new(),
    });
    let doorkeeper = Doorkeeper {
        accounts: Arc::clone(&accounts),
        attempts: Attempts::default(),
        roster,
        clock: clock.clone(),
    };
    let broker = MqttBroker::with_config(settings::config(listen, Arc::clone(&hook) as Arc<_>))
        .await
        .map_err(|error| cannot_listen(listen, &error))?
        .with_auth_provider(Arc::new(doorkeeper));
    broker.resource_monitor().update_limits(settings::limits());
    hook.router
        .set(broker.router())
        .ok()
        .expect("the router is set once, here");

    let oracle = Oracle::new(Arc::clone(&accounts));
    let gatekeeper = Gatekeeper::new(Cutter {
        accounts,
        router: broker.router(),
        since: clock.now(),
    });
    let (outlet, messages) = outlet::channel();
    let deliver = lifecycle
        .child()
        .run_until_cancelled_owned(outlet::deliver(broker.router(), messages));
    lifecycle.spawn("mqtt delivery", async { deliver.await.unwrap_or_default() });
    let (report, health) = Report::new(clock.now());
    let addr = broker.local_addr();
    report.up(clock.now());
    lifecycle.spawn("mqtt broker", run(broker, report, clock, lifecycle.clone()));
    Ok(Running {
        addr,
        publisher: Publisher::new(outlet),
        health,
        gatekeeper,
        oracle,
    })
}

/// Serves until the server stops: then no new connection is accepted, and a connection whose reading is being
/// committed gets its PUBACK before it is closed.
async fn run(mut broker: MqttBroker, report: Report, clock: Clock, lifecycle: Lifecycle) {
    let stop = broker.shutdown_handle();
    let mut ready = broker.ready_receiver();
    let running = async {
        if let Err(error) = broker.run().await {
            tracing::error!(%error, "the embedded broker has failed");
            report.down(clock.now(), error.to_string());
        }
    };
    let stopping = async {
        lifecycle.cancelled().await;
        // A signal sent before the broker listens for it would be lost. An error means it has ended already.
        if ready.wait_for(|ready| *ready).await.is_ok() {
            stop.shutdown();
        }
    };
    tokio::join!(running, stopping);
    report.down(clock.now(), "stopped".to_owned());
}

fn cannot_listen(listen: SocketAddr, error: &mqtt5::MqttError) -> Error {
    Error::Config(format!("TEMPLOG_MQTT_LISTEN: cannot listen on {listen}: {error}"))
}
