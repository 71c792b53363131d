//! Clients that people really use, on both doors and both versions of the protocol.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use super::raw::{BOTH, Level};
use super::site::{PATIENCE, Site, Sold};
use crate::harness::mosquitto::Mosquitto;
use crate::harness::process::run;

fn mosquitto_pub(address: SocketAddr, device: &Sold, level: Level, topic: &str, payload: &str) -> Command {
    let version = if level == Level::V4 { "mqttv311" } else { "mqttv5" };
    let mut command = Command::new("mosquitto_pub");
    command.args([
        "-h",
        &address.ip().to_string(),
        "-p",
        &address.port().to_string(),
        "-V",
        version,
        "-q",
        "1",
    ]);
    command.args([
        "-i",
        device.serial.as_str(),
        "-u",
        device.serial.as_str(),
        "-P",
        &device.password,
    ]);
    command.args(["-t", topic, "-m", payload]);
    command
}

async fn rumqttc_v4(address: SocketAddr, device: &Sold, payload: &str) {
    use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
    let mut options = MqttOptions::new(device.serial.as_str(), address.ip().to_string(), address.port());
    options.set_credentials(device.serial.as_str(), &device.password);
    let (client, mut connection) = AsyncClient::new(options, 10);
    client
        .publish(device.topic("telemetry"), QoS::AtLeastOnce, false, payload)
        .await
        .expect("the client takes it");
    let acknowledged = async {
        while !matches!(
            connection.poll().await.expect("the connection stands"),
            Event::Incoming(Packet::PubAck(_))
        ) {}
    };
    tokio::time::timeout(PATIENCE, acknowledged)
        .await
        .expect("PUBACK comes in time");
}

async fn rumqttc_v5(address: SocketAddr, device: &Sold, payload: &str) {
    use rumqttc::v5::mqttbytes::QoS;
    use rumqttc::v5::mqttbytes::v5::{Packet, PubAckReason};
    use rumqttc::v5::{AsyncClient, Event, MqttOptions};
    let mut options = MqttOptions::new(device.serial.as_str(), address.ip().to_string(), address.port());
    options
        .set_credentials(device.serial.as_str(), &device.password)
        .set_keep_alive(Duration::from_secs(30));
    let (client, mut connection) = AsyncClient::new(options, 10);
    client
        .publish(device.topic("telemetry"), QoS::AtLeastOnce, false, payload.to_owned())
        .await
        .expect("the client takes it");
    let acknowledged = async {
        loop {
            if let Event::Incoming(Packet::PubAck(ack)) = connection.poll().await.expect("the connection stands") {
                return ack.reason;
            }
        }
    };
    assert_eq!(
        tokio::time::timeout(PATIENCE, acknowledged)
            .await
            .expect("PUBACK comes in time"),
        PubAckReason::Success
    );
}

async fn everybody_publishes(site: &Site, device: &Sold) {
    for level in BOTH {
        let payload = format!("{{\"boot\":{},\"seq\":1,\"t\":21.5,\"h\":50}}", level as u8);
        run(&mut mosquitto_pub(
            site.address,
            device,
            level,
            &device.topic("telemetry"),
            &payload,
        ));
    }
    rumqttc_v4(site.address, device, "{\"boot\":6,\"seq\":1,\"t\":21.5}").await;
    rumqttc_v5(site.address, device, "{\"boot\":7,\"seq\":1,\"t\":21.5}").await;
    site.wait_stored(device, 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn common_clients_publish_to_the_embedded_broker() {
    let device = Sold::new(0);
    let site = Site::embedded(std::slice::from_ref(&device)).await;
    everybody_publishes(&site, &device).await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn common_clients_publish_to_mosquitto() {
    let device = Sold::new(0);
    let mosquitto = Mosquitto::start(&[device.account()]);
    let site = Site::linked(&mosquitto, std::slice::from_ref(&device)).await;
    everybody_publishes(&site, &device).await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_publish_of_a_common_client_is_stored_by_neither_door() {
    let devices = Sold::many(2);
    let (own, other) = (&devices[0], &devices[1]);
    let mosquitto = Mosquitto::start(&devices.iter().map(Sold::account).collect::<Vec<_>>());
    for site in [Site::embedded(&devices).await, Site::linked(&mosquitto, &devices).await] {
        for level in BOTH {
            // Whether the client reports it is its own affair; that it ends is what matters.
            mosquitto_pub(site.address, own, level, &other.topic("telemetry"), "{\"t\":99}")
                .output()
                .unwrap();
            run(&mut mosquitto_pub(
                site.address,
                own,
                level,
                &own.topic("telemetry"),
                "{\"t\":21.5}",
            ));
        }
        site.wait_stored(own, 2).await;
        assert_eq!(site.stored(other).await, 0);
        site.stop().await;
    }
}
