//! Who is let in by the embedded broker, and with which code the others are refused.

use std::time::Duration;

use super::raw::{BOTH, Heard, Hello, Level, Raw, Will};
use super::site::{Site, Sold};

/// The codes of CONNACK that mean the same in both versions.
fn code(level: Level, v4: u8, v5: u8) -> u8 {
    if level == Level::V4 { v4 } else { v5 }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_refused_with_the_code_that_says_why() {
    let devices = Sold::many(2);
    let site = Site::embedded(&devices).await;
    let [own, other] = [&devices[0], &devices[1]];
    let (serial, password) = (own.serial.as_str(), own.password.as_str());
    let other_spelling = serial.to_lowercase();

    for level in BOTH {
        let hello = Hello::device(level, serial, password);
        let unknown = Sold::new(99).serial;
        let bad_password = [
            Hello {
                user: Some((serial, "wrong")),
                ..hello.clone()
            },
            Hello {
                user: Some((serial, "")),
                ..hello.clone()
            },
            Hello {
                user: Some((serial, &other.password)),
                ..hello.clone()
            },
            Hello::device(level, unknown.as_str(), password),
            Hello::device(level, "admin", "admin"),
            Hello::device(level, &other_spelling, password),
            Hello {
                user: None,
                ..hello.clone()
            },
        ];
        for hello in bad_password {
            assert_eq!(Raw::refusal(site.address, &hello), code(level, 4, 0x86), "{hello:?}");
        }
        for client_id in [other.serial.as_str(), "", "something"] {
            let hello = Hello {
                client_id,
                ..hello.clone()
            };
            assert_eq!(Raw::refusal(site.address, &hello), code(level, 2, 0x85), "{hello:?}");
        }
        let mut right = Raw::connect(site.address, &hello);
        assert!(right.answers_ping());
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_will_may_only_speak_for_the_device_itself() {
    let devices = Sold::many(2);
    let site = Site::embedded(&devices).await;
    let (own, other) = (&devices[0], &devices[1]);
    let large = "x".repeat(5_000);
    let (own_topic, telemetry, foreign) = (own.topic("status"), own.topic("telemetry"), other.topic("status"));

    for level in BOTH {
        let hello = Hello::device(level, own.serial.as_str(), &own.password);
        let wills = [
            (&foreign, "{\"online\":false}"),
            (&telemetry, "{\"t\":99}"),
            (&own_topic, &large),
        ];
        for (topic, payload) in wills {
            let will = Some(Will {
                topic,
                payload,
                retain: true,
            });
            let refused = Raw::refusal(site.address, &Hello { will, ..hello.clone() });
            assert_eq!(refused, code(level, 5, 0x87), "{topic}");
        }
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_fails_too_often_has_to_wait() {
    let device = Sold::new(0);
    let site = Site::embedded(std::slice::from_ref(&device)).await;
    let wrong = Hello::device(Level::V5, device.serial.as_str(), "wrong");

    let codes: Vec<_> = (0..100).map(|_| Raw::refusal(site.address, &wrong)).collect();
    assert_eq!(codes[..60], [0x86; 60], "the first failures are told why");
    assert!(codes[60..].contains(&0x9F), "the flood is cut off: {codes:x?}");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newer_of_two_connections_wins_and_nothing_is_lost() {
    let device = Sold::new(0);
    let site = Site::embedded(std::slice::from_ref(&device)).await;
    for (round, level) in BOTH.into_iter().enumerate() {
        let hello = Hello::device(level, device.serial.as_str(), &device.password);
        let mut older = Raw::connect(site.address, &hello);
        older.publish_and_wait(&device.topic("telemetry"), b"{\"t\":21.5}", 1);
        let mut newer = Raw::connect(site.address, &hello);

        let rest = std::iter::from_fn(|| Some(older.hear(Duration::from_secs(10))));
        assert!(
            rest.take(3).any(|heard| heard == Heard::Closed),
            "the older one is closed"
        );
        newer.publish_and_wait(&device.topic("telemetry"), b"{\"t\":21.6}", 1);
        site.wait_stored(&device, 2 * (i64::try_from(round).unwrap() + 1)).await;
        drop(newer);
    }
    site.stop().await;
}
