//! One bad item never costs the good ones beside it, and many devices share a commit.

use server::ingest::Receipt;

use super::rig::{NOW, Rig, reading, times};
use crate::store::rig::{new_device, on_both};

on_both! {
    async fn good_items_are_stored_beside_bad_ones(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let items = [reading(-60, 20.0), r#"{"t":"warm"}"#.into(), r#"{"t":NaN}"#.into(), "{}".into(), reading(0, 21.0)];
        let receipt = rig.send(device.serial, &format!("[{}]", items.join(","))).await;
        assert_eq!(receipt, Receipt::Stored { accepted: 2, rejected: 3 });
        assert_eq!(times(&db, device.id).await, [-60.0, 0.0]);
        rig.stop().await;
    }

    async fn a_full_back_fill_of_512_items_is_one_message(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let items: Vec<_> = (0..512).map(|n| format!(r#"{{"at":{},"t":20}}"#, NOW.as_millis() - n * 60_000)).collect();
        let receipt = rig.send(device.serial, &format!("[{}]", items.join(","))).await;
        assert_eq!(receipt, Receipt::Stored { accepted: 512, rejected: 0 });
        crate::ingest::slots::assert_slots_are_exact(&db, &device, 512).await;
        rig.stop().await;
    }

    async fn many_devices_are_stored_together(db: Db) {
        let mut devices = Vec::new();
        for _ in 0..300 {
            devices.push(new_device(&db, "Asia/Seoul", 60).await);
        }
        let rig = Rig::start(&db);
        let mut pending = Vec::new();
        for minute in [-1, 0] {
            for device in &devices {
                pending.push(rig.intake.submit(device.serial, reading(minute * 60, 20.0).into(), NOW).await);
            }
        }
        for receipt in pending {
            assert_eq!(receipt.await, Receipt::Stored { accepted: 1, rejected: 0 });
        }
        for device in &devices {
            assert_eq!(times(&db, device.id).await, [-60.0, 0.0]);
        }
        rig.stop().await;
    }

    async fn a_device_nobody_made_is_refused(db: Db) {
        let rig = Rig::start(&db);
        let receipt = rig.send("TL-ZZZZZZZZ".parse().unwrap(), &reading(0, 20.0)).await;
        assert_eq!(receipt, Receipt::Refused("unknown device"));
        rig.stop().await;
    }

    async fn a_device_made_while_the_intake_runs_is_known_at_once(db: Db) {
        let rig = Rig::start(&db);
        rig.store(new_device(&db, "Asia/Seoul", 60).await.serial, &reading(0, 20.0)).await;
        rig.store(new_device(&db, "Asia/Seoul", 60).await.serial, &reading(0, 20.0)).await;
        rig.stop().await;
    }

    async fn stopping_stores_what_is_queued_and_closes_what_comes_after(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let mut pending = Vec::new();
        for n in 0..500 {
            pending.push(rig.intake.submit(device.serial, reading(n - 600, 20.0).into(), NOW).await);
        }
        rig.stop().await;
        let mut stored = 0;
        for receipt in pending {
            stored += usize::from(receipt.await == Receipt::Stored { accepted: 1, rejected: 0 });
        }
        assert_eq!(stored, 500);
        assert_eq!(times(&db, device.id).await.len(), 500);
        assert_eq!(rig.send(device.serial, &reading(0, 20.0)).await, Receipt::Closed);
    }
}
