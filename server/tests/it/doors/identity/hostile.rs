//! Whatever a device tries beyond its own subtree comes to nothing, at either broker.

use std::net::SocketAddr;

use server::products::Product;

use super::{AT_ONCE, QUIET, bring_home, hello, order, shop, shop_at, stored};
use crate::doors::raw::{BOTH, Heard, Hello, Level, PUBACK, Raw, Will};
use crate::harness::dynsec::Dynsec;
use crate::harness::mosquitto::SERVER;
use crate::harness::test_app::TestApp;

pub fn foreign_topics(own: &str, other: &str) -> Vec<String> {
    let mut topics: Vec<_> = [
        "telemetry",
        "status",
        "reply",
        "ack",
        "cmd/restart",
        "cmd/read_now",
        "x",
        "",
    ]
    .map(|leaf| format!("templog/v1/{other}/{leaf}"))
    .into();
    topics.extend(["ack", "cmd/restart", "telemetry/x", "elsewhere"].map(|leaf| format!("templog/v1/{own}/{leaf}")));
    topics.extend([
        format!("templog/v2/{own}/telemetry"),
        format!("templog/v1/{}/telemetry", own.to_lowercase()),
        format!("templog/v1/{own}X/telemetry"),
        format!("/templog/v1/{own}/telemetry"),
    ]);
    topics.extend(
        [
            "templog/v1",
            "templog/v1/telemetry",
            "x",
            "온도",
            "$SYS/broker/uptime",
            "$CONTROL/dynamic-security/v1",
        ]
        .map(str::to_owned),
    );
    topics
}

pub fn foreign_filters(own: &str, other: &str) -> Vec<String> {
    let mut filters: Vec<_> = ["telemetry", "status", "reply", "ack", "cmd/#", "cmd/+", "#", "+"]
        .map(|leaf| format!("templog/v1/{other}/{leaf}"))
        .into();
    filters.extend([
        format!("$share/g/templog/v1/{own}/ack"),
        format!("$share/g/templog/v1/{other}/#"),
        format!("templog/v1/{}/#", own.to_lowercase()),
    ]);
    filters.extend(
        [
            "#",
            "+",
            "+/#",
            "+/+",
            "+/+/+/#",
            "templog/#",
            "templog/v1/#",
            "templog/v1/+/telemetry",
            "templog/v1/+/#",
            "templog/+/+/ack",
            "$SYS/#",
            "$SYS/broker/clients/connected",
            "$CONTROL/#",
            "$CONTROL/dynamic-security/v1/response",
            "$share/g/#",
            "$share/templog/templog/v1/+/telemetry",
            "x",
        ]
        .map(str::to_owned),
    );
    filters
}

/// Who attacks, and whose name is misused.
struct Attack<'a> {
    address: SocketAddr,
    own: &'a Product,
    other: &'a Product,
    level: Level,
}

impl Attack<'_> {
    /// Everything a device may try beyond its own subtree; how much that was.
    fn run(&self) -> usize {
        let (own, other) = (self.own.serial.to_string(), self.other.serial.to_string());
        let mut attacker = Raw::connect(self.address, &hello(self.own, self.level));
        let mut attempts = 0;
        for (id, topic) in (1..).zip(foreign_topics(&own, &other)) {
            for retain in [false, true] {
                attacker.publish(&topic, b"{\"t\":99,\"online\":true}", 1, id, retain);
                assert_eq!(attacker.expect(PUBACK).id(), id, "{topic}");
            }
            attacker.publish(&topic, b"{\"t\":99,\"online\":true}", 0, id, true);
            attempts += 3;
        }
        for filter in foreign_filters(&own, &other) {
            let code = attacker.subscribe(&filter);
            assert!(code >= 0x80, "{:?} {filter} is answered {code:#x}", self.level);
            attempts += 1;
        }
        attempts + self.leave_wills(&own, &other) + self.pretend(&own, &other)
    }

    /// No more than an address may fail at our own broker before it has to wait.
    fn leave_wills(&self, own: &str, other: &str) -> usize {
        let topics: Vec<_> = foreign_topics(own, other).into_iter().take(9).collect();
        for topic in &topics {
            let payload = "{\"online\":true}";
            let will = Some(Will {
                topic,
                payload,
                retain: true,
            });
            // Some brokers refuse such a will, some never publish it: either is fine.
            drop(Raw::try_connect(
                self.address,
                &Hello {
                    will,
                    ..hello(self.own, self.level)
                },
            ));
        }
        topics.len()
    }

    fn pretend(&self, own: &str, other: &str) -> usize {
        let (password, long) = (self.own.mqtt.password.as_str(), "x".repeat(200));
        let (lower, padded) = (own.to_lowercase(), format!("{own} "));
        let client_ids = [other, "x", "templog-server", &lower, &padded, &long].map(|id| (id, own, password));
        let users = [
            (other, other, password),
            (own, own, "wrong"),
            (own, own, ""),
            ("admin", "admin", "admin"),
        ];
        let table: Vec<_> = client_ids.into_iter().chain(users).collect();
        for (client_id, user, password) in &table {
            let hello = Hello {
                client_id,
                user: Some((user, password)),
                ..hello(self.own, self.level)
            };
            assert_ne!(Raw::refusal(self.address, &hello), 0, "{client_id} {user}");
        }
        table.len()
    }
}

async fn nothing_succeeds(app: &TestApp, witness: Option<Raw>) {
    let products = order(app, 2).await;
    bring_home(app).await;
    let (own, other) = (&products[0], &products[1]);
    let mut victim = Raw::connect(app.mqtt_addr, &hello(other, Level::V5));
    assert_eq!(victim.subscribe(&format!("templog/v1/{}/#", other.serial)), 1);
    let mut listeners: Vec<_> = witness.into_iter().chain([victim]).collect();

    let address = app.mqtt_addr;
    let attempts: usize = BOTH
        .map(|level| {
            Attack {
                address,
                own,
                other,
                level,
            }
            .run()
        })
        .iter()
        .sum();

    assert!(attempts >= 200, "{attempts}");
    for listener in &mut listeners {
        assert_eq!(listener.hear(QUIET), Heard::Silence);
    }
    assert_eq!(stored(app).await, 0);
    // The attacker is still a device like any other, and hears nothing of its neighbour.
    let mut attacker = Raw::connect(app.mqtt_addr, &hello(own, Level::V5));
    assert_eq!(attacker.subscribe(&format!("templog/v1/{}/#", own.serial)), 1);
    let mut victim = listeners.pop().unwrap();
    let topic = format!("templog/v1/{}/telemetry", other.serial);
    victim.publish(&topic, b"{\"t\":20}", 1, 7, false);
    // It listens to itself, so it may hear that first.
    while !matches!(victim.hear(AT_ONCE), Heard::Packet(packet) if packet.kind() == PUBACK) {}
    assert_eq!(attacker.hear(QUIET), Heard::Silence);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_hostile_attempts_come_to_nothing_at_the_embedded_broker() {
    nothing_succeeds(&shop(None).await, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_hostile_attempts_come_to_nothing_at_mosquitto() {
    let broker = Dynsec::start();
    let app = shop_at(&broker).await;
    // The server's account hears everything that anybody gets through.
    let hello = Hello {
        client_id: "witness",
        user: Some(SERVER),
        level: Level::V5,
        will: None,
        clean: true,
    };
    let mut witness = Raw::connect(broker.address, &hello);
    assert!(witness.subscribe("templog/#") < 0x80);
    nothing_succeeds(&app, Some(witness)).await;
}
