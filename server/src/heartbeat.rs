//! Watching the watcher: while readings come in, are stored and letters leave, an address outside is asked for each
//! minute. Whoever is behind it raises the alarm when that stops. What it answers decides nothing here.

use std::sync::Arc;
use std::time::Duration;

use metrics::counter;
use reqwest::Client;
use reqwest::redirect::Policy;

use crate::clock::Clock;
use crate::config::Secret;
use crate::db::Db;
use crate::db::outbox::is_flowing;
use crate::error::{Error, Result};

/// Between two heartbeats.
pub const EVERY: Duration = Duration::from_mins(1);
/// Less than a heartbeat's time, so that they never pile up.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// It was heard.
    Heard,
    /// Nobody answered, or not with a success.
    Unheard,
    /// Not sent, because this is not well.
    Withheld(&'static str),
}

/// Tells somebody outside that all is well; cheap to clone.
#[derive(Clone)]
pub struct Heartbeat {
    client: Client,
    url: Secret,
    db: Db,
    clock: Clock,
    is_intake_open: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl Heartbeat {
    /// Connects to nobody yet.
    ///
    /// # Errors
    /// [`Error::Config`] if no HTTPS client can be made here.
    pub fn new(
        url: Secret,
        db: Db,
        clock: Clock,
        is_intake_open: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Result<Self> {
        let client = Client::builder()
            .redirect(Policy::limited(3))
            .timeout(PATIENCE)
            .user_agent("TempLog")
            .build()
            .map_err(|error| Error::Config(format!("no HTTPS client can be made: {error}")))?;
        Ok(Self {
            client,
            url,
            db,
            clock,
            is_intake_open: Arc::new(is_intake_open),
        })
    }

    /// Looks around, and says that all is well if it is.
    pub async fn beat(&self) -> Beat {
        let beat = match self.ailing().await {
            Some(what) => Beat::Withheld(what),
            None if self.is_heard().await => Beat::Heard,
            None => Beat::Unheard,
        };
        let outcome = match beat {
            Beat::Heard => "heard",
            Beat::Unheard => "unheard",
            Beat::Withheld(what) => {
                tracing::warn!(what, "no heartbeat: this is not well");
                "withheld"
            }
        };
        counter!("templog_heartbeats_total", "outcome" => outcome).increment(1);
        beat
    }

    /// What is not well, if anything.
    async fn ailing(&self) -> Option<&'static str> {
        if !(self.is_intake_open)() {
            return Some("intake");
        }
        let look = is_flowing(&self.db, self.clock.now());
        match tokio::time::timeout(PATIENCE, look).await {
            Ok(Ok(true)) => None,
            Ok(Ok(false)) => Some("outbox"),
            Ok(Err(_)) | Err(_) => Some("database"),
        }
    }

    /// The address is a secret, so the log gets the error without it.
    async fn is_heard(&self) -> bool {
        match self.client.get(self.url.expose()).send().await {
            Ok(answer) if answer.status().is_success() => true,
            Ok(answer) => {
                tracing::warn!(status = answer.status().as_u16(), "the heartbeat is not taken");
                false
            }
            Err(error) => {
                tracing::warn!(error = %error.without_url(), "the heartbeat is not heard");
                false
            }
        }
    }
}
