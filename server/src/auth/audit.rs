//! The audit log: everything that touches an account is written down in the transaction that does it.

use domain::time::Timestamp;

use super::Asker;
use crate::db::audit_events::{AuditEvent, insert_audit_event};
use crate::db::{Tx, UserId};
use crate::error::Result;

/// What was done. Its name is stored and shown, so it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// An account was made.
    SignedUp,
    /// Somebody signed in.
    SignedIn,
    /// Somebody tried to sign in and could not.
    SignInFailed,
    /// Somebody signed out.
    SignedOut,
    /// A session was ended from another one.
    SessionEnded,
    /// All other sessions were ended.
    SessionsEnded,
    /// An old refresh token came back, and its session was revoked.
    SessionReused,
    /// A code for a new password was asked for.
    PasswordForgotten,
    /// The password was replaced by means of a code.
    PasswordReset,
    /// The password was changed by somebody who knew it.
    PasswordChanged,
    /// A code was sent to another address.
    AddressChangeAsked,
    /// The address was changed.
    AddressChanged,
    /// All data were handed out.
    DataExported,
    /// Came into a household, was made something else in it, or left it; the detail says which.
    FamilyChanged,
    /// A way in besides the password was added or taken away; the detail says which.
    SignInWayChanged,
    /// A personal token was made; the detail is its name.
    TokenCreated,
    /// A personal token was taken back; the detail is its name.
    TokenRevoked,
    /// A device was told to do something; the detail says which and what.
    DeviceCommanded,
}

impl Action {
    /// Every action, for whoever must find words for them.
    pub const ALL: [Self; 18] = [
        Self::SignedUp,
        Self::SignedIn,
        Self::SignInFailed,
        Self::SignedOut,
        Self::SessionEnded,
        Self::SessionsEnded,
        Self::SessionReused,
        Self::PasswordForgotten,
        Self::PasswordReset,
        Self::PasswordChanged,
        Self::AddressChangeAsked,
        Self::AddressChanged,
        Self::DataExported,
        Self::FamilyChanged,
        Self::SignInWayChanged,
        Self::TokenCreated,
        Self::TokenRevoked,
        Self::DeviceCommanded,
    ];

    /// What somebody can cause who has never been let in.
    pub const OF_STRANGERS: [&str; 2] = [Self::SignInFailed.as_str(), Self::PasswordForgotten.as_str()];

    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedUp => "signed-up",
            Self::SignedIn => "signed-in",
            Self::SignInFailed => "sign-in-failed",
            Self::SignedOut => "signed-out",
            Self::SessionEnded => "session-ended",
            Self::SessionsEnded => "sessions-ended",
            Self::SessionReused => "session-reused",
            Self::PasswordForgotten => "password-forgotten",
            Self::PasswordReset => "password-reset",
            Self::PasswordChanged => "password-changed",
            Self::AddressChangeAsked => "address-change-asked",
            Self::AddressChanged => "address-changed",
            Self::DataExported => "data-exported",
            Self::FamilyChanged => "family-changed",
            Self::SignInWayChanged => "sign-in-way-changed",
            Self::TokenCreated => "token-created",
            Self::TokenRevoked => "token-revoked",
            Self::DeviceCommanded => "device-commanded",
        }
    }
}

/// Writes down what `asker` did to an account. `user` is `None` if there is no such account, so that trying one that
/// exists takes no longer than trying one that does not. `detail` must not hold a secret.
pub async fn record(
    tx: &mut Tx<'_>,
    user: Option<UserId>,
    action: Action,
    asker: &Asker,
    detail: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let event = AuditEvent {
        user,
        at: now,
        action: action.as_str().to_owned(),
        ip: asker.ip.to_string(),
        session: asker.session.map(|session| session.0),
        device: asker.device().unwrap_or_default(),
        detail: detail.map(str::to_owned),
    };
    insert_audit_event(tx, &event).await
}
