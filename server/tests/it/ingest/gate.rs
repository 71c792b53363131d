//! What the sensor-fault gate says is stored beside the reading, and kept over a restart.

use super::rig::{Rig, reading, rows};
use super::slots::assert_slots_are_exact;
use crate::store::rig::{new_device, on_both};

const FAULT: i64 = 8;
const UNCONFIRMED: i64 = 16;

on_both! {
    async fn impossible_stuck_and_failed_readings_are_stored_as_faults(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        rig.store(device.serial, &reading(-300, 20.0)).await;
        rig.store(device.serial, &reading(-240, -3200.0)).await;
        rig.store(device.serial, &reading(-180, 20.0).replace(r#""t":20,"h":50"#, r#""t":0.2,"h":0.2"#)).await;
        rig.store(device.serial, &reading(-120, 20.0).replace(r#""t":20,"h":50"#, r#""err":"checksum""#)).await;
        rig.store(device.serial, &reading(-60, 21.0)).await;
        let flags: Vec<_> = rows(&db, device.id).await.into_iter().map(|row| row.2).collect();
        assert_eq!(flags, [0, FAULT, FAULT, FAULT, 0]);
        assert_slots_are_exact(&db, &device, 2).await;
        let open = rig.state(&device).await.open.unwrap().open;
        assert_eq!(open.rollup.t.unwrap().min, 20.0);
        rig.stop().await;
    }

    async fn a_jump_waits_for_a_witness_and_is_averaged_once_it_has_one(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        for (seconds, t) in [(-240, 20.0), (-180, 20.1), (-120, 35.0)] {
            rig.store(device.serial, &reading(seconds, t)).await;
        }
        assert_eq!(rows(&db, device.id).await[2].2, UNCONFIRMED);
        assert_slots_are_exact(&db, &device, 2).await;
        let rig = rig.restarted().await;
        rig.store(device.serial, &reading(-60, 36.0)).await;
        let flags: Vec<_> = rows(&db, device.id).await.into_iter().map(|row| row.2).collect();
        assert_eq!(flags, [0, 0, 0, 0]);
        assert_slots_are_exact(&db, &device, 4).await;
        assert_eq!(rig.state(&device).await.open.unwrap().open.rollup.t.unwrap().max, 36.0);
        rig.stop().await;
    }

    async fn a_witness_in_the_next_slot_confirms_a_suspect_in_the_last(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        // 16:00 in Seoul is an hour before the rig's now.
        for (seconds, t) in [(-3_720, 20.0), (-3_660, 20.0), (-3_610, 35.0), (-3_590, 35.0)] {
            rig.store(device.serial, &reading(seconds, t)).await;
        }
        assert_slots_are_exact(&db, &device, 4).await;
        rig.stop().await;
    }

    async fn suspect_and_witness_may_come_in_one_batch(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let items = [reading(-180, 20.0), reading(-120, 35.0), reading(-60, 35.5)];
        rig.store(device.serial, &format!("[{}]", items.join(","))).await;
        assert_slots_are_exact(&db, &device, 3).await;
        rig.stop().await;
    }

    async fn a_single_lie_is_never_averaged(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        for (seconds, t) in [(-240, 24.0), (-180, 12.0), (-120, 24.1)] {
            rig.store(device.serial, &reading(seconds, t)).await;
        }
        assert_eq!(rows(&db, device.id).await[1].2, UNCONFIRMED);
        assert_slots_are_exact(&db, &device, 2).await;
        rig.stop().await;
    }
}
