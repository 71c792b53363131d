//! One MQTT connection of one device, over rumqttc.
//!
//! A broken connection is dropped with all it had queued and a new one is made: what has to be sent again is the
//! device's decision, not the library's.

use std::pin::Pin;
use std::time::Duration;

use device::Outgoing;
use domain::wire::topic::{Leaf, Topic};
use futures_util::stream::{Stream, StreamExt as _, unfold};
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{ConnectReturnCode, DisconnectReasonCode, Filter, LastWill, PublishProperties};
use rumqttc::v5::{AsyncClient, ConnectionError, Event, MqttOptions, StateError};
use rumqttc::{Outgoing as Sent, Transport};

use crate::account::Account;

/// Messages without a PUBACK at once; the device has bounds of its own, this one keeps the library's tables small.
const WINDOW: u16 = 16;
/// Largest message taken; rumqttc's own default of 10 KiB would not be announced to the broker.
const MAX_PACKET_BYTES: u32 = 256 * 1024;

/// A connection, perhaps still being made.
pub struct Connection {
    client: AsyncClient,
    /// The library's loop as a stream: it must not be interrupted in the middle of a step, and as a stream it is not.
    events: Pin<Box<dyn Stream<Item = Result<Event, ConnectionError>> + Send>>,
    unacked: u16,
}

impl Connection {
    /// Starts to connect; `will` is what the broker shall say when the connection breaks.
    pub fn open(account: &Account, will: &Outgoing) -> Self {
        let broker = &account.broker;
        let mut options = MqttOptions::new(&account.client_id, &broker.host, broker.port);
        options
            .set_credentials(&account.username, &account.password)
            .set_keep_alive(Duration::from_secs(30))
            .set_connection_timeout(10)
            .set_clean_start(true)
            .set_max_packet_size(Some(MAX_PACKET_BYTES))
            .set_outgoing_inflight_upper_limit(WINDOW)
            .set_last_will(LastWill::new(
                will.topic.to_string(),
                will.payload.clone(),
                QoS::AtLeastOnce,
                will.retain,
                None,
            ));
        if broker.tls {
            options.set_transport(Transport::tls_with_default_config());
        }
        // Room for everything in the window, both subscriptions and the farewell.
        let (client, events) = AsyncClient::new(options, usize::from(WINDOW) + 4);
        let events = unfold(events, |mut events| async { Some((events.poll().await, events)) });
        Self {
            client,
            events: Box::pin(events),
            unacked: 0,
        }
    }

    /// The next thing that happens on it.
    pub async fn next(&mut self) -> Result<Event, ConnectionError> {
        self.events.next().await.unwrap_or(Err(ConnectionError::RequestsDone))
    }

    /// Asks for the device's acks and commands.
    pub fn subscribe(&self, account: &Account) {
        let ack = Topic::new(account.serial, Leaf::Ack).to_string();
        let commands = Topic::command_filter(account.serial).to_string();
        let filters = [
            Filter::new(ack, QoS::AtMostOnce),
            Filter::new(commands, QoS::AtLeastOnce),
        ];
        if let Err(error) = self.client.try_subscribe_many(filters) {
            tracing::error!(serial = %account.serial, %error, "cannot subscribe");
        }
    }

    /// Whether another message may be published.
    pub const fn has_room(&self) -> bool {
        self.unacked < WINDOW
    }

    /// Whether everything published was acknowledged by the broker.
    pub const fn is_idle(&self) -> bool {
        self.unacked == 0
    }

    /// Publishes a message; it is the caller's business that there is room.
    pub fn publish(&mut self, outgoing: Outgoing) {
        let Outgoing {
            topic,
            payload,
            retain,
            correlation,
        } = outgoing;
        let properties = PublishProperties {
            correlation_data: correlation.map(Into::into),
            ..Default::default()
        };
        let sent =
            self.client
                .try_publish_with_properties(topic.to_string(), QoS::AtLeastOnce, retain, payload, properties);
        match sent {
            Ok(()) => self.unacked += 1,
            Err(error) => tracing::error!(%topic, %error, "cannot publish"),
        }
    }

    /// The broker acknowledged a message.
    pub const fn on_puback(&mut self) {
        self.unacked = self.unacked.saturating_sub(1);
    }

    /// Sends what is queued and then a DISCONNECT, so that the broker does not say the will.
    pub async fn close(mut self) {
        let _ = self.client.try_disconnect();
        while let Ok(event) = self.next().await {
            if matches!(event, Event::Outgoing(Sent::Disconnect)) {
                return;
            }
        }
    }
}

/// Whether asking again soon would be of no use: wrong password, or somebody else is this device.
pub fn is_refusal(error: &ConnectionError) -> bool {
    use ConnectReturnCode as Code;
    match error {
        ConnectionError::ConnectionRefused(code) => matches!(
            code,
            Code::BadUserNamePassword
                | Code::NotAuthorized
                | Code::BadClientId
                | Code::ClientIdentifierNotValid
                | Code::Banned
                | Code::BadAuthenticationMethod
        ),
        ConnectionError::MqttState(StateError::ServerDisconnect { reason_code, .. }) => {
            matches!(
                reason_code,
                DisconnectReasonCode::SessionTakenOver | DisconnectReasonCode::NotAuthorized
            )
        }
        _ => false,
    }
}
