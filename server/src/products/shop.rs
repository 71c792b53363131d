//! Makes products, gives them new secrets, and takes them back: what happens in the store.

use domain::serial::Serial;
use domain::time::Timestamp;

use super::{DEFAULT_HOUSEHOLD, DEFAULT_INTERVAL_S, DEFAULT_ZONE, MOST, Product, Secrets};
use crate::db::devices::{Device, NewDevice, insert_device, update_released, update_secrets};
use crate::db::history::delete_history;
use crate::db::households::{Role, find_household_of, insert_household, insert_membership};
use crate::db::{Db, HouseholdId, Tx, UserId};
use crate::error::{Error, Result};
use crate::seal::Seal;

/// The longest name of a model.
const MAX_MODEL_CHARS: usize = 80;

/// Where products come from; cheap to clone.
#[derive(Clone)]
pub struct Shop {
    pub(super) db: Db,
    pub(super) seal: Seal,
    /// What is written into the devices.
    mqtt_url: String,
    /// What is printed on the stickers.
    public_url: String,
}

/// How many of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// 1 to [`MOST`].
    pub count: u32,
    /// What the devices are.
    pub model: String,
}

impl Order {
    /// Checked.
    ///
    /// # Errors
    /// Which of the two is impossible.
    pub fn new(count: u32, model: &str) -> Result<Self> {
        let model = model.trim();
        if !(1..=MOST).contains(&count) {
            return Err(invalid("count", format!("1 to {MOST} at once")));
        }
        if model.is_empty() || model.chars().count() > MAX_MODEL_CHARS {
            return Err(invalid("model", format!("must have 1 to {MAX_MODEL_CHARS} characters")));
        }
        Ok(Self {
            count,
            model: model.to_owned(),
        })
    }
}

impl Shop {
    /// Devices will be told to connect to `mqtt_url`, and people to claim them at `public_url`.
    pub fn new(db: Db, seal: Seal, mqtt_url: String, public_url: String) -> Self {
        Self {
            db,
            seal,
            mqtt_url,
            public_url,
        }
    }

    /// Makes products. With an `owner` they belong to that person's household at once, which is made if there is none.
    pub async fn create(&self, order: &Order, owner: Option<UserId>, now: Timestamp) -> Result<Vec<Product>> {
        let mut tx = self.db.begin_write().await?;
        let household = match owner {
            Some(owner) => Some(household_of(&mut tx, owner, now).await?),
            None => None,
        };
        let products = self.make(&mut tx, order, household, now).await?;
        tx.commit().await?;
        Ok(products)
    }

    pub(super) async fn make(
        &self,
        tx: &mut Tx<'_>,
        order: &Order,
        household: Option<HouseholdId>,
        now: Timestamp,
    ) -> Result<Vec<Product>> {
        let place = Place {
            household,
            name: None,
            position: 0,
            zone: DEFAULT_ZONE,
            interval_s: DEFAULT_INTERVAL_S,
        };
        let mut products = Vec::new();
        for _ in 0..order.count {
            let (serial, secrets) = insert(tx, &self.seal, &order.model, &place, now).await?;
            products.push(self.show(serial, secrets));
        }
        Ok(products)
    }

    /// Gives a device new secrets; the old ones no longer open anything.
    pub async fn renew(&self, device: &Device) -> Result<Product> {
        let secrets = Secrets::generate();
        update_secrets(&self.db, device.id, &secrets.stored(&self.seal, device.serial)).await?;
        Ok(self.show(device.serial, secrets))
    }

    /// Takes a device out of its household: new secrets, and nothing left of what it told of that home.
    pub async fn take_back(&self, device: &Device, now: Timestamp) -> Result<Product> {
        let mut tx = self.db.begin_write().await?;
        let product = self.take_back_in(&mut tx, device, now).await?;
        tx.commit().await?;
        Ok(product)
    }

    /// The same as part of a transaction that does more.
    pub(crate) async fn take_back_in(&self, tx: &mut Tx<'_>, device: &Device, now: Timestamp) -> Result<Product> {
        let secrets = Secrets::generate();
        let stored = secrets.stored(&self.seal, device.serial);
        update_released(tx, device.id, &stored, now).await?;
        delete_history(tx, self.db.dialect(), device.id).await?;
        Ok(self.show(device.serial, secrets))
    }

    /// A product made elsewhere, for this shop's addresses.
    pub fn readdress(&self, product: &Product) -> Product {
        product.at(&self.mqtt_url, &self.public_url)
    }

    /// The store that the products are in.
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// What its secrets are sealed with.
    pub const fn seal(&self) -> &Seal {
        &self.seal
    }

    fn show(&self, serial: Serial, secrets: Secrets) -> Product {
        secrets.product(serial, &self.mqtt_url, &self.public_url)
    }
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
    seal: &Seal,
    model: &str,
    place: &Place<'_>,
    now: Timestamp,
) -> Result<(Serial, Secrets)> {
    loop {
        let (serial, secrets) = (Serial::from_bits(rand::random()), Secrets::generate());
        let stored = secrets.stored(seal, serial);
        let device = NewDevice {
            serial,
            household: place.household,
            name: place.name.unwrap_or(serial.as_str()),
            position: place.position,
            zone: place.zone,
            interval_s: place.interval_s,
            model,
            password_hash: stored.password_hash,
            password_sealed: Some(stored.password_sealed),
            claim_hash: stored.claim_hash,
        };
        match insert_device(tx, &device, now).await {
            Err(Error::Conflict) => {} // one in 2^40: that serial is taken
            inserted => return inserted.map(|_| (serial, secrets)),
        }
    }
}

/// The household a person owns, made if there is none.
async fn household_of(tx: &mut Tx<'_>, owner: UserId, now: Timestamp) -> Result<HouseholdId> {
    if let Some(household) = find_household_of(tx, owner).await? {
        return Ok(household);
    }
    let household = insert_household(tx, DEFAULT_HOUSEHOLD, DEFAULT_ZONE, false, now).await?;
    insert_membership(tx, household, owner, Role::Owner).await?;
    Ok(household)
}

fn invalid(field: &'static str, reason: String) -> Error {
    Error::Invalid { field, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_orders_none_too_many_or_something_without_a_name() {
        assert!(Order::new(1, " DHT22 ").is_ok_and(|order| order.model == "DHT22"));
        for (count, model) in [(0, "x"), (MOST + 1, "x"), (1, " ")] {
            assert!(matches!(Order::new(count, model), Err(Error::Invalid { .. })));
        }
        assert!(Order::new(1, &"x".repeat(81)).is_err());
    }
}
