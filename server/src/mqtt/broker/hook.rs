//! What happens to a message before the broker answers: a reading waits here until it is committed.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use domain::serial::Serial;
use domain::wire::status;
use domain::wire::topic::{Leaf, Topic};
use mqtt5::QoS;
use mqtt5::broker::router::MessageRouter;
use mqtt5::broker::{
    BrokerEventHandler, ClientConnectEvent, ClientDisconnectEvent, ClientPublishEvent, PublishAction, RetainedSetEvent,
};
use mqtt5::packet::publish::PublishPacket;
use tokio::time::timeout;

use super::roster::Roster;
use crate::clock::Clock;
use crate::ingest::{Intake, Receipt};
use crate::mqtt::acl::{self, Upward};
use crate::mqtt::counters::{self, Via};
use crate::replies::Replies;

/// How long a device waits for its PUBACK while the database is away. Then its connection is closed, so that a
/// device which keeps coming back does not leave ever more waiting connections behind.
const PATIENCE: Duration = Duration::from_secs(20);
/// The largest status that is handed on and retained, bytes.
const LARGEST_STATUS: usize = 4 * 1024;
/// Nobody may hear this topic.
const NOWHERE: &str = "$templog/nowhere";

type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Hands messages to the intake.
pub(super) struct Hook {
    pub(super) intake: Intake,
    pub(super) replies: Replies,
    pub(super) clock: Clock,
    pub(super) roster: Arc<Roster>,
    /// Set once the broker exists, which needs the hook first.
    pub(super) router: OnceLock<Arc<MessageRouter>>,
}

impl Hook {
    async fn published(&self, event: ClientPublishEvent) -> PublishAction {
        let serial = user(event.user_id.as_deref());
        let said = serial.and_then(|serial| Some((serial, acl::published(serial, &event.topic)?)));
        match said {
            Some((serial, Upward::Telemetry)) => self.telemetry(serial, event).await,
            Some((serial, Upward::Status)) => self.status(serial, event).await,
            Some((serial, Upward::Reply)) => {
                counters::reply(Via::Embedded);
                self.replies
                    .take(serial, event.correlation_data.as_deref(), &event.payload);
                PublishAction::Handled
            }
            // A 3.1.1 client out of bounds: answered like a good one, and dropped.
            None => PublishAction::Handled,
        }
    }

    /// "Handled" also means that a device cannot make its readings retained, nor load the router with them.
    async fn telemetry(&self, serial: Serial, event: ClientPublishEvent) -> PublishAction {
        let receipt = self.intake.telemetry(serial, event.payload, self.clock.now());
        match timeout(PATIENCE, receipt).await {
            Ok(Receipt::Stored { .. } | Receipt::Refused(_)) => PublishAction::Handled,
            Ok(Receipt::Closed) | Err(_) => self.hang_up(&event.client_id).await,
        }
    }

    /// A retained status is taken note of when the broker retains it (below), because a will comes only that way.
    async fn status(&self, serial: Serial, event: ClientPublishEvent) -> PublishAction {
        if event.retain && event.payload.len() <= LARGEST_STATUS {
            return PublishAction::Continue;
        }
        let receipt = self.intake.status(serial, event.payload, false);
        match timeout(PATIENCE, receipt).await {
            Ok(Receipt::Stored { .. } | Receipt::Refused(_)) => PublishAction::Handled,
            Ok(Receipt::Closed) | Err(_) => self.hang_up(&event.client_id).await,
        }
    }

    /// Closes the connection without an acknowledgement: the only honest answer to a reading that is not stored.
    ///
    /// The crate has no such answer, but a message transformed to `QoS` 0 is not acknowledged, and a client that the
    /// router has let go of is closed, before or just after the next packet it sends.
    async fn hang_up(&self, client_id: &str) -> PublishAction {
        counters::unacknowledged();
        if let Some(router) = self.router.get() {
            router.disconnect_client(client_id).await;
        }
        PublishAction::Transform(PublishPacket::new(NOWHERE, Bytes::new(), QoS::AtMostOnce))
    }

    async fn retained(&self, event: RetainedSetEvent) {
        let Ok(Topic {
            serial,
            leaf: Leaf::Status,
        }) = Topic::parse(&event.topic)
        else {
            return;
        };
        if event.cleared || (self.roster.is_taking_over(serial) && is_offline(&event.payload)) {
            return;
        }
        self.hint(serial, event.payload).await;
    }

    async fn disconnected(&self, event: ClientDisconnectEvent) {
        let Some(serial) = user(event.user_id.as_deref()) else {
            return;
        };
        if let Some(will) = self.roster.disconnected(serial).filter(|_| event.unexpected) {
            self.hint(serial, will).await;
        }
    }

    /// Passes on a status that nobody waits for.
    async fn hint(&self, serial: Serial, payload: Bytes) {
        if timeout(PATIENCE, self.intake.status(serial, payload, false))
            .await
            .is_err()
        {
            tracing::debug!(%serial, "a status came while the intake was stuck");
        }
    }
}

/// The will of the connection that is being taken over says "offline" of a device that has just come back.
fn is_offline(payload: &[u8]) -> bool {
    status::decode(payload).is_ok_and(|status| !status.online)
}

fn user(user_id: Option<&str>) -> Option<Serial> {
    Serial::from_canonical(user_id?).ok()
}

impl BrokerEventHandler for Hook {
    fn on_client_connect(&self, event: ClientConnectEvent) -> Answer<'_, ()> {
        counters::connected(Via::Embedded);
        if let Some(serial) = user(event.user_id.as_deref()) {
            let will = event.will_payload.filter(|_| event.will_retain == Some(false));
            self.roster.connected(serial, will);
        }
        Box::pin(std::future::ready(()))
    }

    fn on_client_publish(&self, event: ClientPublishEvent) -> Answer<'_, PublishAction> {
        Box::pin(self.published(event))
    }

    fn on_retained_set(&self, event: RetainedSetEvent) -> Answer<'_, ()> {
        Box::pin(self.retained(event))
    }

    fn on_client_disconnect(&self, event: ClientDisconnectEvent) -> Answer<'_, ()> {
        Box::pin(self.disconnected(event))
    }
}
