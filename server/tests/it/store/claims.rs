//! Claiming and giving back, in the store: exactly one gets a device, and nothing of a home stays with it.

use domain::reading::Measured;
use domain::time::Timestamp;
use server::claims::{Claim, ClaimError, ClaimLimits, claim};
use server::db::devices::{find_credential, find_device, list_devices_of};
use server::db::households::list_households_of;
use server::db::states::{State, find_state};
use server::db::users::{NewUser, insert_user};
use server::db::{Db, UserId};
use server::ingest::replay;
use server::limits::Shared;
use server::products::{Order, Product};

use super::rig::{on_both, shop};

const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);
/// How often two people want the same product at the same moment.
const RACES: u32 = 1000;

async fn user(db: &Db, email: &str) -> UserId {
    let user = NewUser {
        email,
        password_hash: None,
        verified_at: Some(NOW),
        operator: false,
    };
    insert_user(db, &user, NOW).await.unwrap()
}

async fn products(db: &Db, count: u32) -> Vec<Product> {
    let order = Order::new(count, "DHT22-ESP32").unwrap();
    shop(db).create(&order, None, NOW).await.unwrap()
}

async fn try_claim(db: &Db, who: UserId, serial: &str, code: &str) -> Result<(), ClaimError> {
    let request = Claim {
        serial,
        code,
        ..Claim::default()
    };
    claim(db, &ClaimLimits::new(&Shared::default()), who, &request, NOW)
        .await
        .map(drop)
}

async fn owners(db: &Db) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM devices WHERE household_id IS NOT NULL")
        .fetch_one(db.pool())
        .await
        .unwrap()
}

