//! Two instances on one Mosquitto, one MariaDB and one Redis, and `kill -9` of each of the five in turn: nothing that was
//! acknowledged is lost or doubled, roll-ups are exact, and `/readyz` tells each time.

use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;
use server::clock::Clock;
use server::db::Db;
use tokio::task::AbortHandle;

use super::fleet::{DEVICES, Fleet};
use super::oracle::{self, Promise};
use super::pages::{Probe, percentile};
use super::rounds::{report, setting};
use super::world::make_products;
use crate::doors::site::Sold;
use crate::harness::mariadb::MariaDb;
use crate::harness::mosquitto::Mosquitto;
use crate::harness::process::{TemplogProcess, wait_for};
use crate::harness::redis::Redis;
use crate::harness::test_app::PATIENCE;

/// Each of the five once. Whoever asks for a number of kills wants to measure: then four times as many devices send, and
/// between two kills there is time to see how pages are when all is well.
const KILLS: u32 = 5;
/// At most so many readings are told to be stored before the next kill.
const LONGEST: usize = 500;
/// A page may be slower for so long after a kill.
const SHAKEN: Duration = Duration::from_secs(5);
/// The key that both have in common, in base64.
const KEY: &str = "c2l4dGVlbiBieXRlcyBhbmQgc2l4dGVlbiBtb3JlIG8=";

#[derive(Clone, Copy, Debug)]
enum Part {
    First,
    Second,
    Mosquitto,
    MariaDb,
    Redis,
}

impl Part {
    const ALL: [Self; 5] = [Self::First, Self::Mosquitto, Self::Second, Self::MariaDb, Self::Redis];
}

struct Cluster {
    first: TemplogProcess,
    second: TemplogProcess,
    mosquitto: Mosquitto,
    mariadb: MariaDb,
    redis: Redis,
    sold: Vec<Sold>,
    database_url: String,
}

impl Cluster {
    fn start(devices: usize) -> Self {
        let (mariadb, mut mosquitto, redis) = (MariaDb::own(), Mosquitto::start(&[]), Redis::start());
        let database_url = mariadb.create_database();
        let (mqtt_url, redis_url) = (mosquitto.url(), redis.url());
        let start = |instance| {
            TemplogProcess::start(&[
                ("TEMPLOG_DATABASE_URL", database_url.as_str()),
                ("TEMPLOG_MQTT_URL", mqtt_url.as_str()),
                ("TEMPLOG_REDIS_URL", redis_url.as_str()),
                ("TEMPLOG_SECRET_KEY", KEY),
                ("TEMPLOG_INSTANCE", instance),
            ])
        };
        let (first, second) = (start("a"), start("b"));
        let sold = make_products(&first, devices);
        mosquitto.add(&sold.iter().map(Sold::account).collect::<Vec<_>>());
        Self {
            first,
            second,
            mosquitto,
            mariadb,
            redis,
            sold,
            database_url,
        }
    }

    fn kill(&mut self, part: Part) {
        match part {
            Part::First => self.first.kill9(),
            Part::Second => self.second.kill9(),
            Part::Mosquitto => self.mosquitto.kill9(),
            Part::MariaDb => self.mariadb.kill9(),
            Part::Redis => self.redis.kill9(),
        }
    }

    fn restart(&mut self, part: Part) {
        match part {
            Part::First => self.first.restart(),
            Part::Second => self.second.restart(),
            Part::Mosquitto => self.mosquitto.restart(),
            Part::MariaDb => self.mariadb.restart(),
            Part::Redis => self.redis.restart(),
        }
    }

    /// Waits until those that are left say what is gone.
    fn wait_told(&self, part: Part) {
        let (whom, gone, other) = match part {
            Part::First => (&self.first, "", Some(&self.second)),
            Part::Second => (&self.second, "", Some(&self.first)),
            Part::Mosquitto => (&self.first, "\"broker\":\"unreachable\"", None),
            Part::MariaDb => (&self.first, "\"database\":\"unreachable\"", None),
            Part::Redis => (&self.first, "\"relay\":\"unreachable\"", None),
        };
        let said = |answer: (u16, String)| answer.1.contains(gone);
        let told = || match other {
            // Whoever is killed says nothing, and the other works on.
            Some(_) => whom.readyz().is_none().then_some(()),
            None => whom.readyz().is_some_and(said).then_some(()),
        };
        assert!(wait_for(PATIENCE, told).is_some(), "nobody tells that {part:?} is gone");
        if let Some(other) = other {
            other.wait_readyz(200);
        }
    }

