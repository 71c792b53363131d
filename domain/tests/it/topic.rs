//! Topics: one spelling each, and it reads back.

use domain::serial::Serial;
use domain::wire::topic::{BadTopic, Leaf, Topic};
use proptest::prelude::*;

fn serial() -> Serial {
    "TL-7K3F9Q2M".parse().unwrap()
}

#[test]
fn every_topic_of_the_contract_is_known() {
    for (text, leaf) in [
        ("templog/v1/TL-7K3F9Q2M/telemetry", Leaf::Telemetry),
        ("templog/v1/TL-7K3F9Q2M/status", Leaf::Status),
        ("templog/v1/TL-7K3F9Q2M/ack", Leaf::Ack),
        ("templog/v1/TL-7K3F9Q2M/cmd/read_now", Leaf::Command("read_now")),
        ("templog/v1/TL-7K3F9Q2M/reply", Leaf::Reply),
    ] {
        assert_eq!(Topic::parse(text), Ok(Topic::new(serial(), leaf)), "{text}");
        assert_eq!(Topic::new(serial(), leaf).to_string(), text);
    }
}

#[test]
fn everything_else_is_no_topic_of_ours() {
    for text in [
        "",
        "/",
        "$SYS/broker/uptime",
        "templog/v1/TL-7K3F9Q2M",
        "templog/v1/TL-7K3F9Q2M/",
        "templog/v1/TL-7K3F9Q2M/telemetry/",
        "templog/v1/TL-7K3F9Q2M/telemetry/x",
        "/templog/v1/TL-7K3F9Q2M/telemetry",
        "templog/v2/TL-7K3F9Q2M/telemetry",
        "templog/v1/tl-7k3f9q2m/telemetry",
        "templog/v1/TL-7K3F9Q2I/telemetry",
        "templog/v1/+/telemetry",
        "templog/v1/#",
        "templog/v1/TL-7K3F9Q2M/cmd/",
        "templog/v1/TL-7K3F9Q2M/cmd/#",
        "templog/v1/TL-7K3F9Q2M/cmd/a/b",
        "templog/v1/TL-7K3F9Q2M/cmd/Led",
        "templog/v1/TL-7K3F9Q2M/cmd/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        assert_eq!(Topic::parse(text), Err(BadTopic), "{text}");
    }
}

#[test]
fn a_device_subscribes_to_all_its_commands() {
    assert_eq!(
        Topic::command_filter(serial()).to_string(),
        "templog/v1/TL-7K3F9Q2M/cmd/#"
    );
}

proptest! {
    #[test]
    fn every_topic_reads_back(bits: u64, pick in 0..5, name in "[a-z0-9_-]{1,32}") {
        let leaf = match pick {
            0 => Leaf::Telemetry,
            1 => Leaf::Status,
            2 => Leaf::Ack,
            3 => Leaf::Reply,
            _ => Leaf::Command(&name),
        };
        let topic = Topic::new(Serial::from_bits(bits), leaf);
        let text = topic.to_string();
        prop_assert_eq!(Topic::parse(&text), Ok(topic));
    }

    #[test]
    fn whatever_is_read_is_written_the_same(text in "(templog|x)/v1/TL-[0-9A-Za-z]{7,9}/(telemetry|status|ack|cmd/[a-z#/]{0,5}|reply)") {
        if let Ok(topic) = Topic::parse(&text) {
            prop_assert_eq!(topic.to_string(), text);
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text: String) {
        let _ = Topic::parse(&text);
    }
}
