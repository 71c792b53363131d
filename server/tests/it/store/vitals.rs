//! What operators are told of the store is what is in it.

use domain::presence::{Presence, presence};
use domain::time::Timestamp;
use server::db::outbox::find_backlog;
use server::db::presences::{Presences, count_presences};
use server::db::usage::{find_usage, list_heaviest};

use super::rig::{new_device, on_both};
use crate::outbox::rig::write;

const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

on_both! {
    async fn every_kind_of_presence_is_counted_as_the_domain_tells_it(db: Db) {
        let mut devices = Vec::new();
        for interval_s in [5, 12, 13, 60, 3_600] {
            for age_ms in [0, 29_999, 30_000, 30_001, 60_000, 60_001, 150_000, 150_001, 300_000, 300_001, 18_000_001] {
                for will in [None, Some(NOW)] {
                    let device = new_device(&db, "Asia/Seoul", interval_s).await;
                    let at = NOW.plus_millis(-age_ms);
                    sqlx::query("UPDATE device_states SET now_at = ?, will_at = ? WHERE device_id = ?")
                        .bind(at.as_millis())
                        .bind(will.map(Timestamp::as_millis))
                        .bind(device.id.0)
                        .execute(db.pool())
                        .await
                        .unwrap();
                    devices.push((at, interval_s, will.is_some()));
                }
            }
        }
        new_device(&db, "Asia/Seoul", 60).await;
        for listening_since in [0, 45_000, 200_000].map(|ms| NOW.plus_millis(-ms)).into_iter().chain([Timestamp::from_millis(0)]) {
            let mut expected = Presences { never_seen: 1, ..Presences::default() };
            for (at, interval_s, will) in &devices {
                match presence(Some(*at), *interval_s, *will, listening_since, NOW) {
                    Presence::Online => expected.online += 1,
                    Presence::Late => expected.late += 1,
                    Presence::Offline => expected.offline += 1,
                    Presence::NeverSeen => panic!("it was seen"),
                }
            }
            assert_eq!(count_presences(&db, listening_since, NOW).await.unwrap(), expected, "{listening_since:?}");
        }
    }

    async fn the_heaviest_devices_come_first_and_weigh_what_they_have(db: Db) {
        let (light, heavy) = (new_device(&db, "UTC", 60).await, new_device(&db, "UTC", 60).await);
        new_device(&db, "UTC", 60).await;
        for (device, rows) in [(light.id, 2_i64), (heavy.id, 5)] {
            for at in 0..rows {
                sqlx::query("INSERT INTO readings (device_id, at, flags) VALUES (?, ?, 0)")
                    .bind(device.0)
                    .bind(at)
                    .execute(db.pool())
                    .await
                    .unwrap();
            }
        }
        let found = list_heaviest(&db, 20).await.unwrap();
        let names: Vec<_> = found.iter().map(|weight| weight.serial.as_str()).collect();
        assert_eq!(names, [heavy.serial.as_str(), light.serial.as_str()], "whoever has nothing is not listed");
        assert_eq!(found[0].usage, find_usage(&db, heavy.id).await.unwrap());
        assert_eq!(list_heaviest(&db, 1).await.unwrap().len(), 1);
    }

    async fn a_letter_that_waits_is_told_with_its_age(db: Db) {
        assert_eq!(find_backlog(&db, NOW).await.unwrap().waiting, 0);
        write(&db, "ann@example.com", "changed:1", NOW.plus_millis(-5_000)).await;
        write(&db, "bob@example.com", "changed:2", NOW).await;
        let backlog = find_backlog(&db, NOW).await.unwrap();
        assert_eq!((backlog.waiting, backlog.dead), (2, 0));
        assert_eq!(backlog.oldest, Some(NOW.plus_millis(-5_000)));
    }
}
