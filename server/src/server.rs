//! The composition root: builds every part, runs them, and ends them in the right order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::accounts::Accounts;
use crate::alerts::Bell;
use crate::alerts::clockwork::{self, Clockwork};
use crate::auth::Auth;
use crate::clock::Clock;
use crate::commands::{Carrier, Commander, Courier};
use crate::config::{Config, SecretKey, TrustedProxies};
use crate::db::{Db, wrong_address};
use crate::error::{Error, Result};
use crate::heartbeat::{self, Heartbeat};
use crate::http::{self, AppState, Hospitality};
use crate::ingest::{self, IntakeHealth, Listener};
use crate::lifecycle::Lifecycle;
use crate::listening::Listening;
use crate::live::{Hub, Live, Roll};
use crate::mail::{Mailer, mailbox};
use crate::mqtt::{self, AckSender, Remembered, Running, Takers, Vault};
use crate::outbox::Outbox;
use crate::products::{Handover, Shop};
use crate::push::{Herald, Vapid};
use crate::relay::{self, RelayHealth};
use crate::replies::Replies;
use crate::seal::Seal;
use crate::ways::Ways;
use crate::{limits, outbox, retention};

/// How long each step of stopping may take; together less than the five seconds a supervisor waits.
const HTTP_PATIENCE: Duration = Duration::from_secs(1);
const DOORS_PATIENCE: Duration = Duration::from_secs(1);
const INTAKE_PATIENCE: Duration = Duration::from_secs(2);
const CLOSE_PATIENCE: Duration = Duration::from_millis(500);

/// How long to wait for a database server that starts at the same time as we do.
const DB_PATIENCE: Duration = Duration::from_secs(30);
const DB_RETRY_EVERY: Duration = Duration::from_secs(1);

const METRICS_UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// A server that listens already but does not answer yet.
pub struct Server {
    http: TcpListener,
    addr: SocketAddr,
    mqtt_addr: Option<SocketAddr>,
    router: Router,
    /// The developers' own page, where there is one; it brings its own guards.
    mailbox: Option<Router>,
    proxies: TrustedProxies,
    db: Db,
    /// Everything but the intake.
    lifecycle: Lifecycle,
    /// The intake alone: it ends after the doors, so that what they have taken is stored.
    intake: Lifecycle,
}

impl Server {
    /// Opens the store, the door for devices and the HTTP port.
    ///
    /// # Errors
    /// An address in use, a folder that cannot be written, a database that does not answer in time.
    pub async fn build(config: Config, clock: Clock) -> Result<Self> {
        let (lifecycle, intake_lifecycle) = (Lifecycle::new(), Lifecycle::new());
        let (http, addr) = listen(config.http_addr).await?;
        let key = secret_key(&config)?;
        let db = open_store(&config).await?;
        let (outbox, herald) = start_outbox(&config, &key, &db, &clock, &lifecycle).await?;

        let hub = Hub::new(clock.clone(), Listening::from(clock.now()));
        let (acks, replies, courier) = (AckSender::new(), Replies::default(), Courier::default());
        let mut listeners: Vec<Arc<dyn Listener>> =
            vec![Arc::new(hub.clone()), acks.clone(), Arc::new(courier.clone())];
        let relay = join_others(&config, (&hub, &replies), &db, &lifecycle, &mut listeners)?;
        let bell = Bell::new(db.dialect(), &key, config.public_url.clone(), outbox.clone());
        let heard = Some(bell.clone());
        let intake = ingest::start(db.clone(), clock.clone(), heard, listeners, &intake_lifecycle);
        let intake_health = intake.health();
        let takers = Takers { intake, replies };
        let shop = open_shop(&config, &db)?;
        let door = open_door(&config, &shop, takers.clone(), acks, &clock, &lifecycle).await?;

        let auth = auth(&config, &key, &db, &clock, &outbox)?;
        let live = live(hub, auth, (relay, intake_health), &db, &clock, &lifecycle);
        watch_the_clock(&live, &bell, &door);
        let commander = commander(takers, &door, courier, &live);
        let mqtt_addr = door.addr;
        let proxies = config.trusted_proxies.clone();
        let handover = handover(shop, &door, &live);
        let doors = doors_for_people(&config, &key, &live, &outbox)?;
        let state = AppState::new(config, live, (&door, commander), handover, (bell, herald), doors);
        keep_house(&state, &lifecycle)?;
        let router = http::router(&state);
        let mailbox = mailbox::router(&state.config.mail, addr, &state.config.public_url);
        Ok(Self {
            http,
            addr,
            mqtt_addr,
            router,
            mailbox,
            proxies,
            db,
            lifecycle,
            intake: intake_lifecycle,
        })
    }

