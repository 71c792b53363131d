//! Mail by SMTP: connections that are kept while there is work, each with a limit on every step.
//!
//! The library's own pool is not used: it knows no time limit beyond the first connect, and it takes a connection back
//! whose last exchange was cut short, whose late answer would then be read as the next mail's. Here a connection is
//! kept only after an exchange that ended well.

mod dial;
mod fault;
mod line;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dial::Dialer;
use fault::Fault;
use futures_util::future::join_all;
use line::Line;

use super::Refusal;
use super::config::SmtpUrl;
use super::message::Message822;

/// How long a mail server may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For each step of the exchange.
    pub step: Duration,
    /// For its verdict on a whole mail. Giving up here is what makes doubles, hence longer (RFC 5321 §4.5.3.2.6).
    pub verdict: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            step: Duration::from_mins(1),
            verdict: Duration::from_mins(3),
        }
    }
}

/// Connections kept for the next mail; there are never more than mails at once.
const KEPT_LINES: usize = 16;

/// A mail server.
pub(super) struct Smtp {
    dialer: Dialer,
    /// Connections that wait for the next mail.
    parked: Mutex<Vec<Line>>,
}

impl Smtp {
    /// # Errors
    /// Why the file of certificates cannot be used, as one line for the operator.
    pub fn new(url: SmtpUrl, patience: Patience) -> Result<Self, String> {
        Ok(Self {
            dialer: Dialer::new(url, patience)?,
            parked: Mutex::default(),
        })
    }

    /// Hands over one mail; `Ok` means that the server has taken it.
    pub async fn deliver(&self, message: &Message822) -> Result<(), Refusal> {
        if let Some(line) = self.unpark() {
            match self.send_over(line, message).await {
                Err(fault) if fault.is_stale_line() => tracing::debug!("the mail server had hung up: dialling again"),
                done => return done.map_err(Refusal::from),
            }
        }
        let line = self.dialer.dial().await?;
        Ok(self.send_over(line, message).await?)
    }

    /// Says goodbye on every connection that waits.
    pub async fn hang_up(&self) {
        let idle = std::mem::take(&mut *self.parked.lock().unwrap_or_else(PoisonError::into_inner));
        join_all(idle.into_iter().map(Line::quit)).await;
    }

    async fn send_over(&self, mut line: Line, message: &Message822) -> Result<(), Fault> {
        match line.send(message).await {
            Ok(()) => {
                self.park(line);
                Ok(())
            }
            Err(fault) => {
                if fault.is_reply() {
                    line.quit().await;
                }
                Err(fault)
            }
        }
    }

    fn unpark(&self) -> Option<Line> {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn park(&self, line: Line) {
        let mut parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        if parked.len() < KEPT_LINES {
            parked.push(line);
        }
    }
}
