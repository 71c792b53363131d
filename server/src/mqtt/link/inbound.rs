//! What becomes of a message from the broker.

use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::Publish;
use tokio::sync::mpsc::UnboundedSender;

use domain::wire::topic::{Leaf, Topic};

use super::confirm::Unconfirmed;
use super::gate::{Epoch, Gate};
use crate::clock::Clock;
use crate::ingest::Intake;
use crate::mqtt::counters::{self, Via};
use crate::replies::Replies;

/// Hands messages to the intake.
pub(super) struct Inbound {
    pub(super) intake: Intake,
    pub(super) replies: Replies,
    pub(super) clock: Clock,
    pub(super) gate: Gate,
    pub(super) unconfirmed: UnboundedSender<Unconfirmed>,
}

impl Inbound {
    /// Takes one message. Waits while the intake has no room, and that is meant: nothing more is read meanwhile.
    pub(super) async fn take(&self, epoch: Epoch, message: Publish) {
        let topic = std::str::from_utf8(&message.topic)
            .ok()
            .and_then(|topic| Topic::parse(topic).ok());
        if message.payload.is_empty() {
            // Ours: it takes away what the broker had kept of a device.
            return self.done_with(epoch, message.qos, message.pkid);
        }
        let receipt = match topic {
            Some(Topic {
                serial,
                leaf: Leaf::Telemetry,
            }) if !message.retain => self.intake.submit(serial, message.payload, self.clock.now()).await,
            Some(Topic {
                serial,
                leaf: Leaf::Status,
            }) => self.intake.submit_status(serial, message.payload, message.retain).await,
            Some(Topic {
                serial,
                leaf: Leaf::Reply,
            }) => {
                counters::reply(Via::Link);
                // A retained answer is an old one.
                if !message.retain {
                    let told = message.properties.as_ref();
                    let correlation = told.and_then(|told| told.correlation_data.as_deref());
                    self.replies.take(serial, correlation, &message.payload);
                }
                return self.done_with(epoch, message.qos, message.pkid);
            }
            // A retained reading is somebody's old one, and anything else is none of ours.
            _ => {
                counters::refused_topic(Via::Link, "publish");
                return self.done_with(epoch, message.qos, message.pkid);
            }
        };
        if message.qos == QoS::AtLeastOnce {
            let unconfirmed = Unconfirmed {
                epoch,
                packet_id: message.pkid,
                receipt,
            };
            // Only fails while the server stops; then the message comes again.
            let _ = self.unconfirmed.send(unconfirmed);
        }
    }

    fn done_with(&self, epoch: Epoch, qos: QoS, packet_id: u16) {
        if qos == QoS::AtLeastOnce {
            self.gate.confirm(epoch, packet_id);
        }
    }
}
