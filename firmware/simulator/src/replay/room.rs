//! One simulated device: the real device's code, a player for a sensor, and a connection.

use device::{Action, Cause, Config, Device, Incoming, Uptime};
use domain::reading::Measured;
use domain::wire::topic::{Leaf, Topic};
use rumqttc::v5::mqttbytes::v5::{Packet, PubAck, PubAckReason, Publish};
use rumqttc::v5::{ConnectionError, Event};
use tokio::time::{Duration, timeout};
use tokio_util::sync::CancellationToken;

use super::connection::{Connection, is_refusal};
use super::fault::Faults;
use super::player::Player;
use crate::account::Account;
use crate::clock::Clock;

/// After the last reading the server has this long to acknowledge what is missing.
const PATIENCE_MS: u64 = 60_000;
/// How long a Wi-Fi that drops out on demand is away.
const DROPPED_MS: u64 = 500;
/// Taking leave of the broker takes no longer than this.
const FAREWELL: Duration = Duration::from_secs(2);

/// A device, its sensor and its network.
pub struct Room {
    account: Account,
    config: Config,
    boot: u64,
    device: Device,
    player: Player,
    clock: Clock,
    faults: Faults,
    link: Link,
    /// When the recording ended.
    ended: Option<Uptime>,
    /// A restart was asked for and waits until its reply is sent.
    restart_due: bool,
}

enum Link {
    Down { retry_at: Uptime },
    Up(Box<Connection>),
}

#[expect(clippy::large_enum_variant, reason = "it lives for one step, on the stack")]
enum Happened {
    Network(Result<Event, ConnectionError>),
    Time,
    Stop,
}

impl Link {
    async fn next(&mut self) -> Result<Event, ConnectionError> {
        match self {
            Self::Down { .. } => std::future::pending().await,
            Self::Up(connection) => connection.next().await,
        }
    }
}

impl Room {
    /// A device that has just started for the `boot`-th time and will connect at `connect_at`.
    pub fn new(
        account: Account,
        config: Config,
        boot: u64,
        player: Player,
        clock: Clock,
        faults: Faults,
        connect_at: Uptime,
    ) -> Self {
        Self {
            device: Device::new(config.clone(), boot),
            account,
            config,
            boot,
            player,
            clock,
            faults,
            link: Link::Down { retry_at: connect_at },
            ended: None,
            restart_due: false,
        }
    }

    /// Lives until the recording is played and stored, or until told to stop.
    pub async fn run(mut self, stop: CancellationToken) {
        while !self.is_done() {
            self.pump();
            let wake = self.wake();
            let happened = tokio::select! {
                event = self.link.next() => Happened::Network(event),
                () = self.clock.sleep_until(wake) => Happened::Time,
                () = stop.cancelled() => Happened::Stop,
            };
            match happened {
                Happened::Network(Ok(event)) => self.on_event(event),
                Happened::Network(Err(error)) => self.on_broken(&error),
                Happened::Time => self.on_time(),
                Happened::Stop => break,
            }
        }
        self.farewell().await;
    }

    fn is_done(&self) -> bool {
        self.ended
            .is_some_and(|ended| self.device.unstored() == 0 || self.clock.uptime().since(ended) >= PATIENCE_MS)
    }

    fn wake(&self) -> Option<Uptime> {
        let retry = match self.link {
            Link::Down { retry_at } => Some(retry_at),
            Link::Up(_) => None,
        };
        let patience = self.ended.map(|ended| ended.plus_millis(PATIENCE_MS));
        [self.player.due(), self.device.next_wake(), retry, patience]
            .into_iter()
            .flatten()
            .min()
    }

    /// Publishes whatever the device has to say.
    fn pump(&mut self) {
        let Link::Up(connection) = &mut self.link else {
            return;
        };
        while connection.has_room()
            && let Some(outgoing) = self.device.poll(self.clock.uptime())
        {
            for _ in 0..self.faults.copies() {
                connection.publish(outgoing.clone());
            }
        }
        if self.restart_due && connection.is_idle() {
            self.restart();
        }
    }

