//! The ways into an account besides its password, and what their owner may do with them.
//!
//! Every way ends in [`Auth::enter`](crate::auth::Auth::enter), the one place that opens a session, and every change of
//! a way is written into the audit log and told to the owner by mail, in the transaction that makes it.

mod change;
pub mod kakao;
mod passkeys;
mod recovery;
mod second_step;
mod settings;
mod tokens;
mod totp;

use std::sync::Arc;

use domain::time::Timestamp;

use crate::auth::{Auth, SignInLimits};
use crate::clock::Clock;
use crate::config::{Config, SecretKey};
use crate::db::Db;
use crate::error::Result;
use crate::outbox::Outbox;
use crate::seal::Seal;

pub use change::Change;
pub use second_step::CodeError;
pub use settings::{AuthenticatorApp, ConnectedKakao, MyPasskey, MyWays, WayError};
pub use totp::Enrolment;

use kakao::Kakao;

/// Cheap to clone.
#[derive(Clone)]
pub struct Ways(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    auth: Auth,
    outbox: Outbox,
    settings_url: String,
    /// Seals what must be read again.
    seal: Seal,
    /// How often codes of an authenticator app may be tried.
    codes: SignInLimits,
    /// Without keys there is no Kakao.
    kakao: Option<Kakao>,
    /// At some addresses there are no passkeys.
    relying: Option<passkeys::Relying>,
}

impl Ways {
    /// Gets ready; connects to nobody yet.
    ///
    /// # Errors
    /// An address of Kakao's that is none.
    pub fn build(config: &Config, key: &SecretKey, auth: Auth, db: Db, clock: Clock, outbox: Outbox) -> Result<Self> {
        let kakao = config.kakao.as_ref();
        let kakao = kakao.map(|kakao| Kakao::new(kakao, &config.public_url)).transpose()?;
        let codes = SignInLimits::of_app_codes(auth.shared_limits());
        Ok(Self(Arc::new(Inner {
            db,
            clock,
            auth,
            outbox,
            settings_url: config.public_url.join("/settings/sign-in"),
            seal: Seal::new(key),
            codes,
            kakao,
            relying: passkeys::Relying::new(&config.public_url, key),
        })))
    }

    /// Hides what has to be read again.
    pub(crate) fn seal(&self) -> &Seal {
        &self.0.seal
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
}
