//! The demo household: filled once, topped up after a while, and its values are those of the recording.

use std::path::{Path, PathBuf};

use domain::time::Timestamp;
use server::db::devices::{find_credential, list_devices_of};
use server::db::households::list_households_of;
use server::db::users::find_user_by_email;
use server::demo::{EMAIL, Options, seed};
use server::history::{self, Step};
use server::products::{Product, Shop};
use server::zone;
use sha2::{Digest, Sha256};

use super::rig::{on_both, shop};

const MINUTE_MS: i64 = 60_000;

/// 2026-11-20 12:04:30 in Seoul.
const NOW: Timestamp = Timestamp::from_millis(1_795_143_870_000);

fn recording() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../firmware/simulator/rooms/house.csv")
}

fn options<'a>(file: &'a Path, credentials: &'a Path, shop: &'a Shop, days: u16) -> Options<'a> {
    Options {
        file,
        days,
        credentials,
        shop,
    }
}

fn read_credentials(file: &Path) -> Vec<Product> {
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

on_both! {
    async fn three_rooms_have_their_history_and_a_second_run_adds_nothing(db: Db) {
        let (file, folder) = (recording(), tempfile::tempdir().unwrap());
        let credentials = folder.path().join("demo.json");
        let shop = shop(&db);
        let options = options(&file, &credentials, &shop, 20);
        let added = seed(&db, &options, NOW).await.unwrap();
        assert_eq!(added, 3 * (20 * 144 + 12 * 6 + 1));
        assert_eq!(seed(&db, &options, NOW.plus_millis(MINUTE_MS)).await.unwrap(), 0);

        let user = find_user_by_email(&db, EMAIL).await.unwrap().unwrap();
        let home = list_households_of(&db, user.id).await.unwrap().remove(0);
        assert!(home.demo && home.name == "우리 집" && home.zone == "Asia/Seoul");
        let devices = list_devices_of(&db, user.id).await.unwrap();
        assert_eq!(devices.iter().map(|device| device.name.as_str()).collect::<Vec<_>>(), ["거실", "부엌", "욕실"]);
        let seoul = zone::find("Asia/Seoul").unwrap();
        let today = zone::day_of(&seoul, NOW);
        let from = today.saturating_sub(jiff::Span::new().days(20));
        let days = history::history(&db, &devices[0], from, today, Step::Day).await.unwrap();
        assert_eq!(days.len(), 21);
        assert!(days[..20].iter().all(|day| day.n == 144 && (day.coverage - 1.0).abs() < 1e-9));
    }

    async fn yesterday_s_average_is_that_of_the_recorded_day(db: Db) {
        let (file, folder) = (recording(), tempfile::tempdir().unwrap());
        let credentials = folder.path().join("demo.json");
        seed(&db, &options(&file, &credentials, &shop(&db), 3), NOW).await.unwrap();
        // The recording ends on 2016-05-27; forty days before that is today, so yesterday is 2016-04-16.
        let text = std::fs::read_to_string(&file).unwrap();
        let day: Vec<f64> = text.lines().filter(|line| line.starts_with("2016-04-16") && line.contains(",be-living,"))
            .map(|line| line.split(',').nth(2).unwrap().parse().unwrap()).collect();
        #[expect(clippy::cast_precision_loss, reason = "144 values")]
        let expected = day.iter().sum::<f64>() / day.len() as f64;
        let user = find_user_by_email(&db, EMAIL).await.unwrap().unwrap();
        let living = list_devices_of(&db, user.id).await.unwrap().remove(0);
        let yesterday = zone::day_of(&zone::find("Asia/Seoul").unwrap(), NOW).yesterday().unwrap();
        let points = history::history(&db, &living, yesterday, yesterday, Step::Day).await.unwrap();
        assert!((points[0].t.unwrap().avg - expected).abs() < 1e-9);
    }

    async fn a_run_after_an_hour_adds_that_hour(db: Db) {
        let (file, folder) = (recording(), tempfile::tempdir().unwrap());
        let credentials = folder.path().join("demo.json");
        let shop = shop(&db);
        let options = options(&file, &credentials, &shop, 2);
        seed(&db, &options, NOW).await.unwrap();
        assert_eq!(seed(&db, &options, NOW.plus_millis(60 * MINUTE_MS)).await.unwrap(), 3 * 6);
    }

    async fn the_credentials_open_the_broker_and_stay_the_same(db: Db) {
        let (file, folder) = (recording(), tempfile::tempdir().unwrap());
        let credentials = folder.path().join("deep/demo.json");
        let shop = shop(&db);
        let options = options(&file, &credentials, &shop, 1);
        seed(&db, &options, NOW).await.unwrap();
        let first = read_credentials(&credentials);
        assert_eq!(first.len(), 3);
        for product in &first {
            let (_, hash) = find_credential(&db, product.serial).await.unwrap().unwrap();
            assert_eq!(hash, <[u8; 32]>::from(Sha256::digest(&product.mqtt.password)));
        }
        seed(&db, &options, NOW).await.unwrap();
        let password = |products: &[Product]| products[0].mqtt.password.clone();
        assert_eq!(password(&read_credentials(&credentials)), password(&first));
        std::fs::remove_file(&credentials).unwrap();
        seed(&db, &options, NOW).await.unwrap();
        assert_ne!(password(&read_credentials(&credentials)), password(&first), "a lost file means new passwords");
    }
}
