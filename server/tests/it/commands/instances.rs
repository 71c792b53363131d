//! The answer comes in at one instance, and whoever asked waits at another.

use serde_json::Value;

use super::rig::tell;
use crate::harness::browser::Browser;
use crate::harness::flashed::{Flashed, honest};
use crate::instances::pair::Pair;

/// The device, and Mina's browsers, one at each instance.
async fn switched_on(pair: &Pair) -> (Flashed, String, [Browser; 2]) {
    let device = Flashed::connect(&pair.first, &pair.mina.devices[0], honest).await;
    let browsers = [
        pair.first.signed_in(&pair.mina).await,
        pair.second.signed_in(&pair.mina).await,
    ];
    (device, pair.mina.serial(0), browsers)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_finds_its_question_at_whichever_instance_it_comes_in() {
    let pair = Pair::start().await;
    let (_device, serial, browsers) = switched_on(&pair).await;
    // The broker gives the answers to the two instances in turn: some of these come in at the other one.
    for turn in 0..6 {
        for (instance, browser) in browsers.iter().enumerate() {
            let answer = tell(browser, &serial, "identify", "").await;
            assert_eq!(answer.status(), 200, "turn {turn} at {instance}");
            let answer: Value = answer.json().await.unwrap();
            assert_eq!(answer["ok"], true);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_is_confirmed_at_whichever_instance_the_device_answers() {
    let pair = Pair::start().await;
    let (_device, serial, browsers) = switched_on(&pair).await;
    for (turn, interval_s) in [30_u64, 45, 90, 120].into_iter().enumerate() {
        let browser = &browsers[turn % 2];
        let answer = tell(browser, &serial, "set", &format!(r#"{{"interval_s":{interval_s}}}"#)).await;
        assert_eq!(answer.status(), 200);
        for browser in &browsers {
            let device = browser.json(&format!("/api/v1/devices/{serial}")).await;
            assert_eq!(device["interval_s"], interval_s);
        }
    }
}
