//! A setting is kept until its device confirms it, and then everything goes by it.

use serde_json::json;
use server::db::errands::{Errand, Outcome, find_latest_errand};

use super::rig::{Home, at_both_doors};
use crate::doors::site::poll;
use crate::harness::flashed::{honest, silent};

async fn latest(home: &Home) -> Errand {
    let device = server::db::devices::find_device(&home.app.db, home.product().serial).await;
    let id = device.unwrap().unwrap().id;
    find_latest_errand(&home.app.db, id, "set").await.unwrap().unwrap()
}

async fn wait_done(home: &Home) -> Errand {
    let done = poll(async || Some(latest(home).await).filter(|errand| errand.outcome == Some(Outcome::Done))).await;
    done.expect("the device is told and confirms")
}

at_both_doors! {
    async fn an_interval_counts_once_its_device_has_confirmed_it(home: Home) {
        let _device = home.device(honest).await;
        assert_eq!(home.interval_s().await, 60);
        assert_eq!(home.ask("set", r#"{"interval_s":10}"#).await["ok"], json!(true));
        assert_eq!(home.interval_s().await, 10);
        assert_eq!(wait_done(&home).await.attempts, 1);
    }

    async fn a_setting_for_a_device_that_is_away_waits_for_it_and_the_latest_wins(home: Home) {
        drop(home.device(honest).await);
        home.wait_away().await;
        for interval_s in [20, 40] {
            let (status, why) = home.refusal("set", &json!({"interval_s": interval_s}).to_string()).await;
            assert_eq!(status, 504);
            assert!(why.ends_with("the setting is kept and told when it is back"), "{why}");
        }
        assert_eq!(home.interval_s().await, 60, "nothing is confirmed");

        let mut back = home.device(honest).await;
        let told = back.next().await;
        assert_eq!((told.name.as_str(), &told.payload["interval_s"]), ("set", &json!(40)));
        wait_done(&home).await;
        assert_eq!(home.interval_s().await, 40);
        assert!(back.so_far().is_empty(), "the one before it was replaced");
    }

    async fn what_a_device_did_not_confirm_is_told_again_when_it_comes_back(home: Home) {
        let device = home.device(silent).await;
        let (status, why) = home.refusal("set", r#"{"interval_s":20}"#).await;
        assert_eq!((status, why.as_str()), (504, "the device did not answer within 10 s; the setting is kept and told when it is back"));
        drop(device);
        home.wait_away().await;
        let mut back = home.device(honest).await;
        assert_eq!(back.next().await.payload["interval_s"], json!(20));
        wait_done(&home).await;
        assert_eq!(home.interval_s().await, 20);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_leaves_its_home_takes_no_wishes_along() {
    let home = Home::embedded().await;
    drop(home.device(honest).await);
    home.wait_away().await;
    home.refusal("set", r#"{"interval_s":20}"#).await;
    let path = format!("/api/v1/devices/{}", home.serial());
    let released = home.browser.request(reqwest::Method::DELETE, &path);
    let released = released.header("origin", home.browser.origin()).send().await.unwrap();
    assert!(released.status().is_success());
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM errands")
        .fetch_one(home.app.db.pool())
        .await
        .unwrap();
    assert_eq!(left, 0);
}
