//! A reading is counted once however often it is delivered, and acknowledged every time.

use server::ingest::Receipt;

use super::rig::{NOW, Rig, reading, rows, times};
use crate::store::rig::{new_device, on_both};

on_both! {
    async fn a_second_delivery_is_acknowledged_and_not_counted(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let payload = format!(r#"{{"boot":3,"seq":9,"at":{},"t":21.5,"h":40}}"#, NOW.as_millis());
        for _ in 0..3 {
            assert_eq!(rig.send(device.serial, &payload).await, Receipt::Stored { accepted: 1, rejected: 0 });
        }
        let committed = rig.heard.committed.lock().unwrap().clone();
        assert_eq!(committed.iter().map(|reading| reading.duplicate).collect::<Vec<_>>(), [false, true, true]);
        assert!(committed.iter().all(|reading| reading.id.is_some_and(|id| (id.boot, id.seq) == (3, 9))));
        assert_eq!(committed[1].now, None, "a duplicate is no news");
        assert_eq!(times(&db, device.id).await, [0.0]);
        assert_eq!(rig.state(&device).await.open.unwrap().open.rollup.n, 1);
        rig.stop().await;
    }

    async fn a_duplicate_inside_one_batch_is_counted_once(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let items = [reading(-120, 20.0), reading(-60, 21.0), reading(-120, 20.0), reading(-60, 21.0)];
        let receipt = rig.send(device.serial, &format!("[{}]", items.join(","))).await;
        assert_eq!(receipt, Receipt::Stored { accepted: 4, rejected: 0 });
        assert_eq!(times(&db, device.id).await, [-120.0, -60.0]);
        assert_eq!(rig.state(&device).await.open.unwrap().open.rollup.n, 2);
        rig.stop().await;
    }

    async fn a_redelivered_backlog_is_absorbed_after_a_restart(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let backlog: Vec<_> = (0..300).map(|n| reading(n * 60 - 18_000, 20.0)).collect();
        let payload = format!("[{}]", backlog.join(","));
        rig.store(device.serial, &payload).await;
        let rig = rig.restarted().await;
        rig.store(device.serial, &payload).await;
        assert_eq!(times(&db, device.id).await.len(), 300);
        assert!(rig.heard.committed.lock().unwrap().iter().all(|reading| reading.duplicate));
        rig.stop().await;
    }

    async fn without_a_clock_the_receive_time_is_used_and_the_name_recognised(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let payload = r#"[{"boot":1,"seq":1,"t":20,"h":50},{"boot":1,"seq":2,"t":21,"h":50}]"#;
        rig.store(device.serial, payload).await;
        let rig = rig.restarted().await;
        rig.hand.advance(5_000);
        rig.store(device.serial, payload).await;
        rig.store(device.serial, r#"{"boot":1,"seq":3,"t":22,"h":50}"#).await;
        let rows = rows(&db, device.id).await;
        assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [0.0, 0.001, 5.0]);
        assert!(rows.iter().all(|row| row.2 == 1), "flagged as received");
        rig.stop().await;
    }

    async fn a_device_that_gets_its_clock_later_is_still_recognised(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        rig.store(device.serial, r#"{"boot":7,"seq":1,"t":20,"h":50}"#).await;
        let again = format!(r#"{{"boot":7,"seq":1,"at":{},"t":20,"h":50}}"#, NOW.as_millis() - 800);
        rig.store(device.serial, &again).await;
        let next = format!(r#"{{"boot":7,"seq":2,"at":{},"t":20,"h":50}}"#, NOW.as_millis() + 800);
        rig.store(device.serial, &next).await;
        assert_eq!(times(&db, device.id).await, [0.0, 0.8]);
        rig.stop().await;
    }

    async fn an_absurd_clock_is_not_believed_and_its_reading_recognised(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let (in_1970, in_2040) = (r#"{"at":12345,"t":20,"h":50}"#, r#"{"at":2208988800000,"t":21,"h":50}"#);
        for payload in [in_1970, in_2040, in_1970, in_2040] {
            rig.store(device.serial, payload).await;
            rig.hand.advance(1_000);
        }
        let rows = rows(&db, device.id).await;
        assert_eq!(rows.iter().map(|row| (row.0, row.2)).collect::<Vec<_>>(), [(0.0, 2), (1.0, 2)]);
        rig.stop().await;
    }

    async fn a_reading_believed_when_it_came_is_recognised_when_it_is_too_old(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let payload = reading(-7 * 86_400, 20.0);
        rig.store(device.serial, &payload).await;
        rig.hand.advance(3_600_000);
        rig.store(device.serial, &payload).await;
        assert_eq!(times(&db, device.id).await, [-7.0 * 86_400.0]);
        rig.stop().await;
    }

    async fn readings_without_time_and_name_are_all_kept(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        rig.store(device.serial, r#"[{"t":20,"h":50},{"t":20,"h":50},{"t":20,"h":50}]"#).await;
        assert_eq!(times(&db, device.id).await, [0.0, 0.001, 0.002]);
        rig.stop().await;
    }

    async fn two_servers_on_one_database_count_a_reading_once(db: Db) {
        let devices = [new_device(&db, "Asia/Seoul", 60).await, new_device(&db, "Europe/Berlin", 60).await];
        let (one, other) = (Rig::start(&db), Rig::start(&db));
        let mut pending = Vec::new();
        for n in 0..200 {
            for device in &devices {
                for rig in [&one, &other] {
                    let payload = reading(n * 60 - 12_000, 20.0);
                    pending.push(rig.intake.submit(device.serial, payload.into(), NOW).await);
                }
            }
        }
        for receipt in pending {
            assert_eq!(receipt.await, Receipt::Stored { accepted: 1, rejected: 0 });
        }
        for device in &devices {
            assert_eq!(times(&db, device.id).await.len(), 200);
            crate::ingest::slots::assert_slots_are_exact(&db, device, 200).await;
        }
        one.stop().await;
        other.stop().await;
    }
}
