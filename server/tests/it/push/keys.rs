//! Who we are at push services.

use server::config::SecretKey;
use server::db::Db;
use server::push::Vapid;
use server::seal::Seal;

use crate::alerts::rig::NOW;
use crate::store::rig::on_both;

async fn key(db: &Db, seal: &Seal) -> String {
    let vapid = Vapid::open(db, seal, "https://home.example".to_owned(), NOW)
        .await
        .unwrap();
    vapid.public_key().to_owned()
}

on_both! {
    async fn a_key_is_made_once_and_all_instances_have_the_same(db: Db) {
        let seal = Seal::new(&SecretKey::generate());
        let (one, other) = tokio::join!(key(&db, &seal), key(&db, &seal));
        assert_eq!(one, other, "even if they start at the same moment");
        assert_eq!(key(&db, &seal).await, one);
        let stored: String = sqlx::query_scalar("SELECT sealed FROM vapid_keys").fetch_one(db.pool()).await.unwrap();
        assert!(seal.open("vapid", &stored).is_some(), "it is stored sealed");
    }

    async fn a_key_that_nobody_can_open_any_more_gives_way_to_another(db: Db) {
        let before = key(&db, &Seal::new(&SecretKey::generate())).await;
        let seal = Seal::new(&SecretKey::generate());
        let after = key(&db, &seal).await;
        assert_ne!(after, before);
        assert_eq!(key(&db, &seal).await, after, "and that one stays");
    }
}
