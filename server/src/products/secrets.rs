//! What is shown once: drawn here, and turned into what may be stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::serial::{ClaimCode, Serial};
use sha2::{Digest as _, Sha256};

use super::{MqttAccess, Product};
use crate::db::devices::StoredSecrets;
use crate::seal::Seal;

/// A device's two secrets.
pub(crate) struct Secrets {
    claim_code: ClaimCode,
    /// 256 random bits, base64url: 43 characters.
    password: String,
}

impl Secrets {
    /// New ones.
    pub fn generate() -> Self {
        let password = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        Self {
            claim_code: ClaimCode::from_bits(rand::random()),
            password,
        }
    }

    /// As they are stored for this device.
    pub fn stored(&self, seal: &Seal, serial: Serial) -> StoredSecrets {
        StoredSecrets {
            password_hash: sha256_hex(&self.password),
            password_sealed: seal.seal(&password_label(serial), &self.password),
            claim_hash: sha256_hex(self.claim_code.as_str()),
        }
    }

    /// As they are shown, once.
    pub fn product(self, serial: Serial, mqtt_url: &str, public_url: &str) -> Product {
        let Self { claim_code, password } = self;
        let name = serial.to_string();
        Product {
            serial,
            claim_code: claim_code.to_string(),
            mqtt: MqttAccess {
                url: String::new(),
                client_id: name.clone(),
                username: name,
                password,
            },
            claim_url: String::new(),
        }
        .at(mqtt_url, public_url)
    }
}

/// A device's password, for a broker that must be told it; `None` if nobody knows it any more.
pub(crate) fn open_password(seal: &Seal, serial: Serial, sealed: Option<&str>) -> Option<String> {
    seal.open(&password_label(serial), sealed?)
}

/// Where a device's password is sealed to.
fn password_label(serial: Serial) -> String {
    format!("devices.password {serial}")
}

/// SHA-256, lower-case hex.
pub(crate) fn sha256_hex(secret: &str) -> String {
    format!("{:x}", Sha256::digest(secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SecretKey;

    #[test]
    fn a_password_carries_256_bits() {
        let (one, other) = (Secrets::generate(), Secrets::generate());
        assert_eq!(one.password.len(), 43);
        assert_ne!(one.password, other.password);
    }

    #[test]
    fn a_stored_password_can_be_told_to_a_broker_again_and_to_nobody_by_another_name() {
        let (seal, secrets) = (Seal::new(&SecretKey::generate()), Secrets::generate());
        let (own, other) = (Serial::from_bits(1), Serial::from_bits(2));
        let stored = secrets.stored(&seal, own);
        assert!(stored.password_sealed.len() <= 255, "as wide as its column");
        assert_eq!(
            seal.open(&password_label(own), &stored.password_sealed),
            Some(secrets.password)
        );
        assert_eq!(seal.open(&password_label(other), &stored.password_sealed), None);
    }

    #[test]
    fn a_product_says_where_to_claim_it() {
        let serial: Serial = "TL-7K3F9Q2M".parse().unwrap();
        let secrets = Secrets {
            claim_code: "8XRM4T0CZV5H".parse().unwrap(),
            password: "secret".to_owned(),
        };
        let product = secrets.product(serial, "mqtt://home:1883", "https://home.example/");
        assert_eq!(
            product.claim_url,
            "https://home.example/claim?serial=TL-7K3F9Q2M&code=8XRM-4T0C-ZV5H"
        );
        assert_eq!(
            (product.mqtt.url.as_str(), product.mqtt.username.as_str()),
            ("mqtt://home:1883", "TL-7K3F9Q2M")
        );
    }
}
