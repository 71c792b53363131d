//! The post office: hands one mail to wherever mail goes.

use std::sync::Arc;

use super::config::{MailConfig, Sender, Transport};
use super::message::{Outgoing, compose};
use super::smtp::{Patience, Smtp};
use super::{Refusal, folder};
use crate::error::{Error, Result};

/// Sends mail; cheap to clone.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    from: Sender,
    way: Way,
}

enum Way {
    Folder(std::path::PathBuf),
    Smtp(Box<Smtp>),
}

impl Mailer {
    /// Gets ready to send; connects to nobody yet.
    ///
    /// # Errors
    /// [`Error::Config`] if the file of certificates cannot be used.
    pub fn new(config: &MailConfig) -> Result<Self> {
        Self::with_patience(config, Patience::default())
    }

    /// The same, with other limits on how long a mail server may take.
    ///
    /// # Errors
    /// As [`Mailer::new`].
    pub fn with_patience(config: &MailConfig, patience: Patience) -> Result<Self> {
        let way = match &config.transport {
            Transport::Folder(folder) => Way::Folder(folder.clone()),
            Transport::Smtp(url) => Way::Smtp(Box::new(Smtp::new(url.clone(), patience).map_err(Error::Config)?)),
        };
        Ok(Self(Arc::new(Inner {
            from: config.from.clone(),
            way,
        })))
    }

    /// Sends a mail and returns once the other side has taken it over. Dropped half-way, it may or may not have left.
    ///
    /// # Errors
    /// Why it was not taken over, as far as one can know.
    pub async fn send(&self, mail: &Outgoing<'_>) -> Result<(), Refusal> {
        let message = compose(&self.0.from, mail)?;
        match &self.0.way {
            Way::Folder(folder) => folder::deliver(folder, mail, message).await,
            Way::Smtp(smtp) => smtp.deliver(&message).await,
        }
    }

    /// Nothing to send for a while: takes leave of the mail server.
    pub async fn rest(&self) {
        if let Way::Smtp(smtp) = &self.0.way {
            smtp.hang_up().await;
        }
    }
}
