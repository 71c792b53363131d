//! The port to the devices' credentials, and the adapter that reads them from the database.
//!
//! A device's password is a random 256-bit token, so one SHA-256 is enough at rest, and comparing is cheap enough to
//! do on every connect.

use async_trait::async_trait;
use domain::serial::Serial;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::db::{self, Db, DeviceId};
use crate::error::Result;

/// A device's row and the hash of its password.
#[derive(Clone, Copy)]
pub struct Credential {
    /// The device it opens.
    pub device: DeviceId,
    /// SHA-256 of the password.
    pub password_sha256: [u8; 32],
}

impl Credential {
    /// Compares in constant time, so that the answer's delay tells nothing about the stored hash.
    pub fn matches(&self, password: &[u8]) -> bool {
        let given: [u8; 32] = Sha256::digest(password).into();
        given.ct_eq(&self.password_sha256).into()
    }
}

/// Why a client is not the device it says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::mqtt) enum Unknown {
    /// No such device, or a wrong password.
    Password,
    /// The client id is not the serial: a stolen or shared credential, or a mistake.
    ClientId,
    /// The accounts cannot be asked now.
    NoAnswer,
}

impl Unknown {
    /// For the counter.
    pub(in crate::mqtt) const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::ClientId => "client_id",
            Self::NoAnswer => "unavailable",
        }
    }
}

/// The device that proves its name by this password. One device is one client.
pub(in crate::mqtt) async fn identify(
    accounts: &dyn Accounts,
    user: &str,
    client_id: &str,
    password: &[u8],
) -> std::result::Result<Serial, Unknown> {
    let serial = Serial::from_canonical(user).map_err(|_| Unknown::Password)?;
    let found = accounts.find(serial).await.map_err(|error| {
        tracing::warn!(%error, "cannot look up a device that wants to connect");
        Unknown::NoAnswer
    })?;
    if !found.is_some_and(|credential| credential.matches(password)) {
        return Err(Unknown::Password);
    }
    if client_id == user {
        Ok(serial)
    } else {
        Err(Unknown::ClientId)
    }
}

/// Where device credentials are kept.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// The credential of `serial`; `None` if there is no such device.
    ///
    /// # Errors
    /// When the store cannot be asked; the device should try again later.
    async fn find(&self, serial: Serial) -> Result<Option<Credential>>;

    /// The credential of `serial` has changed: whatever is remembered of it is wrong.
    fn forget(&self, _serial: Serial) {}
}

#[async_trait]
impl Accounts for Db {
    async fn find(&self, serial: Serial) -> Result<Option<Credential>> {
        let found = db::devices::find_credential(self, serial).await?;
        Ok(found.map(|(device, password_sha256)| Credential {
            device,
            password_sha256,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_password_matches() {
        let password_sha256 = Sha256::digest(b"right").into();
        let credential = Credential {
            device: DeviceId(1),
            password_sha256,
        };
        assert!(credential.matches(b"right"));
        for wrong in [&b"Right"[..], b"right ", b"", b"righ"] {
            assert!(!credential.matches(wrong));
        }
    }
}
