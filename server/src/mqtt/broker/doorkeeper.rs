//! Lets devices in, and tells the broker what they may publish and hear.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use domain::serial::Serial;
use mqtt5::broker::{AuthProvider, AuthResult};
use mqtt5::packet::connect::ConnectPacket;
use mqtt5::protocol::v5::reason_codes::ReasonCode;

use super::attempts::Attempts;
use super::roster::Roster;
use crate::clock::Clock;
use crate::mqtt::accounts::{Accounts, Unknown, identify};
use crate::mqtt::acl;
use crate::mqtt::counters::{self, Via};

/// The largest will, bytes. A will is a status: some forty bytes.
const LARGEST_WILL: usize = 4 * 1024;

type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Decides on every connect, publish and subscribe.
pub(super) struct Doorkeeper {
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) attempts: Attempts,
    pub(super) roster: Arc<Roster>,
    pub(super) clock: Clock,
}

/// Why a device is not let in.
enum Refusal {
    /// Too many failures from this address.
    TooOften,
    /// No user name or no password.
    Anonymous,
    /// Not the device it says it is.
    Unknown(Unknown),
    /// The will speaks for somebody else, or is too large.
    BadWill,
}

impl Refusal {
    const fn code(&self) -> ReasonCode {
        match self {
            Self::TooOften => ReasonCode::ConnectionRateExceeded,
            Self::Anonymous | Self::Unknown(Unknown::Password) => ReasonCode::BadUsernameOrPassword,
            Self::Unknown(Unknown::ClientId) => ReasonCode::ClientIdentifierNotValid,
            Self::Unknown(Unknown::NoAnswer) => ReasonCode::ServerUnavailable,
            Self::BadWill => ReasonCode::NotAuthorized,
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::TooOften => "too_often",
            Self::Anonymous => "anonymous",
            Self::Unknown(unknown) => unknown.name(),
            Self::BadWill => "will",
        }
    }

    /// Whether it was the client's mistake.
    const fn is_failure(&self) -> bool {
        !matches!(self, Self::TooOften | Self::Unknown(Unknown::NoAnswer))
    }
}

impl Doorkeeper {
    async fn admit(&self, connect: &ConnectPacket, address: IpAddr) -> Result<Serial, Refusal> {
        if !self.attempts.admits(address, self.clock.now()) {
            return Err(Refusal::TooOften);
        }
        let (Some(user), Some(password)) = (&connect.username, &connect.password) else {
            return Err(Refusal::Anonymous);
        };
        let serial = identify(&*self.accounts, user, &connect.client_id, password);
        let serial = serial.await.map_err(Refusal::Unknown)?;
        // The broker asks about a will's topic only when it is due, and for 3.1.1 clients we could not say no then.
        let will_is_fine = connect.will.as_ref().is_none_or(|will| {
            let is_ours = acl::published(serial, &will.topic) == Some(acl::Upward::Status);
            (is_ours || acl::is_unheard(serial, &will.topic)) && will.payload.len() <= LARGEST_WILL
        });
        if will_is_fine {
            Ok(serial)
        } else {
            Err(Refusal::BadWill)
        }
    }
}

impl AuthProvider for Doorkeeper {
    fn authenticate<'a>(
        &'a self,
        connect: &'a ConnectPacket,
        client_addr: SocketAddr,
    ) -> Answer<'a, mqtt5::Result<AuthResult>> {
        Box::pin(async move {
            let address = client_addr.ip();
            Ok(match self.admit(connect, address).await {
                Ok(serial) => {
                    self.roster.signed_in(serial, connect.protocol_version);
                    AuthResult::success_with_user(serial.as_str())
                }
                Err(refusal) => {
                    counters::refused_auth(refusal.name());
                    if refusal.is_failure() {
                        self.attempts.failed(address, self.clock.now());
                    }
                    AuthResult::fail(refusal.code())
                }
            })
        })
    }

    fn authorize_publish<'a>(&'a self, _client_id: &str, user_id: Option<&'a str>, topic: &'a str) -> Answer<'a, bool> {
        let Some(serial) = user_id.and_then(|user| Serial::from_canonical(user).ok()) else {
            return Box::pin(std::future::ready(false));
        };
        let allowed = acl::published(serial, topic).is_some();
        if !allowed {
            counters::refused_topic(Via::Embedded, "publish");
        }
        // Refusing here would send a malformed PUBACK to a 3.1.1 client; the hook swallows the message instead.
        let answer = allowed || self.roster.is_legacy(serial);
        Box::pin(std::future::ready(answer))
    }

    fn authorize_subscribe<'a>(
        &'a self,
        _client_id: &str,
        user_id: Option<&'a str>,
        topic_filter: &'a str,
    ) -> Answer<'a, bool> {
        let serial = user_id.and_then(|user| Serial::from_canonical(user).ok());
        let allowed = serial.is_some_and(|serial| acl::may_subscribe(serial, topic_filter));
        if !allowed {
            counters::refused_topic(Via::Embedded, "subscribe");
        }
        Box::pin(std::future::ready(allowed))
    }
}