    fn on_time(&mut self) {
        let now = self.clock.uptime();
        while self.player.due().is_some_and(|due| due <= now) {
            let values = self.player.play(now);
            self.sample(now, values);
            if self.faults.drops() && matches!(self.link, Link::Up(_)) {
                self.lose_connection(now, Cause::Lost);
                // The Wi-Fi is back in a moment, and this was not the broker's fault.
                self.link = Link::Down {
                    retry_at: now.plus_millis(DROPPED_MS),
                };
            }
        }
        if self.player.due().is_none() && self.ended.is_none() {
            tracing::info!(serial = %self.account.serial, "the recording has ended");
            self.ended = Some(now);
        }
        if let Link::Down { retry_at } = self.link
            && retry_at <= now
        {
            self.link = Link::Up(Box::new(Connection::open(&self.account, &self.device.will())));
        }
    }

    fn on_event(&mut self, event: Event) {
        let Link::Up(connection) = &mut self.link else {
            return;
        };
        match event {
            Event::Incoming(Packet::ConnAck(_)) => {
                tracing::info!(serial = %self.account.serial, "connected");
                connection.subscribe(&self.account);
                self.device.on_connected(self.clock.uptime());
            }
            Event::Incoming(Packet::PubAck(PubAck { reason, .. })) => {
                connection.on_puback();
                if !matches!(reason, PubAckReason::Success | PubAckReason::NoMatchingSubscribers) {
                    tracing::warn!(serial = %self.account.serial, ?reason, "the broker refuses a message");
                }
            }
            Event::Incoming(Packet::Publish(publish)) => self.on_message(&publish),
            _ => {}
        }
    }

    fn on_message(&mut self, publish: &Publish) {
        let serial = self.account.serial;
        let topic = std::str::from_utf8(&publish.topic)
            .ok()
            .and_then(|topic| Topic::parse(topic).ok());
        match topic.map(|topic| topic.leaf) {
            Some(Leaf::Ack) => {
                if let Err(error) = self.device.on_ack(&publish.payload) {
                    tracing::warn!(%serial, %error, "an ack that makes no sense");
                }
                let now = self.clock.uptime();
                if let Some(wall) = self.faults.learn(now, &publish.payload) {
                    self.device.on_clock(now, wall);
                }
            }
            // A retained command is an old one.
            Some(Leaf::Command(name)) if !publish.retain => {
                let correlation = publish.properties.as_ref().and_then(|p| p.correlation_data.as_deref());
                let incoming = Incoming {
                    name,
                    payload: &publish.payload,
                    correlation,
                };
                if let Some(action) = self.device.on_command(self.clock.uptime(), incoming) {
                    tracing::info!(%serial, ?action, "told to");
                    self.act(action);
                }
            }
            _ => tracing::debug!(%serial, ?topic, "a message that is none of ours"),
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Measure => {
                let now = self.clock.uptime();
                self.sample(now, self.player.showing());
            }
            Action::SetInterval(interval_s) => self.player.set_interval(interval_s),
            Action::Restart => self.restart_due = true,
            // There is nothing here that could shine; the log says so.
            Action::Identify | Action::Led(_) => {}
        }
    }

    fn on_broken(&mut self, error: &ConnectionError) {
        let cause = if is_refusal(error) { Cause::Refused } else { Cause::Lost };
        let delay_ms = self.lose_connection(self.clock.uptime(), cause);
        tracing::warn!(serial = %self.account.serial, %error, delay_ms, "no connection");
    }

    /// Returns how long it will be without one, ms.
    fn lose_connection(&mut self, now: Uptime, cause: Cause) -> u64 {
        let delay_ms = self.device.on_disconnected(now, cause, rand::random());
        self.link = Link::Down {
            retry_at: now.plus_millis(delay_ms),
        };
        delay_ms
    }

    fn sample(&mut self, now: Uptime, values: Measured) {
        let at = self.faults.at(now, self.clock.wall());
        let values = self.faults.values(values);
        self.device.on_sample(now, Some(at), values.into());
    }

    /// Loses its memory and its connection, as the board does.
    fn restart(&mut self) {
        self.restart_due = false;
        self.boot += 1;
        self.device = Device::new(self.config.clone(), self.boot);
        self.link = Link::Down {
            retry_at: self.clock.uptime(),
        };
    }

    /// Says that it goes, so that nobody has to find out.
    async fn farewell(self) {
        let unstored = self.device.unstored();
        if unstored > 0 {
            tracing::warn!(serial = %self.account.serial, unstored, "ends with readings the server did not confirm");
        }
        if let Link::Up(mut connection) = self.link {
            connection.publish(self.device.will());
            // A broker that does not answer says the will by itself.
            let _ = timeout(FAREWELL, connection.close()).await;
        }
    }
}
