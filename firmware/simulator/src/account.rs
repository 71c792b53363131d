//! What a device needs to sign in to its broker, read from the shop's JSON.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use domain::serial::Serial;
use serde::Deserialize;

use crate::broker::Broker;

/// A device's account.
#[derive(Clone)]
pub struct Account {
    /// Its name.
    pub serial: Serial,
    /// Where it signs in.
    pub broker: Broker,
    /// As what.
    pub client_id: String,
    /// As whom.
    pub username: String,
    /// Its proof; never shown.
    pub password: String,
    /// The recorded room it plays, if the file says so.
    pub room: Option<String>,
}

#[derive(Deserialize)]
struct Product {
    serial: Serial,
    mqtt: Mqtt,
    room: Option<String>,
}

#[derive(Deserialize)]
struct Mqtt {
    url: String,
    client_id: String,
    username: String,
    password: String,
}

/// Reads the accounts of the first `count` products (of all, without a count); `broker` overrides what the file says.
pub fn read(file: &Path, count: Option<usize>, broker: Option<&Broker>) -> Result<Vec<Account>> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?;
    let products: Vec<Product> =
        serde_json::from_str(&text).with_context(|| format!("{shown} is not what `templog product create` prints"))?;
    let count = count.unwrap_or(products.len());
    ensure!(count > 0, "no device to simulate");
    ensure!(
        count <= products.len(),
        "{shown} holds {} products, {count} are needed",
        products.len()
    );
    products
        .into_iter()
        .take(count)
        .map(|product| account(product, broker))
        .collect()
}

fn account(product: Product, broker: Option<&Broker>) -> Result<Account> {
    let Product { serial, mqtt, room } = product;
    let broker = match broker {
        Some(broker) => broker.clone(),
        None => mqtt
            .url
            .parse()
            .with_context(|| format!("broker of {serial}: {}", mqtt.url))?,
    };
    Ok(Account {
        serial,
        broker,
        client_id: mqtt.client_id,
        username: mqtt.username,
        password: mqtt.password,
        room,
    })
}
