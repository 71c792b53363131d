//! The examples of docs/devices.md, published as they stand there: what a reader copies must work with both brokers.

use super::raw::{Heard, Hello, Level, Raw, Will};
use super::site::{Site, Sold};
use crate::harness::mosquitto::Mosquitto;

const DOCUMENT: &str = include_str!("../../../../docs/devices.md");
/// The serial in the examples.
const EXAMPLE: &str = "TL-7K3F9Q2M";

/// What one example would do, taken out of its text.
#[derive(Debug)]
struct Sketch {
    name: &'static str,
    will: (String, String),
    birth: Option<(String, String)>,
    telemetry: (String, String),
    qos: u8,
}

/// The text between the first `before` and the `after` that follows.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before:?} in {text}"));
    let (found, _) = rest
        .split_once(after)
        .unwrap_or_else(|| panic!("no {after:?} after {before:?}"));
    found
}

fn block(language: &str) -> String {
    between(DOCUMENT, &format!("```{language}\n"), "```").to_owned()
}

/// A C string literal without its escapes, and its numbers filled in as `printf` does.
fn printed(literal: &str) -> String {
    literal
        .replace("\\\"", "\"")
        .replacen("%.1f", "21.5", 1)
        .replacen("%.1f", "48.2", 1)
}

fn arduino() -> Sketch {
    let text = block("cpp");
    let constant = |name: &str| between(&text, &format!("{name} = \""), "\"").to_owned();
    // A literal ends at the first quote without a backslash before it.
    let literal = |before: &str| printed(between(&text, before, "}\"")) + "}";
    Sketch {
        name: "Arduino",
        will: (constant("STATUS"), literal("STATUS, 1, true, \"")),
        birth: Some((constant("STATUS"), literal("publish(STATUS, \""))),
        telemetry: (constant("TELEMETRY"), literal("sizeof(payload), \"")),
        qos: 0,
    }
}

fn esphome() -> Sketch {
    let text = block("yaml");
    let message = |name: &str| {
        let section = text.split_once(name).expect("the section is there").1;
        (
            between(section, "topic: ", "\n").to_owned(),
            between(section, "payload: '", "'").to_owned(),
        )
    };
    let publish = text.split_once("mqtt.publish:").expect("it publishes").1;
    Sketch {
        name: "ESPHome",
        will: message("will_message:"),
        birth: Some(message("birth_message:")),
        telemetry: (
            between(publish, "topic: ", "\n").to_owned(),
            printed(between(publish, "str_sprintf(\"", "}\"")) + "}",
        ),
        qos: between(publish, "qos: ", "\n").parse().expect("a number"),
    }
}

fn tasmota() -> Sketch {
    let text = block("text");
    let (topic, payload) = between(&text, "DO Publish ", " ENDON")
        .split_once(' ')
        .expect("topic and payload");
    let full = between(&text, "FullTopic ", ";")
        .replace("%topic%", EXAMPLE)
        .replace("%prefix%", "tele");
    Sketch {
        name: "Tasmota",
        will: (format!("{full}LWT"), "Offline".to_owned()),
        birth: Some((format!("{full}LWT"), "Online".to_owned())),
        telemetry: (
            topic.to_owned(),
            payload.replace("%var1%", "21.5").replace("%value%", "48.2"),
        ),
        qos: 0,
    }
}

/// Does what the example does, as the device that was sold.
fn play(site: &Site, device: &Sold, sketch: &Sketch) {
    let own = |topic: &str| topic.replace(EXAMPLE, device.serial.as_str());
    let will_topic = own(&sketch.will.0);
    let hello = Hello {
        will: Some(Will {
            topic: &will_topic,
            payload: &sketch.will.1,
            retain: true,
        }),
        ..Hello::device(Level::V4, device.serial.as_str(), &device.password)
    };
    let (mut client, answer) = Raw::try_connect(site.address, &hello).expect("the broker listens");
    let Heard::Packet(packet) = answer else {
        panic!("{}: {answer:?}", sketch.name)
    };
    assert_eq!(packet.body.get(1), Some(&0), "{} is let in", sketch.name);
    if let Some((topic, payload)) = &sketch.birth {
        client.publish(&own(topic), payload.as_bytes(), 0, 0, true);
    }
    let (topic, payload) = (own(&sketch.telemetry.0), sketch.telemetry.1.as_bytes());
    match sketch.qos {
        0 => client.publish(&topic, payload, 0, 0, false),
        _ => {
            client.publish_and_wait(&topic, payload, 1);
        }
    }
    assert!(
        client.answers_ping(),
        "{} is not cut off for anything it does",
        sketch.name
    );
}

async fn each_sketch_is_stored(site: &Site, devices: &[Sold]) {
    for (device, sketch) in devices.iter().zip([arduino(), esphome(), tasmota()]) {
        play(site, device, &sketch);
        site.wait_stored(device, 1).await;
        let values: (f64, f64) =
            sqlx::query_as("SELECT r.t, r.h FROM readings r JOIN devices d ON d.id = r.device_id WHERE d.serial = ?")
                .bind(device.serial.to_string())
                .fetch_one(site.db.pool())
                .await
                .expect("the reading is there");
        assert_eq!(values, (21.5, 48.2), "{}", sketch.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_sketches_work_with_the_embedded_broker() {
    let devices = Sold::many(3);
    let site = Site::embedded(&devices).await;
    each_sketch_is_stored(&site, &devices).await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_sketches_work_with_mosquitto() {
    let devices = Sold::many(3);
    let accounts: Vec<_> = devices.iter().map(Sold::account).collect();
    let mosquitto = Mosquitto::start(&accounts);
    let site = Site::linked(&mosquitto, &devices).await;
    each_sketch_is_stored(&site, &devices).await;
    site.stop().await;
}
