//! The port by which a broker learns that credentials have changed, and by which it says how it stands with them.

use std::sync::Arc;

use async_trait::async_trait;
use domain::serial::Serial;
use domain::time::Timestamp;

/// How the broker's accounts stand to ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They are the same, or the broker asks us.
    Agreed,
    /// They are being compared.
    Comparing,
    /// The broker has no dynamic security: somebody keeps its password file by hand.
    ByHand,
    /// The broker does not let our account change others.
    NoRights,
    /// The broker cannot be reached.
    Unreachable,
    /// The broker had forgotten what it had confirmed: it cannot write its file. It has been told again.
    Forgetful,
    /// Another instance compares them.
    Elsewhere,
}

impl Standing {
    /// For `/readyz`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agreed => "ok",
            Self::Comparing => "comparing",
            Self::ByHand => "managed by hand",
            Self::NoRights => "no rights",
            Self::Unreachable => "unreachable",
            Self::Forgetful => "forgetful",
            Self::Elsewhere => "kept by another instance",
        }
    }

    /// Whether somebody has to do something.
    pub const fn is_trouble(self) -> bool {
        matches!(self, Self::NoRights | Self::Unreachable | Self::Forgetful)
    }
}

/// How the broker's accounts stand to ours, for operators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountsState {
    /// Whether the broker asks us each time, so that it need not be told.
    pub asks_us: bool,
    /// In a word.
    pub standing: Standing,
    /// Since when.
    pub since: Timestamp,
    /// What the broker said, if it is trouble. Never holds a secret.
    pub detail: Option<String>,
    /// When all accounts were last compared.
    pub compared_at: Option<Timestamp>,
    /// Accounts of devices that we do not know; they are left alone. At most a handful of names.
    pub strangers: Vec<String>,
    /// How many there are.
    pub stranger_count: usize,
    /// Devices whose password nobody knows any more: the broker cannot be told.
    pub unknown_passwords: usize,
}

impl AccountsState {
    /// Just begun.
    pub const fn new(standing: Standing, since: Timestamp) -> Self {
        Self {
            asks_us: false,
            standing,
            since,
            detail: None,
            compared_at: None,
            strangers: Vec::new(),
            stranger_count: 0,
            unknown_passwords: 0,
        }
    }

    /// Of a broker that asks each time.
    pub(in crate::mqtt) const fn asks_us(since: Timestamp) -> Self {
        let mut state = Self::new(Standing::Agreed, since);
        state.asks_us = true;
        state
    }
}

/// What a broker offers.
#[async_trait]
pub(in crate::mqtt) trait Admission: Send + Sync {
    /// The credentials of these devices have changed in the store.
    async fn changed(&self, serials: &[Serial]);

    /// How it stands.
    fn state(&self) -> AccountsState;
}

/// Tells the broker; cheap to clone.
#[derive(Clone)]
pub struct Gatekeeper(Arc<dyn Admission>);

impl Gatekeeper {
    pub(in crate::mqtt) fn new(admission: impl Admission + 'static) -> Self {
        Self(Arc::new(admission))
    }

    /// Lets these devices in by their new credentials and cuts what the old ones had opened. Waits for a broker
    /// outside, but not for long: what it has not heard of yet it will hear of later, for certain.
    pub async fn changed(&self, serials: &[Serial]) {
        self.0.changed(serials).await;
    }

    /// How the broker's accounts stand to ours.
    pub fn state(&self) -> AccountsState {
        self.0.state()
    }
}
