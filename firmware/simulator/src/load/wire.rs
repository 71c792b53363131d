//! The few MQTT packets a publisher needs, in both versions, by rumqttc's codecs.
//!
//! Its event loop would cost more than what is to be measured, so only the codecs are used here.

use anyhow::{Result, bail};
use bytes::{Bytes, BytesMut};
use rumqttc::mqttbytes::v4;
use rumqttc::v5::mqttbytes::v5;

use crate::account::Account;

/// Largest packet taken, bytes.
const MAX_PACKET_BYTES: u32 = 256 * 1024;

/// A protocol version, and the publication that differs only in id and payload from one reading to the next.
pub enum Wire {
    V4(v4::Publish),
    V5(v5::Publish),
}

/// What the broker says.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// The connection is accepted; the broker takes at most this many unacknowledged messages, if it says so.
    Connected { receive_max: Option<u16> },
    /// A message was taken, or refused.
    PubAck { pkid: u16, accepted: bool },
    /// Something was published to us.
    Message(Bytes),
    /// Nothing we care for.
    Other,
}

impl Wire {
    /// The protocol of that version (4 or 5), publishing to `topic`.
    pub fn new(protocol: u8, topic: &str) -> Self {
        if protocol == 4 {
            let qos = rumqttc::mqttbytes::QoS::AtLeastOnce;
            Self::V4(v4::Publish::from_bytes(topic, qos, Bytes::new()))
        } else {
            let qos = rumqttc::v5::mqttbytes::QoS::AtLeastOnce;
            Self::V5(v5::Publish::new(topic, qos, Bytes::new(), None))
        }
    }

    /// Writes CONNECT and a SUBSCRIBE to `topic` into the empty `out`.
    pub fn sign_in(&self, account: &Account, topic: &str, out: &mut BytesMut) -> Result<()> {
        let Account {
            client_id,
            username,
            password,
            ..
        } = account;
        match self {
            Self::V4(_) => {
                let mut connect = v4::Connect::new(client_id);
                connect.keep_alive = 0;
                connect.clean_session = true;
                connect.set_login(username, password);
                connect.write(out)?;
                let mut subscribe = v4::Subscribe::new(topic, rumqttc::mqttbytes::QoS::AtMostOnce);
                subscribe.pkid = 1;
                subscribe.write(out)?;
            }
            Self::V5(_) => {
                let connect = v5::Connect {
                    keep_alive: 0,
                    client_id: client_id.clone(),
                    clean_start: true,
                    properties: None,
                };
                connect.write(&None, &Some(v5::Login::new(username, password)), out)?;
                let filter = v5::Filter::new(topic, rumqttc::v5::mqttbytes::QoS::AtMostOnce);
                let mut subscribe = v5::Subscribe::new(filter, None);
                subscribe.pkid = 1;
                subscribe.write(out)?;
            }
        }
        Ok(())
    }

    /// Writes a PUBLISH with QoS 1.
    pub fn publish(&mut self, pkid: u16, payload: Bytes, out: &mut BytesMut) -> Result<()> {
        match self {
            Self::V4(publish) => {
                (publish.pkid, publish.payload) = (pkid, payload);
                publish.write(out)?;
            }
            Self::V5(publish) => {
                (publish.pkid, publish.payload) = (pkid, payload);
                publish.write(out)?;
            }
        }
        Ok(())
    }

    /// Takes the next whole packet out of `input`; `None` if there is none yet.
    pub fn read(&self, input: &mut BytesMut) -> Result<Option<Event>> {
        match self {
            Self::V4(_) => match v4::Packet::read(input, MAX_PACKET_BYTES as usize) {
                Ok(packet) => read_v4(packet).map(Some),
                Err(rumqttc::mqttbytes::Error::InsufficientBytes(_)) => Ok(None),
                Err(error) => Err(error.into()),
            },
            Self::V5(_) => match v5::Packet::read(input, Some(MAX_PACKET_BYTES)) {
                Ok(packet) => read_v5(packet).map(Some),
                Err(rumqttc::v5::mqttbytes::Error::InsufficientBytes(_)) => Ok(None),
                Err(error) => Err(error.into()),
            },
        }
    }
}

fn read_v4(packet: v4::Packet) -> Result<Event> {
    Ok(match packet {
        v4::Packet::ConnAck(ack) if ack.code == v4::ConnectReturnCode::Success => {
            Event::Connected { receive_max: None }
        }
        v4::Packet::ConnAck(ack) => bail!("the broker refuses: {:?}", ack.code),
        v4::Packet::PubAck(ack) => Event::PubAck {
            pkid: ack.pkid,
            accepted: true,
        },
        v4::Packet::Publish(publish) => Event::Message(publish.payload),
        _ => Event::Other,
    })
}

fn read_v5(packet: v5::Packet) -> Result<Event> {
    use v5::PubAckReason::{NoMatchingSubscribers, Success};
    Ok(match packet {
        v5::Packet::ConnAck(ack) if ack.code == v5::ConnectReturnCode::Success => Event::Connected {
            receive_max: ack.properties.and_then(|properties| properties.receive_max),
        },
        v5::Packet::ConnAck(ack) => bail!("the broker refuses: {:?}", ack.code),
        v5::Packet::PubAck(ack) => Event::PubAck {
            pkid: ack.pkid,
            accepted: matches!(ack.reason, Success | NoMatchingSubscribers),
        },
        v5::Packet::Publish(publish) => Event::Message(publish.payload),
        v5::Packet::Disconnect(disconnect) => bail!("the broker hangs up: {:?}", disconnect.reason_code),
        _ => Event::Other,
    })
}
