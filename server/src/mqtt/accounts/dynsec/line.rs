//! One connection to the plugin: asks, and waits for the answers.

use std::time::Duration;

use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{ConnectReturnCode, Packet, PubAckReason, SubscribeReasonCode};
use rumqttc::v5::{AsyncClient, ConnectionError, Event, EventLoop};
use tokio::time::{Instant, timeout_at};

use super::wire::{self, ANSWERS, Answer, COMMANDS, Command};
use crate::config::BrokerUrl;
use crate::mqtt::link;

/// How long the broker may take to answer one message.
const PATIENCE: Duration = Duration::from_secs(10);
/// A broker without the plugin never answers; one with it answers at once.
const FIRST_PATIENCE: Duration = Duration::from_secs(3);
/// Answers are long: a whole page of clients.
const MAX_PACKET_BYTES: u32 = 4 * 1024 * 1024;

/// Why the plugin cannot be asked.
#[derive(Debug)]
pub(super) enum Fault {
    /// There is no such plugin, or nobody tells us of it.
    NoPlugin,
    /// Our account may not ask.
    NoRights(String),
    /// The connection is gone, or never was.
    Lost(String),
}

/// A connection over which the plugin has answered.
pub(super) struct Line {
    client: AsyncClient,
    connection: EventLoop,
    /// Counts messages, so that late answers to earlier ones are told apart.
    asked: u64,
    /// Random, so that answers to other servers are told apart.
    name: u64,
}

impl Line {
    /// Connects and asks a first question.
    pub async fn open(url: &BrokerUrl) -> Result<Self, Fault> {
        let name: u64 = rand::random();
        let mut options = link::visitor_options(url, &format!("templog-accounts-{name:016x}"))
            .map_err(|error| Fault::Lost(error.to_string()))?;
        options.set_max_packet_size(Some(MAX_PACKET_BYTES));
        let (client, connection) = AsyncClient::new(options, 16);
        let mut line = Self {
            client,
            connection,
            asked: 0,
            name,
        };
        line.subscribe().await?;
        let question = vec![Command::new("getDefaultACLAccess", serde_json::json!({}))];
        line.ask_within(question, FIRST_PATIENCE)
            .await
            .map_err(|fault| match fault {
                // Brokers with files let anybody subscribe to anything, and then say nothing or refuse the question.
                Fault::NoRights(_) => Fault::NoPlugin,
                Fault::Lost(text) if text == SILENT => Fault::NoPlugin,
                other => other,
            })?;
        Ok(line)
    }

    /// Sends commands as one message and waits for all their answers, in order.
    pub async fn ask(&mut self, commands: Vec<Command>) -> Result<Vec<Answer>, Fault> {
        self.ask_within(commands, PATIENCE).await
    }

    /// Keeps the connection alive; resolves when it is lost.
    pub async fn idle(&mut self) -> Fault {
        loop {
            if let Err(error) = self.connection.poll().await {
                return fault(&error);
            }
        }
    }

    async fn ask_within(&mut self, commands: Vec<Command>, patience: Duration) -> Result<Vec<Answer>, Fault> {
        self.asked += 1;
        let token = format!("{:016x}-{}", self.name, self.asked);
        let mut answers: Vec<Option<Answer>> = vec![None; commands.len()];
        let message = wire::encode(&token, commands);
        self.client
            .try_publish(COMMANDS, QoS::AtLeastOnce, false, message)
            .map_err(|_| Fault::Lost("the queue is full".to_owned()))?;
        let deadline = Instant::now() + patience;
        while answers.iter().any(Option::is_none) {
            match self.next(deadline).await? {
                Packet::Publish(message) => {
                    for (place, answer) in wire::decode(&token, &message.payload) {
                        if let Some(slot) = answers.get_mut(place) {
                            *slot = Some(answer);
                        }
                    }
                }
                Packet::PubAck(ack) if ack.reason == PubAckReason::NotAuthorized => {
                    return Err(Fault::NoRights(format!("{COMMANDS}: {:?}", ack.reason)));
                }
                _ => {}
            }
        }
        Ok(answers.into_iter().flatten().collect())
    }

    async fn subscribe(&mut self) -> Result<(), Fault> {
        let deadline = Instant::now() + PATIENCE;
        self.client
            .try_subscribe(ANSWERS, QoS::AtLeastOnce)
            .map_err(|_| Fault::Lost("the queue is full".to_owned()))?;
        loop {
            if let Packet::SubAck(answer) = self.next(deadline).await? {
                let granted = matches!(answer.return_codes.first(), Some(SubscribeReasonCode::Success(_)));
                return if granted {
                    Ok(())
                } else {
                    Err(Fault::NoRights(format!("{ANSWERS}: {:?}", answer.return_codes)))
                };
            }
        }
    }

    async fn next(&mut self, deadline: Instant) -> Result<Packet, Fault> {
        loop {
            match timeout_at(deadline, self.connection.poll()).await {
                Ok(Ok(Event::Incoming(packet))) => return Ok(packet),
                Ok(Ok(Event::Outgoing(_))) => {}
                Ok(Err(error)) => return Err(fault(&error)),
                Err(_) => return Err(Fault::Lost(SILENT.to_owned())),
            }
        }
    }
}

const SILENT: &str = "no answer from the dynamic security plugin";

fn fault(error: &ConnectionError) -> Fault {
    match error {
        ConnectionError::ConnectionRefused(
            ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized | ConnectReturnCode::Banned,
        ) => Fault::NoRights(error.to_string()),
        _ => Fault::Lost(error.to_string()),
    }
}
