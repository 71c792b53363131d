//! A device as it is flashed: the state machine of `firmware/device` behind a real MQTT 5 client.

use std::time::Duration;

use device::{Action, Config, Device, Incoming, Outgoing, Uptime};
use domain::reading::Measured;
use domain::wire::topic::{Leaf, Topic};
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{LastWill, Packet, Publish, PublishProperties};
use rumqttc::v5::{AsyncClient, Event, EventLoop, MqttOptions};
use serde_json::Value;
use server::clock::Clock;
use server::products::Product;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout};

use super::test_app::{PATIENCE, TestApp};

/// What becomes of a reply before it is sent.
pub type Manner = fn(Outgoing) -> Vec<Outgoing>;

/// As it should be.
pub fn honest(reply: Outgoing) -> Vec<Outgoing> {
    vec![reply]
}

/// Hears, and says nothing.
pub fn silent(_: Outgoing) -> Vec<Outgoing> {
    Vec::new()
}

/// What its sensor says when it is asked.
pub const MEASURED: Measured = Measured {
    t: Some(24.5),
    h: Some(58.25),
};

/// A command as it came in.
#[derive(Clone, Debug)]
pub struct Heard {
    pub name: String,
    pub payload: Value,
    pub correlation: Option<Vec<u8>>,
    pub response_topic: Option<String>,
    pub expiry_s: Option<u32>,
}

/// It lives, and is connected, until it is dropped; then the broker says its will.
pub struct Flashed {
    client: AsyncClient,
    commands: UnboundedReceiver<Heard>,
    life: JoinHandle<()>,
    product: Product,
}

struct Board {
    device: Device,
    client: AsyncClient,
    clock: Clock,
    born: Instant,
    manner: Manner,
    heard: UnboundedSender<Heard>,
    ready: UnboundedSender<()>,
}

impl Flashed {
    /// Connects; returns when it is known to be there and hears commands.
    pub async fn connect(app: &TestApp, product: &Product, manner: Manner) -> Self {
        let device = Device::new(Config::new(product.serial), 1);
        let address = app.mqtt_addr;
        let mut options = MqttOptions::new(&product.mqtt.client_id, address.ip().to_string(), address.port());
        options.set_credentials(&product.mqtt.username, &product.mqtt.password);
        let will = device.will();
        let will = LastWill::new(
            will.topic.to_string(),
            will.payload,
            QoS::AtLeastOnce,
            will.retain,
            None,
        );
        options.set_last_will(will);
        let (client, connection) = AsyncClient::new(options, 100);
        let ((heard, commands), (ready, mut is_ready)) = (mpsc::unbounded_channel(), mpsc::unbounded_channel());
        let board = Board {
            device,
            client: client.clone(),
            clock: app.clock(),
            born: Instant::now(),
            manner,
            heard,
            ready,
        };
        let life = tokio::spawn(board.live(connection));
        let both = async {
            // Its subscription, and its word that it is there.
            is_ready.recv().await.expect("the broker lets it in");
            is_ready.recv().await.expect("the broker lets it in");
        };
        timeout(PATIENCE, both).await.expect("the broker answers in time");
        Self {
            client,
            commands,
            life,
            product: product.clone(),
        }
    }

    /// The next command that comes in.
    pub async fn next(&mut self) -> Heard {
        let next = timeout(PATIENCE, self.commands.recv()).await;
        next.expect("a command comes in time").expect("the device lives")
    }

    /// What has come in so far and was not looked at.
    pub fn so_far(&mut self) -> Vec<Heard> {
        std::iter::from_fn(|| self.commands.try_recv().ok()).collect()
    }

    /// Publishes a reading.
    pub async fn measure(&self, payload: &str) {
        let topic = Topic::new(self.product.serial, Leaf::Telemetry).to_string();
        let published = self.client.publish(topic, QoS::AtLeastOnce, false, payload.to_owned());
        published.await.expect("there is room");
    }

