//! A device that does not give up, and an independent look into the store.

use std::net::SocketAddr;
use std::time::Duration;

use domain::serial::Serial;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::Packet;
use rumqttc::v5::{AsyncClient, Event, MqttOptions};
use serde_json::{Value, json};
use server::db::Db;
use server::products::Product;
use tokio::time::timeout;

use crate::doors::site::poll;
use crate::harness::test_app::TestApp;

/// How long the worst fault may take to be noticed and overcome.
const RECOVERY: Duration = Duration::from_secs(90);
/// A device that has heard nothing for so long begins anew.
const DEVICE_PATIENCE: Duration = Duration::from_secs(5);

/// Sends one reading again and again until it is acknowledged, as a device does.
pub async fn publish_until_acknowledged(broker: SocketAddr, device: Product, seq: i64) {
    let trying = async {
        while timeout(DEVICE_PATIENCE, publish(broker, &device, seq)).await != Ok(Some(())) {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    timeout(RECOVERY, trying).await.expect("it is acknowledged in the end");
}

/// `None`: the connection has broken first.
async fn publish(broker: SocketAddr, device: &Product, seq: i64) -> Option<()> {
    let mqtt = &device.mqtt;
    let mut options = MqttOptions::new(&mqtt.client_id, broker.ip().to_string(), broker.port());
    options.set_credentials(&mqtt.username, &mqtt.password);
    let (client, mut connection) = AsyncClient::new(options, 10);
    let topic = format!("templog/v1/{}/telemetry", device.serial);
    let payload = json!({"boot": 1, "seq": seq, "t": 21.5, "h": 45.0});
    let sent = client.publish(topic, QoS::AtLeastOnce, false, payload.to_string());
    sent.await.ok()?;
    loop {
        if let Event::Incoming(Packet::PubAck(_)) = connection.poll().await.ok()? {
            return Some(());
        }
    }
}

/// How many readings of a device there are, asked past every fault.
pub async fn stored(db: &Db, serial: Serial) -> i64 {
    let sql = "SELECT COUNT(*) FROM readings JOIN devices ON devices.id = device_id WHERE serial = ?";
    let counted = sqlx::query_scalar(sql).bind(serial.to_string());
    counted.fetch_one(db.pool()).await.expect("readings can be counted")
}

/// Waits until so many are stored, and never more.
pub async fn wait_stored(db: &Db, serial: Serial, count: i64) {
    let waiting = async {
        loop {
            let found = stored(db, serial).await;
            assert!(found <= count, "{found} readings, not {count}");
            if found == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(RECOVERY, waiting).await.expect("all readings are stored");
}

/// Waits until `/readyz` answers with this status and says so of this part.
pub async fn wait_told(app: &TestApp, status: u16, part: &str, word: &str) {
    let browser = app.browser();
    let mut last = Value::Null;
    let told = poll(async || {
        let answer = browser.get("/readyz").await;
        let code = answer.status().as_u16();
        last = answer.json().await.ok()?;
        (code == status && last[part] == word).then_some(())
    });
    let told = told.await;
    assert!(told.is_some(), "{part} does not become {word} ({status}): {last}");
}