on_both! {
    async fn of_two_who_claim_at_the_same_moment_exactly_one_wins_a_thousand_times(db: Db) {
        let people = [user(&db, "ada@example.org").await, user(&db, "eve@example.org").await];
        let mut won = [0; 2];
        for product in products(&db, RACES).await {
            let serial = product.serial.to_string();
            let race = people.map(|who| {
                let (db, serial, code) = (db.clone(), serial.clone(), product.claim_code.clone());
                tokio::spawn(async move { try_claim(&db, who, &serial, &code).await })
            });
            let mut winners = 0;
            for (index, runner) in race.into_iter().enumerate() {
                match runner.await.unwrap() {
                    Ok(()) => {
                        winners += 1;
                        won[index] += 1;
                    }
                    Err(ClaimError::Refused) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            assert_eq!(winners, 1, "{serial}");
        }
        assert_eq!(owners(&db).await, i64::from(RACES));
        for (who, won) in people.into_iter().zip(won) {
            assert_eq!(list_devices_of(&db, who).await.unwrap().len(), won);
            assert!(list_households_of(&db, who).await.unwrap().len() <= 1, "a household is made once");
        }
    }

    async fn a_code_works_once_and_in_any_spelling_and_every_refusal_is_the_same(db: Db) {
        let (ada, eve) = (user(&db, "ada@example.org").await, user(&db, "eve@example.org").await);
        let product = products(&db, 1).await.remove(0);
        let (serial, code) = (product.serial.to_string(), product.claim_code.clone());
        for (serial, code) in [(serial.as_str(), "0000-0000-0000"), ("TL-ZZZZZZZZ", code.as_str()), ("x", "y"), (serial.as_str(), "")] {
            assert!(matches!(try_claim(&db, ada, serial, code).await, Err(ClaimError::Refused)));
        }
        assert!(list_households_of(&db, ada).await.unwrap().is_empty(), "a refusal leaves nothing behind");

        let typed = (format!(" {} ", serial.to_lowercase()), code.to_lowercase().replace('-', " "));
        try_claim(&db, ada, &typed.0, &typed.1).await.unwrap();
        for who in [ada, eve] {
            assert!(matches!(try_claim(&db, who, &serial, &code).await, Err(ClaimError::Refused)));
        }
        let (burnt,): (String,) = sqlx::query_as("SELECT claim_hash FROM devices").fetch_one(db.pool()).await.unwrap();
        assert_eq!(burnt, "");
        assert!(matches!(try_claim(&db, eve, &serial, "").await, Err(ClaimError::Refused)), "nothing opens what is burnt");
    }

    async fn a_name_that_cannot_be_used_burns_nothing(db: Db) {
        let ada = user(&db, "ada@example.org").await;
        let product = products(&db, 1).await.remove(0);
        let serial = product.serial.to_string();
        for (name, zone) in [(Some(" "), None), (None, Some("Mars/Olympus"))] {
            let request = Claim { serial: &serial, code: &product.claim_code, name, zone, room: None };
            let refused = claim(&db, &ClaimLimits::new(&Shared::default()), ada, &request, NOW).await;
            assert!(matches!(refused, Err(ClaimError::Failed(server::error::Error::Invalid { .. }))));
        }
        let request = Claim { serial: &serial, code: &product.claim_code, name: Some("거실"), zone: Some("Europe/Berlin"), room: Some("1층") };
        let device = claim(&db, &ClaimLimits::new(&Shared::default()), ada, &request, NOW).await.unwrap();
        assert_eq!((device.name.as_str(), device.room.as_str(), device.zone.as_str()), ("거실", "1층", "Europe/Berlin"));
        let second = products(&db, 1).await.remove(0);
        let request = Claim { serial: second.serial.as_str(), code: &second.claim_code, ..Claim::default() };
        let second = claim(&db, &ClaimLimits::new(&Shared::default()), ada, &request, NOW).await.unwrap();
        assert_eq!((second.position, second.zone.as_str()), (1, "Europe/Berlin"), "after the first, in the household's zone");
    }

    async fn what_is_given_back_keeps_nothing_of_the_home_and_opens_for_its_next_owner_only(db: Db) {
        let (ada, eve) = (user(&db, "ada@example.org").await, user(&db, "eve@example.org").await);
        let product = products(&db, 1).await.remove(0);
        let serial = product.serial.to_string();
        try_claim(&db, ada, &serial, &product.claim_code).await.unwrap();
        let reading = |minutes: i64, t| (NOW.plus_millis(minutes * 60_000), Measured { t: Some(t), h: Some(50.0) });
        let day: Vec<_> = (0..1440).map(|minute| reading(minute, 20.0)).collect();
        assert_eq!(replay(&db, product.serial, &day).await.unwrap(), 1440);

        let device = find_device(&db, product.serial).await.unwrap().unwrap();
        let later = NOW.plus_millis(86_400_000);
        let after = shop(&db).take_back(&device, later).await.unwrap();

        assert!(list_devices_of(&db, ada).await.unwrap().is_empty());
        for table in ["readings", "slots", "retimed", "rejects"] {
            let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
            let rows: i64 = sqlx::query_scalar(sql).fetch_one(db.pool()).await.unwrap();
            assert_eq!(rows, 0, "{table}");
        }
        assert_eq!(find_state(&db, device.id).await.unwrap(), Some(State::default()));
        assert_ne!(after.mqtt.password, product.mqtt.password);
        let hash = find_credential(&db, product.serial).await.unwrap().unwrap().1;
        assert_eq!(hash, <[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(&after.mqtt.password)));

        assert!(matches!(try_claim(&db, eve, &serial, &product.claim_code).await, Err(ClaimError::Refused)), "the old code");
        try_claim(&db, eve, &serial, &after.claim_code).await.unwrap();
        // The device still holds readings of Ada's home, and sends them: they are not for Eve.
        let mut kept = day[1400..].to_vec();
        kept.push(reading(1500, 23.0));
        assert_eq!(replay(&db, product.serial, &kept).await.unwrap(), 1);
    }

    async fn what_nobody_has_claimed_measures_for_nobody(db: Db) {
        let product = products(&db, 1).await.remove(0);
        let reading = (NOW, Measured { t: Some(21.0), h: None });
        assert_eq!(replay(&db, product.serial, &[reading]).await.unwrap(), 0);
        let ada = user(&db, "ada@example.org").await;
        try_claim(&db, ada, product.serial.as_str(), &product.claim_code).await.unwrap();
        assert_eq!(replay(&db, product.serial, &[reading]).await.unwrap(), 1, "what the device had kept is its owner's");
    }

    async fn an_order_is_carried_out_once_however_often_and_by_however_many_it_is_sent(db: Db) {
        let shop = shop(&db);
        let order = Order::new(1000, "DHT22-ESP32").unwrap();
        let sent = (0..4).map(|_| {
            let (shop, order) = (shop.clone(), order.clone());
            tokio::spawn(async move { shop.create_once("shop", "key-1", &order, NOW).await.unwrap() })
        });
        let mut answers = Vec::new();
        for answer in sent.collect::<Vec<_>>() {
            answers.push(answer.await.unwrap());
        }
        assert!(answers.windows(2).all(|pair| pair[0].products == pair[1].products && pair[0].id == pair[1].id));
        let made: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM devices").fetch_one(db.pool()).await.unwrap();
        assert_eq!(made, 1000);
        let (stored,): (String,) = sqlx::query_as("SELECT answer FROM product_orders").fetch_one(db.pool()).await.unwrap();
        assert!(!stored.contains("TL-") && !stored.contains("password"), "secrets are not stored in clear");

        let other = Order::new(2, "DHT22-ESP32").unwrap();
        let refused = shop.create_once("shop", "key-1", &other, NOW).await;
        assert!(matches!(refused, Err(server::error::Error::Conflict)));
        assert_eq!(shop.create_once("7", "key-1", &other, NOW).await.unwrap().products.len(), 2, "somebody else's key");

        let id = answers[0].id.clone();
        assert!(shop.find_receipt(&id, NOW).await.unwrap().is_some());
        let tomorrow = NOW.plus_millis(server::products::KEPT_MS);
        assert!(shop.find_receipt(&id, tomorrow).await.unwrap().is_none());
        shop.create_once("shop", "key-2", &other, tomorrow.plus_millis(1)).await.unwrap();
        let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM product_orders").fetch_one(db.pool()).await.unwrap();
        assert_eq!(left, 1, "after a day nothing of it is left");
    }
}
