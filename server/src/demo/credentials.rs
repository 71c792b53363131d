//! The file from which the simulator takes the devices' passwords.
//!
//! The database has hashes only, so a lost file cannot be written again: then the devices get new passwords.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Options;
use crate::db::Db;
use crate::db::devices::{Device, find_credential};
use crate::error::{Error, Result};
use crate::products::Product;

/// A product, and which recorded room it plays.
#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    product: Product,
    room: String,
}

/// Writes the file. Passwords in it that still open the broker stay as they are.
pub(super) async fn write(db: &Db, options: &Options<'_>, devices: &[Device], rooms: &[&str]) -> Result<()> {
    let before = read(options.credentials);
    let mut entries = Vec::new();
    for (device, room) in devices.iter().zip(rooms) {
        let kept = before
            .iter()
            .map(|entry| &entry.product)
            .find(|product| product.serial == device.serial);
        let product = match kept {
            Some(product) if opens(db, product).await? => options.shop.readdress(product),
            _ => options.shop.renew(device).await?,
        };
        entries.push(Entry {
            product,
            room: (*room).to_owned(),
        });
    }
    save(options.credentials, &entries)
}

async fn opens(db: &Db, product: &Product) -> Result<bool> {
    let stored = find_credential(db, product.serial).await?;
    let hash: [u8; 32] = Sha256::digest(&product.mqtt.password).into();
    Ok(stored.is_some_and(|(_, stored)| stored == hash))
}

/// Nothing, if the file is missing or of another kind: then it is written anew.
fn read(file: &Path) -> Vec<Entry> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn save(file: &Path, entries: &[Entry]) -> Result<()> {
    let failed = |source| Error::Io {
        context: format!("write {}", file.display()),
        source,
    };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let text = serde_json::to_vec_pretty(entries).map_err(|error| failed(error.into()))?;
    let mut open = OpenOptions::new();
    let mut file = open
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(file)
        .map_err(failed)?;
    file.write_all(&text).map_err(failed)
}
