//! Deaths in the worst moment: between a mail server's acceptance and our note of it.

use std::sync::Arc;
use std::time::Duration;

use server::clock::Clock;
use server::db::Db;
use server::lifecycle::Lifecycle;
use server::mail::Mailer;
use server::outbox::{self, Policy, State, Worker};
use tokio::runtime::Runtime;

use super::rig::{NOW, Rig, wait_until, write};
use crate::harness::mariadb::MariaDb;
use crate::harness::smtp::{Manner, SmtpServer};
use crate::store::rig::on_both;

on_both! {
    async fn a_crash_after_acceptance_sends_again_with_the_same_message_id(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|_, attempt| if attempt == 1 { Manner::Hold } else { Manner::Accept });
        let written = rig.write("ann@example.com", "changed:1").await;

        let doomed = doomed_worker(&rig);
        rig.smtp.wait_for(1).await;
        doomed.shutdown_background();

        let heir = rig.worker();
        assert_eq!(heir.work_off().await.unwrap(), 0, "the dead worker's claim still holds");
        rig.hand.advance(30_000);
        assert_eq!(heir.work_off().await.unwrap(), 1);
        assert_eq!(heir.work_off().await.unwrap(), 0);

        let [first, second] = &rig.smtp.taken()[..] else { panic!("the one double that cannot be avoided") };
        assert_eq!(first.header("Message-ID"), format!("<{}@example.com>", written.message_id));
        assert_eq!(first.content, second.content, "a reader's program can tell that they are one");
        assert_eq!(rig.entry("changed:1").await.state, State::Accepted);
    }

    async fn a_crash_before_anything_was_sent_loses_nothing(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|_, attempt| if attempt == 1 { Manner::Ignore } else { Manner::Accept });
        rig.write("ann@example.com", "changed:1").await;
        let doomed = doomed_worker(&rig);
        rig.smtp.asked_to_send().await;
        doomed.shutdown_background();

        rig.hand.advance(30_000);
        rig.worker().work_off().await.unwrap();
        assert_eq!(rig.smtp.taken().len(), 1);
    }

    async fn a_server_that_must_stop_gives_back_what_it_cannot_finish(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|_, attempt| if attempt == 1 { Manner::Ignore } else { Manner::Accept });
        rig.write("ann@example.com", "changed:1").await;
        let lifecycle = Lifecycle::new();
        let policy = Policy { grace: Duration::from_millis(50), ..Policy::default() };
        lifecycle.spawn("outbox", rig.worker_with(policy).run(Arc::default(), lifecycle.child()));
        rig.smtp.asked_to_send().await;

        assert!(lifecycle.drain(Duration::from_secs(10)).await);

        assert_eq!(rig.entry("changed:1").await.next_at, NOW, "due at once, not when a claim lapses");
        rig.worker().work_off().await.unwrap();
        assert_eq!(rig.smtp.taken().len(), 1);
    }

    async fn a_stopping_server_lets_a_mail_under_way_arrive(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|_, _| Manner::Hold);
        rig.write("ann@example.com", "changed:1").await;
        let lifecycle = Lifecycle::new();
        let policy = Policy { grace: Duration::from_secs(20), ..Policy::default() };
        lifecycle.spawn("outbox", rig.worker_with(policy).run(Arc::default(), lifecycle.child()));
        rig.smtp.wait_for(1).await;
        lifecycle.stop();
        rig.smtp.release();
        assert!(lifecycle.drain(Duration::from_secs(10)).await);
        assert_eq!(rig.entry("changed:1").await.state, State::Accepted);
    }
}

/// A worker in a process of its own, as far as database and mail server can tell: with its runtime everything in it,
/// its connections too, ends in mid-sentence.
fn doomed_worker(rig: &Rig) -> Runtime {
    let url = rig.db.pool().connect_options().database_url.to_string();
    let (clock, mailer) = (rig.clock.clone(), Mailer::new(&rig.smtp.config()).unwrap());
    let runtime = Runtime::new().unwrap();
    runtime.spawn(async move {
        let db = Db::connect(&url).await.unwrap();
        Worker::new(db, clock, mailer, Policy::default()).work_off().await
    });
    runtime
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_killed_while_a_mail_is_under_way_makes_no_double() {
    let mut mariadb = tokio::task::spawn_blocking(MariaDb::own).await.unwrap();
    let db = Db::connect(&mariadb.create_database()).await.unwrap();
    db.migrate().await.unwrap();
    let smtp = SmtpServer::start().await;
    smtp.behave(|_, _| Manner::Hold);
    let mailer = Mailer::new(&smtp.config()).unwrap();
    let clock = Clock::system();
    let lifecycle = Lifecycle::new();
    write(&db, "ann@example.com", "changed:1", clock.now()).await;
    let worker = Worker::new(db.clone(), clock, mailer, Policy::default());
    lifecycle.spawn("outbox", worker.run(Arc::default(), lifecycle.child()));

    smtp.wait_for(1).await;
    mariadb.kill9();
    smtp.release();
    let mariadb = tokio::task::spawn_blocking(move || {
        mariadb.restart();
        mariadb
    });
    let mariadb = mariadb.await.unwrap();

    wait_until("the acceptance is noted", async || {
        let entry = outbox::find_entry(&db, "changed:1").await.ok()??;
        (entry.state == State::Accepted).then_some(())
    })
    .await;
    assert_eq!(smtp.taken().len(), 1);
    assert!(lifecycle.drain(Duration::from_secs(10)).await);
    drop(mariadb);
}
