//! What every handler may reach.

use std::sync::Arc;

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use metrics_exporter_prometheus::PrometheusHandle;

use super::edition::Edition;
use super::metrics::install_metrics;
use super::socket::SocketSeats;
use super::throttle::Throttle;
use crate::accounts::Accounts;
use crate::alerts::Bell;
use crate::auth::{Auth, OperatorToken};
use crate::claims::ClaimLimits;
use crate::clock::Clock;
use crate::commands::Commander;
use crate::config::Config;
use crate::db::Db;
use crate::family::Family;
use crate::live::Live;
use crate::mqtt::{Health, Oracle, Running};
use crate::outbox::Outbox;
use crate::products::Handover;
use crate::push::Herald;
use crate::seal::Seal;
use crate::vitals::Vitals;
use crate::ways::Ways;

/// Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// As started.
    pub config: Arc<Config>,
    /// The store.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Who is asking.
    pub auth: Auth,
    /// Sockets and what they are told.
    pub live: Live,
    /// Products, and what happens when they change hands.
    pub handover: Handover,
    /// Counts wrong claim codes.
    pub claim_limits: Arc<ClaimLimits>,
    /// Has devices do things.
    pub commander: Commander,
    /// Whether readings come in.
    pub broker: Health,
    /// Who may do what there.
    pub oracle: Oracle,
    /// What a broker that asks shows.
    pub broker_token: Option<OperatorToken>,
    /// Hides what forms carry over a redirect.
    pub seal: Seal,
    /// Sign-up, passwords, addresses.
    pub accounts: Accounts,
    /// Sends letters; to be woken after a commit that wrote one.
    pub outbox: Outbox,
    /// Who lives with which devices.
    pub family: Family,
    /// Tells people what happens at home.
    pub bell: Bell,
    /// Takes messages to browsers.
    pub herald: Herald,
    /// Ways in besides a password.
    pub ways: Ways,
    /// How everything is.
    pub vitals: Vitals,
    /// What `/metrics` prints.
    pub metrics: PrometheusHandle,
    /// Who holds how many sockets.
    pub sockets: SocketSeats,
    /// Who asks too much.
    pub throttle: Throttle,
    /// Which files for the browser these are.
    pub edition: Edition,
    /// Where the files for the browser are, as the page renderer wants to know it.
    pub leptos: LeptosOptions,
}

impl AppState {
    /// Gathers what was built.
    pub fn new(
        config: Config,
        live: Live,
        (door, commander): (&Running, Commander),
        handover: Handover,
        (bell, herald): (Bell, Herald),
        (accounts, ways): (Accounts, Ways),
    ) -> Self {
        let family = Family {
            db: live.db.clone(),
            clock: live.clock.clone(),
            outbox: bell.outbox().clone(),
            hub: live.hub.clone(),
            public_url: config.public_url.clone(),
        };
        let vitals = Vitals {
            db: live.db.clone(),
            clock: live.clock.clone(),
            intake: live.intake.clone(),
            door: door.health.clone(),
            relay: live.relay.clone(),
            hub: live.hub.clone(),
        };
        let edition = Edition::of(&config.site_dir);
        Self {
            family,
            vitals,
            db: live.db.clone(),
            clock: live.clock.clone(),
            auth: live.auth.clone(),
            metrics: install_metrics(),
            sockets: SocketSeats::for_this_process(),
            throttle: Throttle::new(live.auth.shared_limits()),
            leptos: leptos_options(&config, &edition),
            edition,
            broker_token: config.mqtt_auth_token.as_ref().map(OperatorToken::new),
            seal: ways.seal().clone(),
            config: Arc::new(config),
            claim_limits: Arc::new(ClaimLimits::new(live.auth.shared_limits())),
            live,
            handover,
            broker: door.health.clone(),
            oracle: door.oracle.clone(),
            commander,
            accounts,
            outbox: bell.outbox().clone(),
            bell,
            herald,
            ways,
        }
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

/// The renderer's options for the files in `site_dir`.
fn leptos_options(config: &Config, edition: &Edition) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name("templog")
        .site_root(config.site_dir.to_string_lossy().into_owned())
        .site_pkg_dir(edition.package())
        .site_addr(config.http_addr)
        .build()
}
