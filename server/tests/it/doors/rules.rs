//! A device speaks and hears inside its own subtree only, and a refusal never breaks its connection.

use std::time::Duration;

use super::raw::{BOTH, Heard, Hello, Level, Packet, Raw};
use super::site::{Site, Sold};

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_out_of_bounds_reaches_nobody_and_the_answer_is_well_formed() {
    let devices = Sold::many(2);
    let site = Site::embedded(&devices).await;
    let (own, other) = (&devices[0], &devices[1]);
    let mut victim = Raw::connect(
        site.address,
        &Hello::device(Level::V5, other.serial.as_str(), &other.password),
    );
    assert_eq!(victim.subscribe(&other.topic("#")), 1);

    let mut topics = ["telemetry", "status", "reply", "ack", "cmd/restart", "x"]
        .map(|leaf| other.topic(leaf))
        .to_vec();
    topics.extend(["ack", "cmd/restart", "telemetry/x", "elsewhere"].map(|leaf| own.topic(leaf)));
    topics.extend(["templog/v1/telemetry", "x", "$SYS/x", "$share/g/x", "온도"].map(str::to_owned));
    for level in BOTH {
        let mut client = Raw::connect(site.address, &Hello::device(level, own.serial.as_str(), &own.password));
        for (id, topic) in (1..).zip(&topics) {
            for retain in [false, true] {
                client.publish(topic, b"{\"t\":99,\"online\":true}", 1, id, retain);
                let answer = client.expect(super::raw::PUBACK);
                let [high, low] = id.to_be_bytes();
                match level {
                    Level::V4 => assert_eq!(
                        answer,
                        Packet {
                            first: 0x40,
                            body: vec![high, low]
                        },
                        "{topic}"
                    ),
                    Level::V5 => assert_eq!(answer.body[..3], [high, low, 0x87], "{topic}"),
                }
            }
        }
        client.publish_and_wait(&own.topic("telemetry"), b"{\"t\":21.5}", 99);
    }
    assert_eq!(victim.hear(Duration::from_millis(300)), Heard::Silence);
    assert_eq!((site.stored(own).await, site.stored(other).await), (2, 0));
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_own_subtree_can_be_heard() {
    let devices = Sold::many(2);
    let site = Site::embedded(&devices).await;
    let (own, other) = (&devices[0], &devices[1]);
    let allowed = ["ack", "cmd/#", "cmd/+", "#", "+"].map(|leaf| own.topic(leaf));
    let mut refused = [
        "#",
        "+/+/+/#",
        "templog/v1/#",
        "templog/v1/+/ack",
        "$SYS/#",
        "$share/g/#",
    ]
    .map(str::to_owned)
    .to_vec();
    refused.extend(["ack", "#", "cmd/#"].map(|leaf| other.topic(leaf)));
    refused.push(format!("$share/g/{}", own.topic("ack")));

    for level in BOTH {
        let mut client = Raw::connect(site.address, &Hello::device(level, own.serial.as_str(), &own.password));
        for filter in &allowed {
            assert_eq!(client.subscribe(filter), 1, "{filter}");
        }
        for filter in &refused {
            let code = client.subscribe(filter);
            assert!(code >= 0x80, "{filter} is answered {code:#x}");
        }
        assert!(client.answers_ping());
    }
    site.stop().await;
}
