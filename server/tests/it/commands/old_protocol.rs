//! MQTT 3.1.1 knows no correlation data: the id in the JSON stands for it.

use serde_json::{Value, json};

use super::rig::{Home, at_both_doors};
use crate::doors::raw::{Hello, Level, PUBLISH, Raw};

at_both_doors! {
    async fn a_device_of_the_old_protocol_answers_by_the_id_in_its_json(home: Home) {
        let (serial, address) = (home.serial(), home.app.mqtt_addr);
        let password = home.product().mqtt.password.clone();
        let connected = serial.clone();
        let mut client = tokio::task::spawn_blocking(move || {
            let mut client = Raw::connect(address, &Hello::device(Level::V4, &connected, &password));
            client.subscribe(&format!("templog/v1/{connected}/cmd/#"));
            client
        })
        .await
        .unwrap();
        let answering = tokio::task::spawn_blocking(move || {
            let packet = client.expect(PUBLISH);
            let (topic, payload) = client.open(&packet);
            let command: Value = serde_json::from_slice(&payload).unwrap();
            let reply = json!({"ok": true, "t": 20.5, "id": command["id"]}).to_string();
            client.publish(&format!("templog/v1/{serial}/reply"), reply.as_bytes(), 1, 3, false);
            (topic, client)
        });
        assert_eq!(home.ask("read_now", "").await, json!({"ok": true, "t": 20.5}));
        let (topic, _client) = answering.await.unwrap();
        assert_eq!(topic, format!("templog/v1/{}/cmd/read_now", home.serial()));
    }
}
