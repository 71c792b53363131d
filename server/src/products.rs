//! Makes products: devices as they leave the shop, with the secrets that are shown this once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::serial::{ClaimCode, Serial};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::db::devices::{Device, NewDevice, insert_device, update_secrets};
use crate::db::households::{Role, find_household_of, insert_household, insert_membership};
use crate::db::{Db, HouseholdId, Tx, UserId};
use crate::error::{Error, Result};

/// The most that are made at once.
pub const MOST: u32 = 1000;
/// Days of a device begin and end here until its household says otherwise.
pub const DEFAULT_ZONE: &str = "Asia/Seoul";
/// A device measures every minute until it says otherwise.
pub const DEFAULT_INTERVAL_S: u32 = 60;

const DEFAULT_HOUSEHOLD: &str = "우리 집";

/// A product, for the shop to print and pack. The secrets are stored as hashes only.
#[derive(Clone, Serialize, Deserialize)]
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
#[derive(Clone, Serialize, Deserialize)]
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

/// Makes `count` products. With an `owner` they belong to that person's household at once, which is made if there is
/// none.
pub async fn create(
    db: &Db,
    count: u32,
    model: &str,
    owner: Option<UserId>,
    mqtt_url: &str,
    public_url: &str,
    now: Timestamp,
) -> Result<Vec<Product>> {
    if !(1..=MOST).contains(&count) {
        return Err(Error::Invalid {
            field: "count",
            reason: format!("1 to {MOST} at once"),
        });
    }
    let mut tx = db.begin_write().await?;
    let household = match owner {
        Some(owner) => Some(household_of(&mut tx, owner, now).await?),
        None => None,
    };
    let place = Place {
        household,
        name: None,
        position: 0,
        zone: DEFAULT_ZONE,
        interval_s: DEFAULT_INTERVAL_S,
    };
    let mut products = Vec::new();
    for _ in 0..count {
        let (serial, secrets) = insert(&mut tx, model, &place, now).await?;
        products.push(secrets.product(serial, mqtt_url, public_url));
    }
    tx.commit().await?;
    Ok(products)
}

/// Gives a device new secrets; the old ones no longer open anything.
pub async fn renew(db: &Db, device: &Device, mqtt_url: &str, public_url: &str) -> Result<Product> {
    let secrets = Secrets::generate();
    update_secrets(
        db,
        device.id,
        sha256_hex(&secrets.password),
        sha256_hex(secrets.claim_code.as_str()),
    )
    .await?;
    Ok(secrets.product(device.serial, mqtt_url, public_url))
}

/// Where a new device stands.
#[derive(Clone, Debug)]
pub(crate) struct Place<'a> {
    pub household: Option<HouseholdId>,
    /// `None`: its serial, until somebody names it.
    pub name: Option<&'a str>,
    pub position: i64,
    pub zone: &'a str,
    pub interval_s: u32,
}

/// Stores a device with secrets of its own.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    model: &str,
    place: &Place<'_>,
    now: Timestamp,
) -> Result<(Serial, Secrets)> {
    loop {
        let (serial, secrets) = (Serial::from_bits(rand::random()), Secrets::generate());
        let device = NewDevice {
            serial,
            household: place.household,
            name: place.name.unwrap_or(serial.as_str()),
            position: place.position,
            zone: place.zone,
            interval_s: place.interval_s,
            model,
            password_hash: sha256_hex(&secrets.password),
            claim_hash: sha256_hex(secrets.claim_code.as_str()),
        };
        match insert_device(tx, &device, now).await {
            Err(Error::Conflict) => {} // one in 2^40: that serial is taken
            inserted => return inserted.map(|_| (serial, secrets)),
        }
    }
}

/// What is shown once and stored as hashes.
pub(crate) struct Secrets {
    claim_code: ClaimCode,
    /// 256 random bits, base64url: 43 characters.
    password: String,
}

impl Secrets {
    fn generate() -> Self {
        let password = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        Self {
            claim_code: ClaimCode::from_bits(rand::random()),
            password,
        }
    }

    fn product(self, serial: Serial, mqtt_url: &str, public_url: &str) -> Product {
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

async fn household_of(tx: &mut Tx<'_>, owner: UserId, now: Timestamp) -> Result<HouseholdId> {
    if let Some(household) = find_household_of(tx, owner).await? {
        return Ok(household);
    }
    let household = insert_household(tx, DEFAULT_HOUSEHOLD, DEFAULT_ZONE, false, now).await?;
    insert_membership(tx, household, owner, Role::Owner).await?;
    Ok(household)
}

fn sha256_hex(secret: &str) -> String {
    format!("{:x}", Sha256::digest(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_carries_256_bits() {
        let (one, other) = (Secrets::generate(), Secrets::generate());
        assert_eq!(one.password.len(), 43);
        assert_ne!(one.password, other.password);
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