    fn wait_well(&self) {
        for instance in [&self.first, &self.second] {
            let well = || {
                instance
                    .readyz()
                    .is_some_and(|(status, text)| status == 200 && text.contains("\"relay\":\"ok\""))
            };
            assert!(
                wait_for(PATIENCE, || well().then_some(())).is_some(),
                "{:?}",
                instance.readyz()
            );
        }
    }

    async fn database(&self) -> Db {
        Db::connect(&self.database_url)
            .await
            .expect("the database can be opened")
    }
}

/// Looks at pages of both instances all the time.
struct Watch {
    probes: [(Arc<Probe>, AbortHandle); 2],
    clock: Clock,
    kills: Vec<Timestamp>,
}

impl Watch {
    async fn start(cluster: &Cluster) -> Self {
        let clock = Clock::system();
        let mut probes = Vec::new();
        for instance in [&cluster.first, &cluster.second] {
            let probe = Arc::new(Probe::sign_in(instance.http, clock.clone()).await);
            let looking = Arc::clone(&probe);
            let running = tokio::spawn(async move { looking.look_again_and_again().await });
            probes.push((probe, running.abort_handle()));
        }
        Self {
            probes: probes.try_into().unwrap_or_else(|_| unreachable!("there are two")),
            clock,
            kills: Vec::new(),
        }
    }

    fn killed(&mut self) {
        self.kills.push(self.clock.now());
    }

    /// How long ago the last kill was.
    fn since_kill(&self) -> Duration {
        let ms = self.kills.last().map_or(i64::MAX, |kill| self.clock.now().since(*kill));
        Duration::from_millis(ms.unsigned_abs())
    }

    /// p99 of pages, ms: before the first kill, and after it outside the seconds after each.
    fn p99s(&self) -> (f64, f64) {
        let (mut before, mut between) = (Vec::new(), Vec::new());
        let shaken_ms = i64::try_from(SHAKEN.as_millis()).unwrap_or(i64::MAX);
        for looked in self.probes.iter().flat_map(|(probe, _)| probe.looked()) {
            let last = self
                .kills
                .iter()
                .rev()
                .find(|kill| **kill <= looked.at.plus_millis(looked.ms));
            match last {
                None => before.push(looked.ms),
                Some(kill) if looked.at.since(*kill) > shaken_ms => between.push(looked.ms),
                Some(_) => {}
            }
        }
        (percentile(&mut before, 99), percentile(&mut between, 99))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        for (_, running) in &self.probes {
            running.abort();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_any_part_of_a_cluster_loses_and_doubles_nothing_and_is_told() {
    let asked = setting::<u32>("TEMPLOG_CRASH_ROUNDS");
    let (kills, is_measured) = (asked.unwrap_or(KILLS), asked.is_some());
    let seed = setting("TEMPLOG_CRASH_SEED").unwrap_or_else(rand::random);
    println!("TEMPLOG_CRASH_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut cluster = Cluster::start(if is_measured { 4 * DEVICES } else { DEVICES });
    cluster.wait_well();
    let fleet = Fleet::start(cluster.mosquitto.address, &cluster.sold);
    let mut watch = Watch::start(&cluster).await;
    let calm = if is_measured { 20 * LONGEST } else { LONGEST };
    fleet.wait_stored(calm);
    for (kill, part) in (0..kills).zip(Part::ALL.into_iter().cycle()) {
        fleet.wait_stored(random.random_range(1..=LONGEST));
        watch.killed();
        cluster.kill(part);
        cluster.wait_told(part);
        let told = watch.since_kill();
        cluster.restart(part);
        cluster.wait_well();
        let (told_ms, well_ms) = (told.as_millis(), watch.since_kill().as_millis());
        report(&json!({ "part": format!("{part:?}"), "kill": kill, "told_ms": told_ms, "well_ms": well_ms }));
        while is_measured && watch.since_kill() < SHAKEN + Duration::from_secs(1) {
            fleet.wait_stored(LONGEST);
        }
    }
    fleet.finish();
    let (told, db) = (fleet.told(), cluster.database().await);
    oracle::check(&db, &told, Promise::Ack).await;
    oracle::check_complete(&db, &told).await;
    let (before_ms, between_ms) = watch.p99s();
    report(
        &json!({ "acknowledged": fleet.stored(), "page_p99_before_ms": before_ms, "page_p99_between_ms": between_ms }),
    );
}