    /// Says something itself on its reply topic.
    pub async fn reply(&self, payload: &str, correlation: Option<&[u8]>) {
        let properties = PublishProperties {
            correlation_data: correlation.map(|bytes| bytes.to_vec().into()),
            ..PublishProperties::default()
        };
        let topic = Topic::new(self.product.serial, Leaf::Reply).to_string();
        self.client
            .publish_with_properties(topic, QoS::AtLeastOnce, false, payload.to_owned(), properties)
            .await
            .expect("there is room");
    }
}

impl Drop for Flashed {
    fn drop(&mut self) {
        self.life.abort();
    }
}

impl Board {
    async fn live(mut self, mut connection: EventLoop) {
        loop {
            while let Some(outgoing) = self.device.poll(self.uptime()) {
                self.send(outgoing).await;
            }
            let wake = self.device.next_wake();
            let wake = wake.map_or_else(
                || Instant::now() + Duration::from_hours(1),
                |wake| self.born + Duration::from_millis(wake.as_millis()),
            );
            tokio::select! {
                event = connection.poll() => match event {
                    Ok(Event::Incoming(packet)) => self.on_packet(packet).await,
                    Ok(Event::Outgoing(_)) => {}
                    // Cut, or not let in: the test finds out by what it waits for.
                    Err(_) => return,
                },
                () = sleep_until(wake) => {}
            }
        }
    }

    async fn on_packet(&mut self, packet: Packet) {
        match packet {
            Packet::ConnAck(_) => {
                let commands = Topic::command_filter(self.serial()).to_string();
                let subscribed = self.client.subscribe(commands, QoS::AtLeastOnce).await;
                subscribed.expect("there is room");
                self.device.on_connected(self.uptime());
            }
            // Who waits for it may have gone on already.
            Packet::SubAck(_) | Packet::PubAck(_) => self.ready.send(()).unwrap_or_default(),
            Packet::Publish(message) => self.on_message(&message),
            _ => {}
        }
    }

    fn on_message(&mut self, message: &Publish) {
        let topic = std::str::from_utf8(&message.topic).expect("topics are UTF-8");
        let Ok(Topic {
            leaf: Leaf::Command(name),
            ..
        }) = Topic::parse(topic)
        else {
            return;
        };
        let told = message.properties.clone().unwrap_or_default();
        let incoming = Incoming {
            name,
            payload: &message.payload,
            correlation: told.correlation_data.as_deref(),
        };
        let now = self.uptime();
        if let Some(Action::Measure) = self.device.on_command(now, incoming) {
            self.device.on_sample(now, Some(self.clock.now()), MEASURED.into());
        }
        // Nobody may be looking any more.
        let _ = self.heard.send(Heard {
            name: name.to_owned(),
            payload: serde_json::from_slice(&message.payload).expect("commands are JSON"),
            correlation: told.correlation_data.map(|bytes| bytes.to_vec()),
            response_topic: told.response_topic,
            expiry_s: told.message_expiry_interval,
        });
    }

    async fn send(&self, outgoing: Outgoing) {
        let is_reply = outgoing.topic.leaf == Leaf::Reply;
        let messages = if is_reply {
            (self.manner)(outgoing)
        } else {
            vec![outgoing]
        };
        for Outgoing {
            topic,
            payload,
            correlation,
            ..
        } in messages
        {
            let properties = PublishProperties {
                correlation_data: correlation.map(Into::into),
                ..PublishProperties::default()
            };
            // Nothing of it is retained: so an acknowledged status is a stored one.
            self.client
                .publish_with_properties(topic.to_string(), QoS::AtLeastOnce, false, payload, properties)
                .await
                .expect("there is room");
        }
    }

    fn serial(&self) -> domain::serial::Serial {
        self.device.will().topic.serial
    }

    fn uptime(&self) -> Uptime {
        Uptime::from_millis(u64::try_from(self.born.elapsed().as_millis()).expect("tests are short"))
    }
}