    /// Where pages and the API are served.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where devices connect, if the broker is the embedded one.
    pub fn mqtt_addr(&self) -> Option<SocketAddr> {
        self.mqtt_addr
    }

    /// All routes of the site, so that tests can hold them against a table that forgets none.
    pub fn router(&self) -> &Router {
        &self.router
    }

    /// Answers until `shutdown` resolves or a task panics, then stops: no new requests, no new
    /// readings, those under way are stored, then the store is closed.
    ///
    /// # Errors
    /// The HTTP port is lost.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<()> {
        let stop_http = CancellationToken::new();
        let serving = http::serve(
            self.http,
            self.router.merge(self.mailbox.unwrap_or_default()),
            Hospitality::new(self.proxies),
            stop_http.clone(),
        );
        let mut serving = tokio::spawn(serving);
        tokio::select! {
            () = shutdown => {}
            () = self.lifecycle.cancelled() => {}
            () = self.intake.cancelled() => {}
            _ = &mut serving => {}
        }
        tracing::info!("stopping");
        stop_http.cancel();
        if !serving.is_finished() && tokio::time::timeout(HTTP_PATIENCE, &mut serving).await.is_err() {
            serving.abort();
        }
        let doors_closed = self.lifecycle.drain(DOORS_PATIENCE).await;
        let readings_stored = self.intake.drain(INTAKE_PATIENCE).await;
        if !(doors_closed && readings_stored) {
            tracing::warn!(doors_closed, readings_stored, "some tasks did not end in time");
        }
        // Connections in the hands of a stuck task must not hold the process either.
        let _ = tokio::time::timeout(CLOSE_PATIENCE, self.db.close()).await;
        Ok(())
    }
}

/// The ways people make an account and get into it.
fn doors_for_people(config: &Config, key: &SecretKey, live: &Live, outbox: &Outbox) -> Result<(Accounts, Ways)> {
    let (auth, db, clock) = (&live.auth, &live.db, &live.clock);
    let accounts = Accounts::new(config, key, auth.clone(), clock.clone(), outbox.clone());
    let ways = Ways::build(config, key, auth.clone(), db.clone(), clock.clone(), outbox.clone())?;
    Ok((accounts, ways))
}

/// Who people are. What is limited is counted together with other instances, if there are any.
fn auth(config: &Config, key: &SecretKey, db: &Db, clock: &Clock, outbox: &Outbox) -> Result<Auth> {
    let limits = limits::Shared::open(config.redis_url.as_ref())?;
    let (db, clock, outbox) = (db.clone(), clock.clone(), outbox.clone());
    Ok(Auth::new(config, key, db, clock, outbox, limits))
}

/// Begins to send letters, by every way there is.
async fn start_outbox(
    config: &Config,
    key: &SecretKey,
    db: &Db,
    clock: &Clock,
    lifecycle: &Lifecycle,
) -> Result<(Outbox, Herald)> {
    let mailer = Mailer::new(&config.mail)?;
    let herald = open_herald(config, key, db, clock).await?;
    let mails = outbox::start(db.clone(), clock.clone(), mailer, lifecycle);
    let pushes = outbox::start(db.clone(), clock.clone(), herald.clone(), lifecycle);
    Ok((mails.and(pushes), herald))
}

