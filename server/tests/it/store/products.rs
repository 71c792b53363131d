//! Products: unique, secret, and at once in the owner's home if asked.

use std::collections::HashSet;

use domain::serial::ClaimCode;
use domain::time::Timestamp;
use server::db::devices::{find_credential, find_device_of, list_devices_of};
use server::db::users::{NewUser, insert_user};
use server::db::{Db, UserId};
use server::products::{Order, Product};
use sha2::{Digest, Sha256};

use super::rig::{on_both, shop};

const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

async fn create(db: &Db, count: u32, owner: Option<UserId>) -> Vec<Product> {
    let order = Order::new(count, "DHT22-ESP32").unwrap();
    shop(db).create(&order, owner, NOW).await.unwrap()
}

async fn user(db: &Db, email: &str) -> UserId {
    let user = NewUser {
        email,
        password_hash: None,
        verified_at: Some(NOW),
        operator: false,
    };
    insert_user(db, &user, NOW).await.unwrap()
}

on_both! {
    async fn a_thousand_products_have_a_thousand_serials_codes_and_passwords(db: Db) {
        let products = create(&db, 1000, None).await;
        let distinct = |of: fn(&Product) -> String| products.iter().map(of).collect::<HashSet<_>>().len();
        assert_eq!(distinct(|product| product.serial.to_string()), 1000);
        assert_eq!(distinct(|product| product.claim_code.clone()), 1000);
        assert_eq!(distinct(|product| product.mqtt.password.clone()), 1000);
    }

    async fn a_password_opens_the_broker_and_is_stored_as_a_hash_only(db: Db) {
        let product = create(&db, 1, None).await.remove(0);
        let (_, hash) = find_credential(&db, product.serial).await.unwrap().unwrap();
        assert_eq!(hash, <[u8; 32]>::from(Sha256::digest(&product.mqtt.password)));
        let (stored, claim): (String, String) =
            sqlx::query_as("SELECT password_hash, claim_hash FROM devices").fetch_one(db.pool()).await.unwrap();
        let code: ClaimCode = product.claim_code.parse().unwrap();
        assert_eq!(claim, format!("{:x}", Sha256::digest(code.as_str())));
        assert!(!stored.contains(&product.mqtt.password));
    }

    async fn products_made_for_a_person_are_in_one_home_of_theirs(db: Db) {
        let (ada, eve) = (user(&db, "ada@example.org").await, user(&db, "eve@example.org").await);
        let first = create(&db, 2, Some(ada)).await;
        create(&db, 1, Some(ada)).await;
        let devices = list_devices_of(&db, ada).await.unwrap();
        assert_eq!(devices.len(), 3);
        assert!(devices.iter().all(|device| device.household == devices[0].household));
        assert!(list_devices_of(&db, eve).await.unwrap().is_empty());
        assert!(find_device_of(&db, ada, first[0].serial).await.unwrap().is_some());
        assert!(find_device_of(&db, eve, first[0].serial).await.unwrap().is_none(), "another home's device does not exist");
    }

    async fn renewed_secrets_shut_the_old_ones_out(db: Db) {
        let before = create(&db, 1, None).await.remove(0);
        let device = server::db::devices::find_device(&db, before.serial).await.unwrap().unwrap();
        let after = shop(&db).renew(&device).await.unwrap();
        assert_ne!(before.claim_code, after.claim_code);
        let (_, hash) = find_credential(&db, before.serial).await.unwrap().unwrap();
        assert_eq!(hash, <[u8; 32]>::from(Sha256::digest(&after.mqtt.password)));
    }
}
