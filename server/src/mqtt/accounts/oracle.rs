//! Answers a broker outside that asks about each client and each topic, as EMQX can: the same rules by which the
//! embedded broker decides, so there is one place to get them wrong.

use std::sync::Arc;

use async_trait::async_trait;
use domain::serial::Serial;
use domain::time::Timestamp;

use super::credential::identify;
use super::{Accounts, AccountsState, Admission};
use crate::mqtt::acl;
use crate::mqtt::counters::{self, Via};

/// What a broker is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Allow,
    /// No, and nobody else need be asked.
    Deny,
    /// Not a device of ours: somebody else may know, such as the account of the server itself.
    Ignore,
}

/// What a client wants to do with a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Send to it.
    Publish,
    /// Hear what matches it.
    Subscribe,
}

/// Knows who may do what; cheap to clone.
#[derive(Clone)]
pub struct Oracle(Arc<dyn Accounts>);

impl Oracle {
    /// One that asks these accounts.
    pub fn new(accounts: Arc<dyn Accounts>) -> Self {
        Self(accounts)
    }

    /// Whether a client may connect. Whoever cannot be looked up now may not: it comes again.
    pub async fn admits(&self, user: &str, client_id: &str, password: &[u8]) -> Verdict {
        if Serial::from_canonical(user).is_err() {
            return Verdict::Ignore;
        }
        match identify(&*self.0, user, client_id, password).await {
            Ok(_) => Verdict::Allow,
            Err(unknown) => {
                counters::refused_auth(unknown.name());
                Verdict::Deny
            }
        }
    }

    /// Whether a client that was let in may do this.
    pub fn permits(&self, user: &str, wish: Wish, topic: &str) -> Verdict {
        let Ok(serial) = Serial::from_canonical(user) else {
            return Verdict::Ignore;
        };
        let (may, what) = match wish {
            Wish::Publish => (acl::published(serial, topic).is_some(), "publish"),
            Wish::Subscribe => (acl::may_subscribe(serial, topic), "subscribe"),
        };
        if may {
            return Verdict::Allow;
        }
        counters::refused_topic(Via::Link, what);
        Verdict::Deny
    }
}

/// Credentials at a broker that asks: it need not be told, only we must not remember the old ones.
pub(in crate::mqtt) struct Asked {
    pub(in crate::mqtt) accounts: Arc<dyn Accounts>,
    pub(in crate::mqtt) since: Timestamp,
}

#[async_trait]
impl Admission for Asked {
    async fn changed(&self, serials: &[Serial]) {
        for serial in serials {
            self.accounts.forget(*serial);
        }
    }

    fn state(&self) -> AccountsState {
        AccountsState::asks_us(self.since)
    }
}
