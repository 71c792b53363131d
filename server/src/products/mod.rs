//! Devices as they leave the shop, with the secrets that are shown this once, and as they come back to it.

mod handover;
mod order;
mod secrets;
mod shop;

pub use handover::Handover;
pub use order::{KEPT_MS, MAX_KEY_CHARS, Receipt};
pub(crate) use secrets::{Secrets, open_password, sha256_hex};
pub use shop::{Order, Shop};
pub(crate) use shop::{Place, insert};

use domain::serial::Serial;
use serde::{Deserialize, Serialize};

/// The most that are made at once.
pub const MOST: u32 = 1000;
/// Days of a device begin and end here until its household says otherwise.
pub const DEFAULT_ZONE: &str = "Asia/Seoul";
/// A device measures every minute until it says otherwise.
pub const DEFAULT_INTERVAL_S: u32 = 60;

pub(crate) const DEFAULT_HOUSEHOLD: &str = "우리 집";

/// A product, for the shop to print and pack. In the store its secrets are hashed or encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The number on its sticker.
    pub serial: Serial,
    /// Proves who bought it: `XXXX-XXXX-XXXX`.
    pub claim_code: String,
    /// What its firmware needs.
    pub mqtt: MqttAccess,
    /// What the QR code on its sticker opens.
    pub claim_url: String,
}

/// A device's way to the broker.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MqttAccess {
    /// Where the broker is.
    pub url: String,
    /// The serial.
    pub client_id: String,
    /// The serial.
    pub username: String,
    /// 256 random bits, base64url.
    pub password: String,
}

impl Product {
    /// The same product, for a server at these addresses.
    #[must_use]
    pub fn at(&self, mqtt_url: &str, public_url: &str) -> Self {
        let mqtt = MqttAccess {
            url: mqtt_url.to_owned(),
            ..self.mqtt.clone()
        };
        let public_url = public_url.trim_end_matches('/');
        let claim_url = format!("{public_url}/claim?serial={}&code={}", self.serial, self.claim_code);
        Self {
            mqtt,
            claim_url,
            ..self.clone()
        }
    }
}
