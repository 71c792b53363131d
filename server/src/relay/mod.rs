//! What one instance tells the others, through Redis: new values, changes of presence, people whose devices changed,
//! and answers of devices that nobody here waits for.
//!
//! Several instances share one database and one broker, and a reading comes in at any of them; the page that shows it
//! may be open at another. Nothing here is needed to be right: the database is, and whoever has missed something reads
//! it there. While Redis is away, and once after it came back, watched devices are looked up every few seconds, so
//! that pages are slower then, and never wrong.

mod bulletin;
mod listen;
mod look_up;
mod speak;

use std::sync::Arc;

use redis::Client;
use tokio::sync::{mpsc, watch};

use crate::config::Secret;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::ingest::Listener;
use crate::lifecycle::Lifecycle;
use crate::live::Hub;
use crate::replies::Replies;
use bulletin::Name;
use listen::Ears;
use speak::Voice;

/// Where all instances listen. Two sites that share a Redis must use different databases of it.
const CHANNEL: &str = "templog:v1:live";
/// Commits that may wait to be told; what finds no room is found in the database by the others.
const WAITING: usize = 256;

/// Whether the other instances can be told and heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There are no others: no Redis is configured.
    Alone,
    /// They can.
    Connected,
    /// Redis does not answer.
    Unreachable,
}

impl Standing {
    /// As `/readyz` says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alone => "in-process",
            Self::Connected => "ok",
            Self::Unreachable => "unreachable",
        }
    }
}

/// Reads the standing; cheap to clone.
#[derive(Clone, Debug)]
pub struct RelayHealth(watch::Receiver<Standing>);

impl RelayHealth {
    /// That of a server without others.
    pub fn alone() -> Self {
        Self(watch::channel(Standing::Alone).1)
    }

    /// The standing now.
    pub fn standing(&self) -> Standing {
        *self.0.borrow()
    }
}

/// A relay that runs.
pub struct Relay {
    /// Wants to be told of every commit.
    pub listener: Arc<dyn Listener>,
    /// How it stands.
    pub health: RelayHealth,
}

/// Joins the other instances, now or as soon as Redis answers.
///
/// # Errors
/// If the address cannot be used.
pub fn start(url: &Secret, hub: &Hub, replies: &Replies, db: &Db, lifecycle: &Lifecycle) -> Result<Relay> {
    let client = Client::open(url.expose())
        .map_err(|error| Error::Config(format!("TEMPLOG_REDIS_URL: {error} (example: redis://localhost:6379)")))?;
    let name = Name::new();
    let (standing, health) = watch::channel(Standing::Unreachable);
    let (voice, waiting) = mpsc::channel(WAITING);
    let speaking = speak::run(client.clone(), name, waiting, hub.moves(), replies.unclaimed());
    let stop = lifecycle.child();
    lifecycle.spawn("relay voice", async move {
        stop.run_until_cancelled_owned(speaking).await;
    });
    let ears = Ears {
        hub: hub.clone(),
        replies: replies.clone(),
        db: db.clone(),
    };
    let listening = listen::run(client, name, ears, standing);
    let stop = lifecycle.child();
    lifecycle.spawn("relay ear", async move {
        stop.run_until_cancelled_owned(listening).await;
    });
    Ok(Relay {
        listener: Arc::new(Voice(voice)),
        health: RelayHealth(health),
    })
}
