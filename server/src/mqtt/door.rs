//! Opens the door the operator chose.

use std::net::SocketAddr;
use std::sync::Arc;

use super::accounts::{Accounts, Gatekeeper, Oracle};
use super::acks::AckSender;
use super::health::Health;
use super::publisher::Publisher;
use super::{broker, link};
use crate::clock::Clock;
use crate::config::MqttConfig;
use crate::db::Db;
use crate::error::Result;
use crate::ingest::Intake;
use crate::lifecycle::Lifecycle;
use crate::replies::Replies;
use crate::seal::Seal;

/// What both MQTT crates may write to the log: they warn once or twice about every bad connection, and strangers
/// must not be able to fill a disk. What matters of it is counted, or logged by this module.
pub const LOG_FILTER: &str = "mqtt5=error,mqtt5_protocol=error,rumqttc=error";

/// An open door. It closes with the [`Lifecycle`] it was started with.
pub struct Running {
    /// Where devices connect, if the broker is ours; tells the port if port 0 was asked for.
    pub addr: Option<SocketAddr>,
    /// Speaks to devices.
    pub publisher: Publisher,
    /// Whether messages come in.
    pub health: Health,
    /// Told when credentials change.
    pub gatekeeper: Gatekeeper,
    /// Answers a broker that asks who may do what.
    pub oracle: Oracle,
}

/// Who takes what devices say.
#[derive(Clone)]
pub struct Takers {
    /// Readings, and what devices say of themselves.
    pub intake: Intake,
    /// Answers to commands.
    pub replies: Replies,
}

/// Where a broker outside learns of devices: the store, and what opens the passwords in it.
pub struct Vault {
    /// The store.
    pub db: Db,
    /// Opens the passwords.
    pub seal: Seal,
}

/// Opens the door, and sends `acks` through it. `accounts` decide who may connect to the embedded broker, and to one
/// outside that asks; any other has its own, which are filled from the `vault`.
///
/// # Errors
/// If the embedded broker cannot listen, or TLS cannot be set up. A broker outside that cannot be reached is no
/// error: it is tried again for ever, and [`Running::health`] tells.
pub async fn start(
    config: &MqttConfig,
    accounts: Arc<dyn Accounts>,
    vault: Vault,
    takers: Takers,
    acks: Arc<AckSender>,
    clock: Clock,
    lifecycle: &Lifecycle,
) -> Result<Running> {
    let running = match config {
        MqttConfig::Embedded { listen } => broker::start(*listen, accounts, takers, clock.clone(), lifecycle).await?,
        MqttConfig::Link(url) => link::start(url, accounts, vault, takers, clock.clone(), lifecycle)?,
    };
    let tell = lifecycle
        .child()
        .run_until_cancelled_owned(acks.run(running.publisher.clone(), clock));
    lifecycle.spawn("acks", async { tell.await.unwrap_or_default() });
    Ok(running)
}
