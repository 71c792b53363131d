//! "Now" is the newest reading; late ones only go to history.

use domain::reading::Measured;
use server::ingest::Now;

use super::rig::{NOW, Rig, reading, rows};
use crate::store::rig::{new_device, on_both};

on_both! {
    async fn a_late_reading_goes_to_history_and_not_to_now(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        rig.store(device.serial, &reading(0, 22.0)).await;
        rig.store(device.serial, &reading(-3_600, 19.0)).await;
        assert_eq!(rig.heard.last().now, None);
        let now = rig.state(&device).await.now.unwrap();
        assert_eq!((now.at, now.t), (NOW, Some(22.0)));
        let flags: Vec<_> = rows(&db, device.id).await.into_iter().map(|row| row.2).collect();
        assert_eq!(flags, [4, 0], "marked as late");
        rig.stop().await;
    }

    async fn a_fault_never_becomes_now_and_an_unconfirmed_reading_does(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        rig.store(device.serial, &reading(-120, 22.0)).await;
        rig.store(device.serial, &reading(-60, 999.0)).await;
        assert_eq!(rig.heard.last().now, None);
        rig.store(device.serial, &reading(0, 40.0)).await;
        assert_eq!(rig.heard.last().now, Some(Now { at: NOW, t: Some(40.0), h: Some(50.0) }));
        rig.stop().await;
    }

    async fn values_are_shown_calibrated_and_stored_as_sent(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        sqlx::query("UPDATE devices SET t_offset = -1.5, h_offset = 60.0").execute(db.pool()).await.unwrap();
        let rig = Rig::start(&db);
        rig.store(device.serial, &reading(0, 22.0)).await;
        assert_eq!(rig.heard.last().now, Some(Now { at: NOW, t: Some(20.5), h: Some(100.0) }));
        assert_eq!(rows(&db, device.id).await[0].1, Measured { t: Some(22.0), h: Some(50.0) });
        let rollup = rig.state(&device).await.open.unwrap().open.rollup;
        assert_eq!((rollup.t.unwrap().max, rollup.h.unwrap().max), (20.5, 100.0));
        rig.stop().await;
    }

    async fn what_a_reading_carries_besides_is_remembered(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let payload = format!(r#"{{"boot":5,"seq":1,"at":{},"t":20,"light":900,"rssi":-61,"bat":87}}"#, NOW.as_millis());
        rig.store(device.serial, &payload).await;
        let state = rig.state(&device).await;
        assert_eq!((state.extras.light, state.extras.rssi, state.extras.bat), (Some(900), Some(-61), Some(87)));
        assert_eq!(state.boot, Some(5));
        rig.stop().await;
    }
}