/// Whoever takes messages to push services, known to them by the key in the store.
async fn open_herald(config: &Config, key: &SecretKey, db: &Db, clock: &Clock) -> Result<Herald> {
    // Push services refuse what nobody could turn to; a page that is not https can switch nothing on but on this machine.
    let contact = if config.public_url.is_https() {
        config.public_url.origin()
    } else {
        format!("mailto:{}", config.mail.from.address())
    };
    let vapid = Vapid::open(db, &Seal::new(key), contact, clock.now()).await?;
    Herald::new(vapid, config.push_hosts)
}

/// A listener, and where it really is.
async fn listen(addr: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let failed = |source| Error::Io {
        context: format!("listen on {addr} (TEMPLOG_HTTP_ADDR)"),
        source,
    };
    let listener = TcpListener::bind(addr).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    Ok((listener, addr))
}

/// Lets devices in.
async fn open_door(
    config: &Config,
    shop: &Shop,
    takers: Takers,
    acks: Arc<AckSender>,
    clock: &Clock,
    lifecycle: &Lifecycle,
) -> Result<Running> {
    let accounts = Arc::new(Remembered::new(shop.db().clone(), clock.clone()));
    mqtt::start(
        &config.mqtt,
        accounts,
        vault(shop),
        takers,
        acks,
        clock.clone(),
        lifecycle,
    )
    .await
}

/// Has devices do things, and carries what is kept for them.
fn commander(takers: Takers, door: &Running, courier: Courier, live: &Live) -> Commander {
    let carrier = Carrier {
        db: live.db.clone(),
        clock: live.clock.clone(),
        publisher: door.publisher.clone(),
        replies: takers.replies,
        intake: takers.intake,
    };
    carrier.start(courier, &live.lifecycle);
    Commander::new(carrier, live.auth.shared_limits())
}

/// Lets the other instances hear of every commit, if there are any, and of answers that are theirs.
fn join_others(
    config: &Config,
    (hub, replies): (&Hub, &Replies),
    db: &Db,
    lifecycle: &Lifecycle,
    listeners: &mut Vec<Arc<dyn Listener>>,
) -> Result<RelayHealth> {
    let Some(url) = &config.redis_url else {
        return Ok(RelayHealth::alone());
    };
    let relay = relay::start(url, hub, replies, db, lifecycle)?;
    listeners.push(relay.listener);
    Ok(relay.health)
}

fn live(
    hub: Hub,
    auth: Auth,
    (relay, intake): (RelayHealth, IntakeHealth),
    db: &Db,
    clock: &Clock,
    lifecycle: &Lifecycle,
) -> Live {
    Live {
        hub,
        auth,
        roll: Roll::default(),
        relay,
        intake,
        db: db.clone(),
        clock: clock.clone(),
        lifecycle: lifecycle.clone(),
    }
}

/// Where a broker outside learns of devices.
fn vault(shop: &Shop) -> Vault {
    Vault {
        db: shop.db().clone(),
        seal: shop.seal().clone(),
    }
}

fn handover(shop: Shop, door: &Running, live: &Live) -> Handover {
    Handover {
        shop,
        gatekeeper: door.gatekeeper.clone(),
        publisher: door.publisher.clone(),
        hub: live.hub.clone(),
        lifecycle: live.lifecycle.clone(),
    }
}

/// Where products come from.
///
/// # Errors
/// The secret key cannot be read or made.
pub fn open_shop(config: &Config, db: &Db) -> Result<Shop> {
    let seal = Seal::new(&secret_key(config)?);
    let (mqtt_url, public_url) = (config.device_mqtt_url(), config.public_url.origin());
    Ok(Shop::new(db.clone(), seal, mqtt_url, public_url))
}

