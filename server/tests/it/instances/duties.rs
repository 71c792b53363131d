//! What is to be done once is done by one of several servers, and by another when that one is gone.

use std::time::Duration;

use serde_json::json;
use server::config::SecretKey;
use server::db::Db;
use server::duty::{Duty, Job, Keeper};
use server::products::Product;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::pair::wait_ready;
use crate::harness::dynsec::Dynsec;
use crate::harness::mariadb::MariaDb;
use crate::harness::test_app::{Options, TestApp};
use crate::outbox::rig::wait_until;
use crate::store::rig::on_both;

/// Long enough for a renewal on a busy machine, short enough to wait for its end.
const TERM: Duration = Duration::from_millis(1200);

/// A server that wants a job.
struct Candidate {
    duty: Duty,
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl Candidate {
    fn new(db: &Db, is_fit: bool) -> Self {
        let (keeper, duty) = Keeper::new(db.clone(), Job::Clockwork, TERM, move || is_fit);
        let stop = CancellationToken::new();
        let running = tokio::spawn(keeper.run(stop.clone()));
        Self { duty, stop, running }
    }

    /// As `kill -9` ends it: nothing is told to anybody.
    fn kill(&self) {
        self.running.abort();
    }
}

async fn wait_for(duty: &Duty) {
    wait_until("the job is taken", async || duty.is_mine().then_some(())).await;
}

/// Whether the database says so; the holder itself would say it for as long as its lease runs.
async fn ends_at(db: &Db) -> i64 {
    sqlx::query_scalar("SELECT ends_at FROM leases WHERE job = 'clockwork'")
        .fetch_one(db.pool())
        .await
        .unwrap()
}

on_both! {
    async fn a_killed_server_s_job_is_taken_over_and_never_done_by_two(db: Db) {
        let first = Candidate::new(&db, true);
        wait_for(&first.duty).await;
        let second = Candidate::new(&db, true);
        let renewed = ends_at(&db).await;
        wait_until("the lease is renewed", async || (ends_at(&db).await > renewed).then_some(())).await;
        assert!(first.duty.is_mine() && !second.duty.is_mine());

        first.kill();
        wait_until("the other takes over", async || {
            // Asked in this order: the first one's can only end in between.
            let (second, first) = (second.duty.is_mine(), first.duty.is_mine());
            assert!(!(first && second), "two do the same job");
            second.then_some(())
        })
        .await;
    }

    async fn a_server_that_stops_leaves_its_job_at_once(db: Db) {
        let first = Candidate::new(&db, true);
        wait_for(&first.duty).await;
        first.stop.cancel();
        first.running.await.unwrap();
        assert!(!first.duty.is_mine());
        assert_eq!(ends_at(&db).await, 0, "whoever looks next takes it");
        wait_for(&Candidate::new(&db, true).duty).await;
    }

    async fn whoever_works_under_a_lease_hears_of_its_end(db: Db) {
        let first = Candidate::new(&db, true);
        first.duty.begins().await;
        first.kill();
        tokio::time::timeout(4 * TERM, first.duty.ends()).await.expect("a lease that nobody renews ends");
        assert!(!first.duty.is_mine());
    }

    async fn a_server_that_cannot_do_it_well_takes_a_job_only_if_nobody_else_does(db: Db) {
        let unfit = Candidate::new(&db, false);
        let fit = Candidate::new(&db, true);
        wait_for(&fit.duty).await;
        fit.stop.cancel();
        fit.running.await.unwrap();
        wait_for(&unfit.duty).await;
        // It does not renew what others may want.
        let until = ends_at(&db).await;
        let next = Candidate::new(&db, true);
        wait_for(&next.duty).await;
        assert!(!unfit.duty.is_mine() && ends_at(&db).await > until);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_instance_compares_the_broker_s_accounts_and_another_goes_on_when_it_stops() {
    const ELSEWHERE: &str = "kept by another instance";
    let broker = Dynsec::start();
    let (database_url, key) = (MariaDb::shared().create_database(), SecretKey::generate());
    let spawn = async |instance| {
        TestApp::spawn_with(Options {
            database_url: Some(database_url.clone()),
            broker: Some((broker.url(), broker.address)),
            instance,
            secret_key: Some(key.clone()),
            ..Options::default()
        })
        .await
    };
    let first = spawn("a").await;
    wait_ready(&first, "accounts", "ok").await;
    let second = spawn("b").await;
    wait_ready(&second, "accounts", ELSEWHERE).await;

    // One looks after devices that neither of them has made.
    let mina = second.resident("mina@home.example", 1).await;
    wait_confirmed(&second, &mina.devices[0]).await;
    second.publish(&mina.devices[0], json!({"t": 21.5})).await;

    first.stop().await;
    wait_ready(&second, "accounts", "ok").await;
    let jun = second.resident("jun@home.example", 1).await;
    wait_confirmed(&second, &jun.devices[0]).await;
}

/// Waits until the broker has the account of a device.
async fn wait_confirmed(app: &TestApp, device: &Product) {
    wait_until("the broker has its account", async || {
        let pending: i64 = sqlx::query_scalar("SELECT pending FROM devices WHERE serial = ?")
            .bind(device.serial.to_string())
            .fetch_one(app.db.pool())
            .await
            .unwrap();
        (pending == 0).then_some(())
    })
    .await;
}
