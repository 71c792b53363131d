//! A model of the server behind the broker: stores every reading once and acknowledges it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::serial::Serial;
use domain::time::Timestamp;
use domain::wire::ack::{Ack, encode_at, ranges};
use domain::wire::telemetry::{Sample, decode};
use domain::wire::topic::{Leaf, REPLY_FILTER, STATUS_FILTER, TELEMETRY_FILTER, Topic};
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Filter, Packet, Publish, PublishProperties};
use rumqttc::v5::{Client, Event, MqttOptions};

use crate::mosquitto::Mosquitto;
use crate::workshop::wait_for;

/// What its acks say that it is.
const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

/// What has arrived.
#[derive(Clone, Default)]
pub struct Arrived {
    /// Every reading, by device and name; how often it came.
    pub readings: BTreeMap<(Serial, u64, u64), (Sample, u32)>,
    /// Every status, in order.
    pub statuses: Vec<(Serial, String)>,
    /// Replies with their correlation data.
    pub replies: Vec<(String, Vec<u8>)>,
    subscribed: bool,
}

pub struct Server {
    client: Client,
    arrived: Arc<Mutex<Arrived>>,
}

impl Server {
    /// Connects and listens, again and again, until the test ends.
    pub fn start(broker: &Mosquitto) -> Self {
        let mut options = MqttOptions::new("server", "127.0.0.1", broker.port);
        options
            .set_keep_alive(Duration::from_secs(5))
            .set_max_packet_size(Some(256 * 1024));
        let (client, mut connection) = Client::new(options, 1000);
        let arrived = Arc::new(Mutex::new(Arrived::default()));
        let server = Self {
            client: client.clone(),
            arrived: arrived.clone(),
        };
        std::thread::spawn(move || {
            for event in connection.iter() {
                match event {
                    Ok(Event::Incoming(Packet::ConnAck(_))) => subscribe(&client),
                    Ok(Event::Incoming(Packet::SubAck(_))) => arrived.lock().unwrap().subscribed = true,
                    Ok(Event::Incoming(Packet::Publish(publish))) => receive(&client, &arrived, &publish),
                    Ok(_) => {}
                    Err(_) => std::thread::sleep(Duration::from_millis(20)),
                }
            }
        });
        wait_for("the server to listen", || server.arrived().subscribed);
        server
    }

    pub fn arrived(&self) -> Arrived {
        self.arrived.lock().unwrap().clone()
    }

    /// The readings of one device in order of their numbers.
    pub fn readings(&self, serial: Serial) -> Vec<Sample> {
        let arrived = self.arrived();
        arrived
            .readings
            .into_iter()
            .filter(|(key, _)| key.0 == serial)
            .map(|(_, (sample, _))| sample)
            .collect()
    }

    pub fn count(&self) -> usize {
        self.arrived.lock().unwrap().readings.len()
    }

    pub fn command(&self, serial: Serial, name: &str, payload: &str, correlation: &str) {
        let topic = Topic::new(serial, Leaf::Command(name)).to_string();
        let properties = PublishProperties {
            response_topic: Some(Topic::new(serial, Leaf::Reply).to_string()),
            correlation_data: Some(correlation.to_owned().into()),
            ..Default::default()
        };
        let payload = payload.to_owned();
        self.client
            .publish_with_properties(topic, QoS::AtLeastOnce, false, payload, properties)
            .unwrap();
    }
}

fn subscribe(client: &Client) {
    let filters = [TELEMETRY_FILTER, STATUS_FILTER, REPLY_FILTER];
    client
        .try_subscribe_many(filters.map(|filter| Filter::new(filter, QoS::AtLeastOnce)))
        .unwrap();
}

fn receive(client: &Client, arrived: &Mutex<Arrived>, publish: &Publish) {
    let topic = std::str::from_utf8(&publish.topic).unwrap();
    let payload = std::str::from_utf8(&publish.payload).unwrap();
    let Topic { serial, leaf } = Topic::parse(topic).unwrap();
    let mut arrived = arrived.lock().unwrap();
    match leaf {
        Leaf::Status => arrived.statuses.push((serial, payload.to_owned())),
        Leaf::Reply => {
            let correlation = publish.properties.as_ref().and_then(|p| p.correlation_data.clone());
            arrived
                .replies
                .push((payload.to_owned(), correlation.unwrap_or_default().to_vec()));
        }
        Leaf::Telemetry => {
            let samples: Vec<Sample> = decode(payload.as_bytes())
                .unwrap()
                .into_iter()
                .map(Result::unwrap)
                .collect();
            let boot = samples[0].id.unwrap().boot;
            let stored = ranges(samples.iter().map(|sample| sample.id.unwrap().seq));
            for sample in samples {
                let id = sample.id.unwrap();
                let entry = arrived
                    .readings
                    .entry((serial, id.boot, id.seq))
                    .or_insert((sample.clone(), 0));
                assert_eq!(entry.0, sample, "one name, two readings");
                entry.1 += 1;
            }
            let ack = encode_at(&Ack { boot, stored }, NOW);
            client
                .try_publish(Topic::new(serial, Leaf::Ack).to_string(), QoS::AtMostOnce, false, ack)
                .unwrap();
        }
        Leaf::Ack | Leaf::Command(_) => panic!("nobody publishes to {topic}"),
    }
}
