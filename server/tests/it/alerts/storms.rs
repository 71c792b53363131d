//! Everything at once: a cold snap, a power cut. Nobody is missed, and nobody's mailbox is flooded.

use std::collections::{BTreeMap, BTreeSet};

use server::db::devices::Device;
use server::db::households::{Role, insert_household, insert_membership};
use server::db::users::{NewUser, insert_user, update_locale};

use super::rig::{HOT, NOW, Rig, TERMS};
use crate::store::rig::{new_device, on_both};

const HOMES: usize = 20;
const DEVICES: usize = 10;

/// Another home with a person and devices.
async fn home(rig: &Rig, number: usize) -> (String, Vec<Device>) {
    let email = format!("person-{number}@home.example");
    let user = NewUser {
        email: &email,
        password_hash: None,
        verified_at: Some(NOW),
        operator: false,
    };
    let person = insert_user(&rig.db, &user, NOW).await.unwrap();
    update_locale(&rig.db, person, "ko").await.unwrap();
    let mut tx = rig.db.begin_write().await.unwrap();
    let home = insert_household(&mut tx, &format!("집 {number}"), "Asia/Seoul", false, NOW)
        .await
        .unwrap();
    insert_membership(&mut tx, home, person, Role::Owner).await.unwrap();
    tx.commit().await.unwrap();
    let mut devices = Vec::new();
    for _ in 0..DEVICES {
        let device = new_device(&rig.db, "Asia/Seoul", 60).await;
        sqlx::query("UPDATE devices SET household_id = ? WHERE id = ?")
            .bind(home.0)
            .bind(device.id.0)
            .execute(rig.db.pool())
            .await
            .unwrap();
        let device = Device {
            household: Some(home),
            ..device
        };
        rig.rule_for(&device, HOT, TERMS).await;
        devices.push(device);
    }
    (email, devices)
}

on_both! {
    async fn a_storm_over_many_homes_is_one_letter_to_each_person_that_names_every_room(db: Db) {
        let rig = Rig::new(&db).await;
        let mut homes = Vec::new();
        for number in 0..HOMES {
            homes.push(home(&rig, number).await);
        }
        // One device of every home after the other, all of it within a second.
        let all = (0..DEVICES).flat_map(|nth| homes.iter().map(move |(_, devices)| &devices[nth]));
        futures_util::future::join_all(all.map(|device| rig.measure(device, 35.0))).await;
        assert_eq!(rig.post().await.len(), 0, "they wait for each other");
        rig.hand.advance(1_000);
        let letters: BTreeMap<_, _> = rig.post().await.into_iter().map(|letter| (letter.to.clone(), letter)).collect();
        assert_eq!(rig.smtp.taken().len(), HOMES, "one to each");
        for (email, devices) in &homes {
            let body = &letters[email].bodies()[0];
            for device in devices {
                assert!(body.contains(&device.name), "{email} is not told of {}: {body}", device.name);
            }
            let told: BTreeSet<_> = homes.iter().flat_map(|(_, others)| others).map(|other| &other.name).collect();
            let mut strangers = told.into_iter().filter(|name| devices.iter().all(|device| device.name != **name));
            assert!(strangers.all(|name| !body.contains(name.as_str())), "of other homes nothing");
        }
        rig.stop().await;
    }
}
