//! Whatever the database does, nothing is dropped and nothing acknowledged too early.

use std::time::Duration;

use server::db::Db;
use server::ingest::{PendingReceipt, Receipt};
use tokio::time::timeout;

use super::rig::{NOW, Rig, reading, times};
use crate::harness::mariadb::MariaDb;
use crate::store::rig::{Store, new_device};

const STORED: Receipt = Receipt::Stored {
    accepted: 1,
    rejected: 0,
};

async fn is_waiting(receipt: &mut PendingReceipt) -> bool {
    timeout(Duration::from_millis(300), receipt).await.is_err()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_intake_waits_for_a_lock_and_then_stores() {
    let store = Store::sqlite().await;
    let device = new_device(&store.db, "Asia/Seoul", 60).await;
    let rig = Rig::start(&store.db);
    rig.store(device.serial, &reading(-60, 20.0)).await;
    let lock = store.db.begin_write().await.unwrap();
    let mut receipt = rig.intake.submit(device.serial, reading(0, 20.0).into(), NOW).await;
    assert!(is_waiting(&mut receipt).await, "no receipt before COMMIT");
    lock.rollback().await.unwrap();
    assert_eq!(receipt.await, STORED);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_intake_waits_for_a_killed_mariadb_and_loses_nothing() {
    let mut server = tokio::task::spawn_blocking(MariaDb::own).await.unwrap();
    let db = Db::connect(&server.create_database()).await.unwrap();
    db.migrate().await.unwrap();
    let device = new_device(&db, "Asia/Seoul", 60).await;
    let rig = Rig::start(&db);
    for n in 0..50 {
        rig.store(device.serial, &reading(n - 100, 20.0)).await;
    }
    server.kill9();
    let mut receipts = Vec::new();
    for n in 50..100 {
        receipts.push(
            rig.intake
                .submit(device.serial, reading(n - 100, 20.0).into(), NOW)
                .await,
        );
    }
    assert!(is_waiting(&mut receipts[0]).await, "no receipt without a database");
    let mut server = tokio::task::spawn_blocking(move || {
        server.restart();
        server
    })
    .await
    .unwrap();
    for receipt in receipts {
        assert_eq!(receipt.await, STORED);
    }
    assert_eq!(times(&db, device.id).await.len(), 100);
    crate::ingest::slots::assert_slots_are_exact(&db, &device, 100).await;
    rig.stop().await;
    server.kill9();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_makes_the_sender_wait() {
    let store = Store::sqlite().await;
    let device = new_device(&store.db, "Asia/Seoul", 60).await;
    let rig = Rig::start(&store.db);
    let lock = store.db.begin_write().await.unwrap();
    let mut receipts = Vec::new();
    let blocked = timeout(Duration::from_secs(2), async {
        for n in 0..100_000 {
            receipts.push(
                rig.intake
                    .submit(device.serial, reading(n - 100_000, 20.0).into(), NOW)
                    .await,
            );
        }
    });
    assert!(blocked.await.is_err(), "memory is bounded");
    lock.rollback().await.unwrap();
    let sent = receipts.len();
    assert!(sent < 10_000, "{sent} were taken");
    for receipt in receipts {
        assert_eq!(receipt.await, STORED);
    }
    rig.stop().await;
    assert!(times(&store.db, device.id).await.len() >= sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_the_database_will_never_take_does_not_hold_up_the_others() {
    let store = Store::sqlite().await;
    let (good, bad) = (
        new_device(&store.db, "Asia/Seoul", 60).await,
        new_device(&store.db, "Asia/Seoul", 60).await,
    );
    // A row that no writer of ours can have left: its device's state does not know of it.
    sqlx::query("INSERT INTO readings (device_id, at, t, h, flags) VALUES (?, ?, 1.0, 1.0, 0)")
        .bind(bad.id.0)
        .bind(NOW.as_millis())
        .execute(store.db.pool())
        .await
        .unwrap();
    let rig = Rig::start(&store.db);
    let lock = store.db.begin_write().await.unwrap();
    let mut receipts = Vec::new();
    for n in 1..=20 {
        let (device, seconds) = if n == 7 { (&bad, 0) } else { (&good, n - 60) };
        receipts.push(
            rig.intake
                .submit(device.serial, reading(seconds, 20.0).into(), NOW)
                .await,
        );
    }
    lock.rollback().await.unwrap();
    let mut answers = Vec::new();
    for receipt in receipts {
        answers.push(receipt.await);
    }
    assert_eq!(answers.remove(6), Receipt::Refused("cannot be stored"));
    assert!(answers.iter().all(|answer| *answer == STORED));
    assert_eq!(times(&store.db, good.id).await.len(), 19);
    rig.stop().await;
}
