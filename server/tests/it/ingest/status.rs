//! A status is a hint about presence and never data.

use server::db::devices::find_device;
use server::ingest::Receipt;

use super::rig::{NOW, Rig, reading, rows};
use super::slots::assert_slots_are_exact;
use crate::store::rig::{new_device, on_both};

on_both! {
    async fn a_status_tells_interval_and_firmware(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let receipt = rig.status(device.serial, r#"{"online":true,"boot":12,"fw":"1.4.0","interval_s":10}"#, false).await;
        assert_eq!(receipt, Receipt::Stored { accepted: 1, rejected: 0 });
        let stored = find_device(&db, device.serial).await.unwrap().unwrap();
        assert_eq!((stored.interval_s, stored.fw.as_deref()), (10, Some("1.4.0")));
        let state = rig.state(&device).await;
        assert_eq!((state.boot, state.seen_at, state.now, state.will_at), (Some(12), Some(NOW), None, None));
        assert!(rows(&db, device.id).await.is_empty());
        rig.stop().await;
    }

    async fn a_will_is_remembered_until_the_device_measures_again(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        rig.store(device.serial, &reading(-30, 20.0)).await;
        rig.status(device.serial, r#"{"online":false}"#, false).await;
        assert!(rig.heard.hints.lock().unwrap().last().unwrap().will_offline);
        let rig = rig.restarted().await;
        rig.store(device.serial, &reading(-60, 20.0)).await;
        assert!(rig.heard.last().will_offline, "measured before it went");
        rig.store(device.serial, &reading(30, 20.0)).await;
        assert!(!rig.heard.last().will_offline, "measured after it went");
        rig.stop().await;
    }

    async fn a_retained_copy_may_hint_but_is_not_hearing_from_the_device(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        rig.status(device.serial, r#"{"online":true,"interval_s":30}"#, true).await;
        let state = rig.state(&device).await;
        assert_eq!((state.seen_at, state.now, state.max_at), (None, None, None));
        assert_eq!(find_device(&db, device.serial).await.unwrap().unwrap().interval_s, 30);
        rig.status(device.serial, r#"{"online":false}"#, true).await;
        assert_eq!(rig.state(&device).await.will_at, Some(NOW));
        rig.stop().await;
    }

    async fn a_changed_interval_changes_the_open_slot_and_leaves_finished_ones(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 600).await;
        let rig = Rig::start(&db);
        // The slot that ends at 16:00, an hour before now, and the one after it.
        for seconds in [-7_200, -6_600, -6_000, -3_000, -2_400, -1_800] {
            rig.store(device.serial, &reading(seconds, 20.0)).await;
        }
        rig.status(device.serial, r#"{"online":true,"interval_s":60}"#, false).await;
        let slots = assert_slots_are_exact(&db, &device, 6).await;
        assert_eq!(slots.iter().map(|slot| slot.cap_ms).collect::<Vec<_>>(), [1_800_000, 180_000]);
        assert_eq!(slots[1].rollup.covered_ms, 3 * 180_000);
        rig.store(device.serial, &reading(-1_740, 21.0)).await;
        assert_slots_are_exact(&db, &device, 7).await;
        rig.stop().await;
    }

    async fn a_status_that_makes_no_sense_is_refused(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        for payload in ["", "{}", r#"{"online":"yes"}"#, r#"{"online":true,"interval_s":0}"#] {
            assert!(matches!(rig.status(device.serial, payload, false).await, Receipt::Refused(_)), "{payload}");
        }
        rig.stop().await;
    }
}
