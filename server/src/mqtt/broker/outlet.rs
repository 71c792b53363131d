//! Messages from the server to devices, handed to the broker's router by a task of their own.

use std::sync::Arc;

use bytes::Bytes;
use mqtt5::QoS;
use mqtt5::broker::router::MessageRouter;
use mqtt5::packet::publish::PublishPacket;
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::mqtt::publisher::{Outlet, PublishError, PublishOptions};

/// Messages waiting for the router.
const WAITING: usize = 8_192;

/// The sending end.
pub(super) struct RouterOutlet(Sender<PublishPacket>);

/// The outlet, and what [`deliver`] takes.
pub(super) fn channel() -> (RouterOutlet, Receiver<PublishPacket>) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (RouterOutlet(sender), receiver)
}

/// Routes messages until the outlet is gone.
pub(super) async fn deliver(router: Arc<MessageRouter>, mut messages: Receiver<PublishPacket>) {
    while let Some(message) = messages.recv().await {
        router.route_message(&message, None).await;
    }
}

impl Outlet for RouterOutlet {
    fn try_publish(&self, topic: String, payload: Bytes, options: PublishOptions) -> Result<(), PublishError> {
        let qos = if options.at_least_once {
            QoS::AtLeastOnce
        } else {
            QoS::AtMostOnce
        };
        let answer_to = options.answer_to(&topic);
        let mut message = PublishPacket::new(topic, payload, qos);
        message.retain = options.retain;
        if let Some((answer, correlation)) = answer_to {
            message = message.with_response_topic(answer).with_correlation_data(correlation);
        }
        if let Some(seconds) = options.expiry_s {
            message = message.with_message_expiry_interval(seconds);
        }
        self.0.try_send(message).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => PublishError::Busy,
            mpsc::error::TrySendError::Closed(_) => PublishError::Offline,
        })
    }
}
