//! A device: a connection of its own, and the server's word for what is stored.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::Packet;
use rumqttc::v5::{AsyncClient, Event, MqttOptions};
use serde::Deserialize;
use tokio::sync::watch;

use crate::clock;

/// As printed by `templog product create`.
#[derive(Deserialize)]
pub struct Product {
    pub serial: String,
    mqtt: Credential,
}

#[derive(Deserialize)]
struct Credential {
    username: String,
    password: String,
}

/// A connected device.
pub struct Device {
    serial: String,
    client: AsyncClient,
    seq: AtomicU64,
    /// The highest sequence number that is stored, and when we heard so.
    stored: watch::Receiver<Option<(u64, Instant)>>,
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

impl Device {
    /// Connects, and listens to what the server says is stored.
    ///
    /// # Errors
    /// If the broker does not let it in.
    pub async fn connect(port: u16, product: Product) -> Result<Self> {
        let Product { serial, mqtt } = product;
        let mut options = MqttOptions::new(&serial, "127.0.0.1", port);
        options.set_credentials(&mqtt.username, &mqtt.password);
        let (client, mut events) = AsyncClient::new(options, 100);
        client
            .subscribe(format!("templog/v1/{serial}/ack"), QoS::AtLeastOnce)
            .await?;
        let (sender, stored) = watch::channel(None);
        let (ready, mut is_ready) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok(event) = events.poll().await {
                match event {
                    Event::Incoming(Packet::SubAck(_)) => _ = ready.send(true),
                    Event::Incoming(Packet::Publish(message)) => {
                        let heard = clock::instant();
                        let Ok(ack) = domain::wire::ack::decode(&message.payload) else {
                            continue;
                        };
                        let last = ack.stored.iter().map(|(_, last)| *last).max();
                        _ = sender.send(last.map(|last| (last, heard)));
                    }
                    _ => {}
                }
            }
        });
        tokio::time::timeout(PATIENCE, is_ready.wait_for(|ready| *ready))
            .await
            .with_context(|| format!("{serial} is not let in"))??;
        Ok(Self {
            serial,
            client,
            seq: AtomicU64::new(0),
            stored,
        })
    }

    /// Publishes a temperature measured now; returns its number and the moment it was handed over.
    ///
    /// # Errors
    /// If the connection is lost.
    pub async fn measure(&self, t: f64) -> Result<(u64, Instant)> {
        let seq = self.seq.fetch_add(1, Ordering::Relaxed) + 1;
        let (at, began) = (clock::unix_ms(), clock::instant());
        let payload = format!(r#"{{"boot":1,"seq":{seq},"at":{at},"t":{t},"h":48.0}}"#);
        let topic = format!("templog/v1/{}/telemetry", self.serial);
        self.client.publish(topic, QoS::AtLeastOnce, false, payload).await?;
        Ok((seq, began))
    }

    /// Waits until the server says that it has stored this one, and returns when we heard so.
    ///
    /// # Errors
    /// If it does not.
    pub async fn stored(&self, seq: u64) -> Result<Instant> {
        let mut stored = self.stored.clone();
        let heard = stored.wait_for(|stored| stored.is_some_and(|(last, _)| last >= seq));
        let heard = tokio::time::timeout(PATIENCE, heard).await;
        let heard = *heard.with_context(|| format!("{} is not told that it is stored", self.serial))??;
        heard.map(|(_, at)| at).context("it was there a moment ago")
    }
}
