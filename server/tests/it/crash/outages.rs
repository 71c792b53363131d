//! The broker and the database go away under load and come back: the intake pauses and resumes, and says so.

use super::fleet::Fleet;
use super::oracle;
use super::world::World;

/// More than the server needs with twenty devices, and far less than an unbounded queue would take.
const MOST_MEMORY: u64 = 200 * 1024 * 1024;

async fn check_at_the_end(world: &World, fleet: &Fleet) {
    fleet.finish();
    let (told, db) = (fleet.told(), world.database().await);
    oracle::check(&db, &told, world.promise()).await;
    oracle::check_complete(&db, &told).await;
    assert!(
        world.server.resident_bytes() < MOST_MEMORY,
        "{} bytes",
        world.server.resident_bytes()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn losing_mosquitto_pauses_the_intake_and_loses_nothing_acknowledged() {
    let mut world = World::linked();
    let fleet = Fleet::start(world.address(), &world.sold);
    for kill in [false, true, true] {
        fleet.wait_stored(500);
        let mosquitto = world.mosquitto.as_mut().expect("this world has one");
        if kill {
            mosquitto.kill9();
        } else {
            mosquitto.terminate();
        }
        let answer = world.server.wait_readyz(503);
        assert!(answer.contains("\"broker\":\"unreachable\""), "{answer}");
        world.mosquitto.as_mut().expect("this world has one").restart();
        world.server.wait_readyz(200);
    }
    fleet.wait_stored(500);
    check_at_the_end(&world, &fleet).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn losing_mariadb_pauses_the_intake_and_loses_nothing_acknowledged() {
    let mut world = World::linked();
    let fleet = Fleet::start(world.address(), &world.sold);
    for _ in 0..3 {
        fleet.wait_stored(500);
        world.mariadb.as_mut().expect("this world has one").kill9();
        let stored = fleet.stored();
        let answer = world.server.wait_readyz(503);
        assert!(answer.contains("\"database\":\"unreachable\""), "{answer}");
        // Acknowledgements of the last commits may still be on their way.
        assert!(
            fleet.stored() < stored + 1_000,
            "without a database nothing is acknowledged"
        );
        world.mariadb.as_mut().expect("this world has one").restart();
        world.server.wait_readyz(200);
    }
    fleet.wait_stored(500);
    check_at_the_end(&world, &fleet).await;
}
