//! My data, as one file: everything that is mine, nothing that is anybody else's, and no formula.

use std::io::{Cursor, Read as _};
use std::time::Duration;

use domain::reading::Measured;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::clock::Clock;
use server::db::DeviceId;
use server::db::readings::{Flags, Reading, insert_readings};
use server::export::Export;
use zip::ZipArchive;

use super::rig::{START, both, count};
use crate::harness::browser::Browser;
use crate::harness::test_app::TestApp;

type Zip = ZipArchive<Cursor<Vec<u8>>>;

async fn download(browser: &Browser, path: &str) -> Zip {
    let answer = browser.get(path).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "application/zip");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert!(!answer.headers().contains_key("content-encoding"));
    let bytes = answer.bytes().await.unwrap().to_vec();
    ZipArchive::new(Cursor::new(bytes)).expect("a whole zip")
}

fn file(zip: &mut Zip, name: &str) -> String {
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

async fn rename(browser: &Browser, serial: &str, name: &str) {
    let request = browser.request(Method::PATCH, &format!("/api/v1/devices/{serial}"));
    let request = request.header("origin", browser.origin()).json(&json!({"name": name}));
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn everything_that_is_mine_is_in_one_zip_and_no_cell_is_a_formula() {
    for app in both().await {
        let mina = app.resident("mina@home.example", 1).await;
        let juno = app.resident("juno@other.example", 1).await;
        let browser = app.signed_in(&mina).await;
        rename(&browser, &mina.serial(0), "=HYPERLINK(\"https://evil.example\")").await;
        for minute in 0..3 {
            let at = START.as_millis() + minute * 60_000;
            app.publish(&mina.devices[0], json!({"at": at, "t": -3.5, "h": 50.0}))
                .await;
        }
        app.publish(&juno.devices[0], json!({"at": START.as_millis(), "t": 27.25}))
            .await;

        for path in ["/settings/account/export", "/api/v1/account/export"] {
            let mut zip = download(&browser, path).await;
            let serial = mina.serial(0);
            let names: Vec<_> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
            for name in [
                "README.txt".to_owned(),
                "account.json".to_owned(),
                "devices.csv".to_owned(),
                "events.csv".to_owned(),
                format!("two-hours/{serial}.csv"),
                format!("readings/{serial}.csv"),
            ] {
                assert!(names.contains(&name), "{name} in {names:?}");
            }
            let account: Value = serde_json::from_str(&file(&mut zip, "account.json")).unwrap();
            assert_eq!(account["email"], "mina@home.example");
            assert_eq!(account["homes"][0]["role"], "owner");
            assert_eq!(account["sessions"][0]["ip"], "127.0.0.1");
            let devices = file(&mut zip, "devices.csv");
            assert!(
                devices.contains("\"'=HYPERLINK(\"\"https://evil.example\"\")\""),
                "{devices}"
            );
            let readings = file(&mut zip, &format!("readings/{serial}.csv"));
            assert_eq!(readings.matches(",-3.5,50\r\n").count(), 3, "{readings}");
            let slots = file(&mut zip, &format!("two-hours/{serial}.csv"));
            assert_eq!(slots.lines().count(), 2, "{slots}");
            let all: String = names.iter().map(|name| file(&mut zip, name)).collect();
            assert!(file(&mut zip, "events.csv").contains("\"signed-in\""));
            for secret in ["argon2", "juno", "27.25", &mina.devices[0].mqtt.password] {
                assert!(!all.contains(secret), "{secret}");
            }
        }
        let exports = "SELECT COUNT(*) FROM audit_events WHERE action = 'data-exported'";
        assert_eq!(count(&app, exports).await, 2);
        app.stop().await;
    }
}

/// The largest piece of an export, and how many there are.
async fn pieces(app: &TestApp, clock: &Clock, who: server::db::UserId) -> (usize, usize) {
    let mut export = Export::begin(&app.db, clock, who).await.unwrap();
    let (mut largest, mut number) = (0, 0);
    while let Some(piece) = export.next().await.unwrap() {
        largest = largest.max(piece.len());
        number += 1;
    }
    (largest, number)
}

#[tokio::test]
async fn an_export_of_a_month_takes_no_more_memory_than_one_of_two_days() {
    for app in both().await {
        let mina = app.resident("mina@home.example", 1).await;
        let device: i64 = sqlx::query_scalar("SELECT id FROM devices")
            .fetch_one(app.db.pool())
            .await
            .unwrap();
        let (clock, hand) = Clock::manual(START);
        let mut sizes = Vec::new();
        for days in [0..2, 2..30] {
            let minutes = days.start * 1440..days.end * 1440;
            let reading = |minute: i64| Reading {
                device: DeviceId(device),
                at: START.plus_millis(minute * 60_000),
                raw: Measured {
                    t: Some(20.0 + f64::from(i32::try_from(minute * 7919 % 1000).unwrap()) / 100.0),
                    h: Some(50.0),
                },
                flags: Flags::NONE,
            };
            let readings: Vec<_> = minutes.map(reading).collect();
            let mut tx = app.db.begin_write().await.unwrap();
            insert_readings(&mut tx, &readings).await.unwrap();
            tx.commit().await.unwrap();
            hand.advance(i64::try_from(Duration::from_hours(24).as_millis()).unwrap() * (days.end - days.start));
            sizes.push(pieces(&app, &clock, mina.id).await);
        }
        let [(small, few), (large, many)] = sizes[..] else {
            panic!("two sizes")
        };
        assert!(many > few, "{few} pieces, then {many}");
        assert!(large < 2 * small, "{small} bytes at once, then {large}");
        app.stop().await;
    }
}
