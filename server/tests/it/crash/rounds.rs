//! `kill -9` of the server at random moments, round after round.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};

use super::fleet::Fleet;
use super::oracle;
use super::world::World;

const ROUNDS: u32 = 6;
/// At most so many readings are told to be stored before the next kill: one second's.
const LONGEST: usize = 500;

pub(super) fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

/// Adds a line to the report, if one is asked for.
pub(super) fn report(line: &Value) {
    println!("{line}");
    let Some(path) = setting::<PathBuf>("TEMPLOG_CRASH_REPORT") else {
        return;
    };
    let mut file = OpenOptions::new().append(true).create(true).open(path);
    let written = file.as_mut().map(|file| writeln!(file, "{line}"));
    assert!(
        written.is_ok_and(|written| written.is_ok()),
        "the report cannot be written"
    );
}

async fn kill_again_and_again(mut world: World) {
    let seed = setting("TEMPLOG_CRASH_SEED").unwrap_or_else(rand::random);
    println!("TEMPLOG_CRASH_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let fleet = Fleet::start(world.address(), &world.sold);
    let mut reported = 0;
    for round in 0..setting("TEMPLOG_CRASH_ROUNDS").unwrap_or(ROUNDS) {
        fleet.wait_stored(random.random_range(1..=LONGEST));
        world.server.kill9();
        let told = fleet.told();
        let db = world.database().await;
        oracle::check(&db, &told, world.promise()).await;
        db.close().await;
        let acknowledged = fleet.stored() - reported;
        reported += acknowledged;
        report(&json!({ "door": world.door(), "round": round, "acknowledged": acknowledged }));
        world.server.restart();
    }
    fleet.finish();
    let (told, db) = (fleet.told(), world.database().await);
    oracle::check(&db, &told, world.promise()).await;
    oracle::check_complete(&db, &told).await;
    assert_eq!(world.server.terminate(), Some(0), "the server stops in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_the_server_loses_nothing_that_the_embedded_broker_acknowledged() {
    kill_again_and_again(World::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_the_server_loses_nothing_that_it_acknowledged_through_mosquitto() {
    kill_again_and_again(World::linked()).await;
}
