//! Keeps the store from being asked again and again for the same credential.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use domain::serial::Serial;
use domain::time::Timestamp;

use super::{Accounts, Credential};
use crate::clock::Clock;
use crate::error::Result;

/// How long a looked-up credential is believed without asking again, ms. A password withdrawn by this very process is
/// forgotten at once; one withdrawn from elsewhere works this much longer.
const BELIEVED_MS: i64 = 5_000;
/// The most credentials kept; beyond it the cache starts over.
const KEPT: usize = 4_096;

/// Accounts that are asked at most every few seconds for the same device: a device in a reconnect loop, or someone
/// trying serials, must not become load on the database.
pub struct Remembered<A> {
    /// Who really knows.
    accounts: A,
    clock: Clock,
    /// The latest answer for each serial.
    known: Mutex<HashMap<Serial, Found>>,
}

/// An answer of the store.
#[derive(Clone, Copy)]
struct Found {
    at: Timestamp,
    /// `None` for a serial that does not exist.
    credential: Option<Credential>,
}

impl<A: Accounts> Remembered<A> {
    /// Wraps `accounts`.
    pub fn new(accounts: A, clock: Clock) -> Self {
        Self {
            accounts,
            clock,
            known: Mutex::default(),
        }
    }

    fn recall(&self, serial: Serial) -> Option<Found> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(&serial).copied()?;
        (0..BELIEVED_MS)
            .contains(&self.clock.now().since(found.at))
            .then_some(found)
    }

    fn remember(&self, serial: Serial, credential: Option<Credential>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(
            serial,
            Found {
                at: self.clock.now(),
                credential,
            },
        );
    }
}

#[async_trait]
impl<A: Accounts> Accounts for Remembered<A> {
    async fn find(&self, serial: Serial) -> Result<Option<Credential>> {
        if let Some(found) = self.recall(serial) {
            return Ok(found.credential);
        }
        let credential = self.accounts.find(serial).await?;
        self.remember(serial, credential);
        Ok(credential)
    }

    fn forget(&self, serial: Serial) {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&serial);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use sha2::{Digest as _, Sha256};

    use super::*;
    use crate::db::DeviceId;

    /// Knows one device, and counts how often it is asked.
    #[derive(Default)]
    struct OneDevice(AtomicUsize);

    #[async_trait]
    impl Accounts for &OneDevice {
        async fn find(&self, serial: Serial) -> Result<Option<Credential>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let password_sha256 = Sha256::digest(b"right").into();
            Ok((serial == Serial::from_bits(1)).then_some(Credential {
                device: DeviceId(1),
                password_sha256,
            }))
        }
    }

    #[tokio::test]
    async fn a_device_and_a_stranger_are_looked_up_once_in_five_seconds() {
        let store = OneDevice::default();
        let (clock, hand) = Clock::manual(Timestamp::from_millis(0));
        let accounts = Remembered::new(&store, clock);
        let (device, stranger) = (Serial::from_bits(1), Serial::from_bits(2));

        for _ in 0..3 {
            assert!(accounts.find(device).await.unwrap().is_some());
            assert!(accounts.find(stranger).await.unwrap().is_none());
        }
        assert_eq!(store.0.load(Ordering::Relaxed), 2);

        hand.advance(BELIEVED_MS);
        assert!(accounts.find(device).await.unwrap().is_some());
        assert_eq!(store.0.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn what_has_changed_is_asked_anew() {
        let store = OneDevice::default();
        let (clock, _hand) = Clock::manual(Timestamp::from_millis(0));
        let accounts = Remembered::new(&store, clock);
        let device = Serial::from_bits(1);
        accounts.find(device).await.unwrap();
        accounts.forget(device);
        accounts.find(device).await.unwrap();
        assert_eq!(store.0.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn trying_serials_does_not_grow_the_memory() {
        let store = OneDevice::default();
        let (clock, _hand) = Clock::manual(Timestamp::from_millis(0));
        let accounts = Remembered::new(&store, clock);
        for bits in 0..3 * KEPT as u64 {
            accounts.find(Serial::from_bits(bits)).await.unwrap();
        }
        assert!(accounts.known.lock().unwrap().len() <= KEPT);
    }
}
