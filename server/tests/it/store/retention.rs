//! Old raw readings go in small steps; slots, and whatever a late reading may still need, stay.

use domain::reading::Measured;
use domain::time::Timestamp;
use server::db::readings::delete_readings_before;
use server::db::usage::{find_store_bytes, find_usage};
use server::db::{Db, DeviceId};
use server::ingest::replay;
use server::retention::{LEAST_DAYS, clean_up};

use super::rig::{new_device, on_both};

const DAY_MS: i64 = 86_400_000;
const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

/// A reading every ten minutes for `days` days until now.
async fn device_with_history(db: &Db, days: i64) -> DeviceId {
    let device = new_device(db, "Asia/Seoul", 600).await;
    let readings: Vec<_> = (0..days * 144)
        .map(|n| {
            (
                NOW.plus_millis(-(n * 600_000)),
                Measured {
                    t: Some(20.0),
                    h: Some(50.0),
                },
            )
        })
        .rev()
        .collect();
    replay(db, device.serial, &readings).await.unwrap();
    device.id
}

async fn count(db: &Db, table: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    sqlx::query_scalar(sql).fetch_one(db.pool()).await.unwrap()
}

async fn oldest(db: &Db) -> i64 {
    sqlx::query_scalar("SELECT MIN(at) FROM readings")
        .fetch_one(db.pool())
        .await
        .unwrap()
}

on_both! {
    async fn raw_readings_are_deleted_after_their_time_and_slots_are_not(db: Db) {
        device_with_history(&db, 20).await;
        let slots = count(&db, "slots").await;
        let deleted = clean_up(&db, NOW, 14).await.unwrap();
        assert_eq!(deleted, 6 * 144 - 1);
        assert_eq!(oldest(&db).await, NOW.as_millis() - 14 * DAY_MS);
        assert_eq!(count(&db, "slots").await, slots);
        assert_eq!(clean_up(&db, NOW, 14).await.unwrap(), 0);
    }

    async fn what_a_device_takes_of_the_store_shrinks_with_its_raw_readings(db: Db) {
        let device = device_with_history(&db, 20).await;
        let full = find_usage(&db, device).await.unwrap();
        assert_eq!((full.readings, full.slots), (20 * 144, u64::try_from(count(&db, "slots").await).unwrap()));
        clean_up(&db, NOW, 14).await.unwrap();
        let kept = find_usage(&db, device).await.unwrap();
        assert_eq!((kept.readings, kept.slots), (14 * 144 + 1, full.slots));
        assert!(kept.bytes() < full.bytes());
        assert!(find_store_bytes(&db).await.unwrap() >= kept.bytes());
    }

    async fn a_step_deletes_no_more_than_it_may_and_the_oldest_first(db: Db) {
        let device = device_with_history(&db, 2).await;
        let before = oldest(&db).await;
        assert_eq!(delete_readings_before(&db, device, NOW, 10).await.unwrap(), 10);
        assert_eq!(oldest(&db).await, before + 10 * 600_000);
    }

    async fn what_a_week_late_reading_needs_is_never_deleted(db: Db) {
        device_with_history(&db, 10).await;
        clean_up(&db, NOW, 0).await.unwrap();
        assert_eq!(oldest(&db).await, NOW.as_millis() - i64::from(LEAST_DAYS) * DAY_MS);
    }
}
