//! One open page: `/ws/live`. Text out, nothing in.
//!
//! The socket ends with its session, with the server, or when the other side no longer reads or
//! answers pings; a page that comes back gets the state of every device first, so nothing it
//! missed matters.

use std::time::Duration;

use app::api::live::LiveEvent;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use bytes::Bytes;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{Interval, MissedTickBehavior};

use super::roll::Entry;
use super::{DeviceView, Glimpse, Hub, Move, Roll, Subscription};
use crate::auth::{Auth, Person, SessionId, Via};
use crate::clock::Clock;
use crate::db::{Db, devices};
use crate::error::Result;
use crate::ingest::IntakeHealth;
use crate::lifecycle::Lifecycle;
use crate::relay::RelayHealth;

/// Longer messages than this close the socket: pages send none at all.
pub const MAX_MESSAGE_BYTES: usize = 1024;

/// How often we ping, look whether the session still exists and whether the household has changed.
const PING_EVERY: Duration = Duration::from_secs(25);
/// A reader that takes nothing for so long is gone; what it missed is told when it comes back.
const SEND_PATIENCE: Duration = Duration::from_secs(10);

/// What sockets need; cheap to clone.
#[derive(Clone)]
pub struct Live {
    /// Where news come from.
    pub hub: Hub,
    /// Whether a session still holds.
    pub auth: Auth,
    /// Who has a socket open.
    pub roll: Roll,
    /// Whether other instances can be heard.
    pub relay: RelayHealth,
    /// Whether readings are stored.
    pub intake: IntakeHealth,
    /// Which devices a person may see.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// When to stop.
    pub lifecycle: Lifecycle,
}

/// Why a socket was closed from our side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    /// The server stops: come back soon.
    Stopping,
    /// Signed out, or no longer allowed.
    Ended,
    /// The store could not be asked.
    Fault,
    /// The other side is gone or does not answer.
    Gone,
}

impl Closing {
    fn frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Stopping => (close_code::AWAY, "the server is stopping"),
            Self::Ended => (close_code::POLICY, "the session has ended"),
            Self::Fault => (close_code::AGAIN, "try again later"),
            Self::Gone => return None,
        };
        Some(CloseFrame {
            code,
            reason: Utf8Bytes::from_static(reason),
        })
    }
}

impl Live {
    /// Serves one socket until it ends.
    pub async fn serve(self, socket: WebSocket, person: Person) {
        let gauge = metrics::gauge!("templog_live_sockets");
        gauge.increment(1.0);
        let mut session = Session {
            socket,
            ended: self.auth.ended_sessions(),
            entry: self.roll.enter(person.via),
            moves: self.hub.moves(),
            news: self.hub.subscribe(),
            ping: tokio::time::interval(PING_EVERY),
            was_heard: true,
            person,
            live: self,
        };
        session.ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let closing = session.run().await;
        session.close(closing).await;
        gauge.decrement(1.0);
    }
}

struct Session {
    live: Live,
    person: Person,
    socket: WebSocket,
    ended: broadcast::Receiver<SessionId>,
    /// Hears of ends that this process has not caused itself.
    entry: Entry,
    moves: broadcast::Receiver<Move>,
    news: Subscription,
    ping: Interval,
    /// Whether anything came from the other side since the last ping.
    was_heard: bool,
}

/// What happened next on a socket.
enum Event {
    Stop,
    News(Vec<Glimpse>),
    Heard,
    Gone,
    Hung,
    Tick,
    SessionsEnded(Result<SessionId, RecvError>),
    Moved(Result<Move, RecvError>),
}

impl Session {
    async fn run(&mut self) -> Closing {
        loop {
            let step = match self.next_event().await {
                Event::Stop => Err(Closing::Stopping),
                Event::Gone => Err(Closing::Ended),
                Event::Hung => Err(Closing::Gone),
                Event::Heard => {
                    self.was_heard = true;
                    Ok(())
                }
                Event::News(glimpses) => self.send(glimpses).await,
                Event::Tick => self.tick().await,
                Event::SessionsEnded(which) => self.check_ended(which).await,
                Event::Moved(who) => self.check_moved(who).await,
            };
            if let Err(closing) = step {
                return closing;
            }
        }
    }

    async fn next_event(&mut self) -> Event {
        tokio::select! {
            () = self.live.lifecycle.cancelled() => Event::Stop,
            () = self.entry.ended.cancelled() => Event::Gone,
            which = self.ended.recv() => Event::SessionsEnded(which),
            who = self.moves.recv() => Event::Moved(who),
            message = self.socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => Event::Hung,
                Some(Ok(_)) => Event::Heard,
            },
            // The first tick is immediate: it is what loads the devices.
            _ = self.ping.tick() => Event::Tick,
            glimpses = self.news.next() => Event::News(glimpses),
        }
    }

    async fn tick(&mut self) -> Result<(), Closing> {
        if !std::mem::take(&mut self.was_heard) {
            return Err(Closing::Gone);
        }
        self.refresh().await?;
        self.deliver(Message::Ping(Bytes::new())).await
    }

    /// Looks again at who this is and which devices that person may see.
    async fn refresh(&mut self) -> Result<(), Closing> {
        match self.load().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Closing::Ended),
            Err(error) => {
                tracing::warn!(%error, "a live socket could not read its devices");
                Err(Closing::Fault)
            }
        }
    }

    async fn load(&mut self) -> Result<bool> {
        let Live { auth, db, clock, .. } = &self.live;
        if !auth.still_holds(&self.person).await? {
            return Ok(false);
        }
        let devices = devices::list_devices_of(db, self.person.id).await?;
        let joined = self.news.watch(&devices.iter().map(|device| device.id).collect());
        let mut stored = Vec::with_capacity(joined.len());
        for device in devices.iter().filter(|device| joined.contains(&device.id)) {
            stored.push((device.id, DeviceView::load(db, device).await?));
        }
        self.news.seed(stored, clock.now());
        Ok(true)
    }

    async fn check_ended(&mut self, which: Result<SessionId, RecvError>) -> Result<(), Closing> {
        match which {
            Ok(session) if self.person.via == Via::Session(session) => Err(Closing::Ended),
            Ok(_) => Ok(()),
            // Too many ended at once to hear of each, or the server is going down: look for ourselves.
            Err(_) => self.refresh().await,
        }
    }

    /// Devices or memberships have changed. Whoever has fallen behind looks for themselves.
    async fn check_moved(&mut self, who: Result<Move, RecvError>) -> Result<(), Closing> {
        match who {
            Ok(moved) if !moved.people().contains(&self.person.id) => Ok(()),
            _ => self.refresh().await,
        }
    }

    async fn send(&mut self, glimpses: Vec<Glimpse>) -> Result<(), Closing> {
        for glimpse in glimpses {
            let event = LiveEvent::from(glimpse);
            let text = serde_json::to_string(&event).expect("plain text and numbers can be encoded");
            self.deliver(Message::Text(text.into())).await?;
        }
        Ok(())
    }

    async fn deliver(&mut self, message: Message) -> Result<(), Closing> {
        let sending = tokio::time::timeout(SEND_PATIENCE, self.socket.send(message));
        match sending.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Closing::Gone),
        }
    }

    async fn close(&mut self, closing: Closing) {
        if let Some(frame) = closing.frame() {
            // Best effort: the other side may be gone already.
            let _ = self.deliver(Message::Close(Some(frame))).await;
        }
    }
}