fn secret_key(config: &Config) -> Result<SecretKey> {
    match &config.secret_key {
        Some(key) => Ok(key.clone()),
        None => SecretKey::load_or_create(&config.data_dir).map_err(|source| {
            Error::Config(format!(
                "TEMPLOG_DATA_DIR: the secret key cannot be kept there: {source} (example: /var/lib/templog)"
            ))
        }),
    }
}

/// Connects and brings the schema up to date; waits a while for a server that is still starting.
///
/// # Errors
/// The database refuses us, or has not answered in time.
pub async fn open_store(config: &Config) -> Result<Db> {
    let connect = async {
        loop {
            match Db::connect(config.database_url.expose()).await {
                Err(Error::Db(error)) if wrong_address(&error).is_some() => {
                    return Err(unusable_store(wrong_address(&error).unwrap_or_default()));
                }
                Err(Error::Io { source, .. }) => return Err(unusable_store(&source.to_string())),
                Err(error) if error.is_outage() => {
                    tracing::warn!(%error, "the database does not answer yet");
                    tokio::time::sleep(DB_RETRY_EVERY).await;
                }
                settled => return settled,
            }
        }
    };
    let db = tokio::time::timeout(DB_PATIENCE, connect)
        .await
        .map_err(|_| Error::Config("TEMPLOG_DATABASE_URL: the database does not answer".to_owned()))??;
    db.migrate().await?;
    Ok(db)
}

/// One line for the operator. The address may hold a password, so it is not shown.
fn unusable_store(problem: &str) -> Error {
    Error::Config(format!(
        "TEMPLOG_DATABASE_URL (or the SQLite file in TEMPLOG_DATA_DIR): {problem} \
         (example: mysql://user:password@localhost/templog)"
    ))
}

/// Starts what no reading brings about: hold times, silence, reminders.
fn watch_the_clock(live: &Live, bell: &Bell, door: &Running) {
    let listening = live.hub.listening().clone();
    let clockwork = Clockwork::new(live.db.clone(), live.clock.clone(), bell.clone(), listening);
    let (health, intake) = (door.health.clone(), live.intake.clone());
    let is_door_open = move || health.state().ready && !intake.is_stuck();
    clockwork::start(clockwork, is_door_open, &live.lifecycle);
}

/// Starts what runs by the clock and not by a request.
fn keep_house(state: &AppState, lifecycle: &Lifecycle) -> Result<()> {
    let hub = state.live.hub.clone();
    lifecycle.spawn("presence sweep", hub.keep_sweeping(lifecycle.clone()));
    let roll = state.live.roll.clone();
    let looking = roll.keep_looking(state.db.clone(), state.clock.clone(), lifecycle.clone());
    lifecycle.spawn("socket roll", looking);
    let metrics = state.metrics.clone();
    every(lifecycle, "metrics upkeep", METRICS_UPKEEP_EVERY, move || {
        metrics.run_upkeep();
        std::future::ready(())
    });
    retention::start(
        state.db.clone(),
        state.clock.clone(),
        retention::DEFAULT_DAYS,
        lifecycle,
    );
    if let Some(url) = &state.config.heartbeat_url {
        let (broker, intake) = (state.broker.clone(), state.live.intake.clone());
        let is_open = move || broker.state().ready && !intake.is_stuck();
        let heart = Heartbeat::new(url.clone(), state.db.clone(), state.clock.clone(), is_open)?;
        every(lifecycle, "heartbeat", heartbeat::EVERY, move || {
            let heart = heart.clone();
            async move {
                heart.beat().await;
            }
        });
    }
    Ok(())
}

/// Does a job now and then again and again, until the server stops.
fn every<F, J>(lifecycle: &Lifecycle, name: &'static str, period: Duration, job: F)
where
    F: Fn() -> J + Send + 'static,
    J: Future<Output = ()> + Send,
{
    let token = lifecycle.child();
    lifecycle.spawn(name, async move {
        let mut timer = tokio::time::interval(period);
        while token.run_until_cancelled(timer.tick()).await.is_some() {
            job().await;
        }
    });
}
