//! A question and its answer.

use std::time::Duration;

use device::Outgoing;
use serde_json::json;
use tokio::time::Instant;

use super::rig::{Home, at_both_doors};
use crate::harness::flashed::{MEASURED, honest, silent};

/// The network delivers twice.
fn twice(reply: Outgoing) -> Vec<Outgoing> {
    vec![reply.clone(), reply]
}

/// Its lamp is broken.
fn unable(reply: Outgoing) -> Vec<Outgoing> {
    let payload = json!({"ok": false, "error": "no lamp"}).to_string();
    vec![Outgoing { payload, ..reply }]
}

at_both_doors! {
    async fn a_device_measures_when_it_is_asked_and_its_answer_is_the_answer(home: Home) {
        let mut device = home.device(honest).await;
        let before = home.app.now();
        let answer = home.ask("read_now", "").await;
        assert_eq!((&answer["ok"], &answer["t"], &answer["h"]), (&json!(true), &json!(MEASURED.t), &json!(MEASURED.h)));
        assert!(answer["at"].as_i64().unwrap() >= before.as_millis(), "{answer}");
        assert!(answer.get("id").is_none(), "ids are between us and the device: {answer}");

        let heard = device.next().await;
        let id = heard.payload["id"].as_str().unwrap();
        assert_eq!(heard.name, "read_now");
        assert_eq!(heard.correlation.as_deref(), Some(id.as_bytes()));
        assert_eq!(heard.response_topic, Some(format!("templog/v1/{}/reply", home.serial())));
        assert!(heard.expiry_s.is_some_and(|left| (1..=60).contains(&left)), "{heard:?}");
    }

    async fn every_command_reaches_the_device_with_its_arguments(home: Home) {
        let mut device = home.device(honest).await;
        for (name, arguments) in [("identify", "{}"), ("led", r#"{"on":true}"#), ("restart", ""), ("set", r#"{"interval_s":30}"#)] {
            assert_eq!(home.ask(name, arguments).await["ok"], json!(true), "{name}");
            let heard = device.next().await;
            assert_eq!(heard.name, name);
            let wanted: serde_json::Value = serde_json::from_str(if arguments.is_empty() { "{}" } else { arguments }).unwrap();
            for (argument, value) in wanted.as_object().unwrap() {
                assert_eq!(&heard.payload[argument], value, "{name}");
            }
        }
    }

    async fn that_a_device_cannot_do_it_is_an_answer_too(home: Home) {
        let _device = home.device(unable).await;
        assert_eq!(home.ask("led", r#"{"on":true}"#).await, json!({"ok": false, "error": "no lamp"}));
    }

    async fn an_answer_that_comes_twice_answers_one_question(home: Home) {
        let mut device = home.device(twice).await;
        for name in ["identify", "restart", "identify"] {
            assert_eq!(home.ask(name, "").await, json!({"ok": true}));
            assert_eq!(device.next().await.name, name);
        }
        assert!(device.so_far().is_empty(), "and nothing was sent twice");
    }

    async fn a_device_that_says_nothing_is_given_ten_seconds_and_what_it_says_too_late_answers_nothing_else(home: Home) {
        let mut device = home.device(silent).await;
        let began = Instant::now();
        let (status, why) = home.refusal("identify", "").await;
        assert_eq!((status, why.as_str()), (504, "the device did not answer within 10 s"));
        assert!((10..20).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
        let late = device.next().await;

        let asked = home.ask("identify", "");
        let answered = async {
            let heard = device.next().await;
            let right = heard.correlation.clone().unwrap();
            device.reply(r#"{"ok":false,"error":"late"}"#, late.correlation.as_deref()).await;
            device.reply(r#"{"ok":false,"error":"wrong"}"#, Some(b"00000000000000000000000000000000")).await;
            device.reply(r#"{"ok":false,"error":"none"}"#, None).await;
            device.reply("no JSON", Some(&right)).await;
            device.reply(r#"{"ok":true,"it":"is"}"#, Some(&right)).await;
        };
        let (answer, ()) = tokio::join!(asked, answered);
        assert_eq!(answer, json!({"ok": true, "it": "is"}));
    }

    async fn a_device_that_is_away_is_not_waited_for(home: Home) {
        drop(home.device(honest).await);
        home.wait_away().await;
        let began = Instant::now();
        let (status, why) = home.refusal("read_now", "").await;
        assert_eq!(status, 504);
        assert!(why.starts_with("the device is away since "), "{why}");
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());

        let mut back = home.device(honest).await;
        let answer = home.ask_when_back().await;
        assert_eq!(answer["ok"], json!(true));
        assert_eq!(back.next().await.name, "read_now", "nothing of what was asked before");
    }
}
