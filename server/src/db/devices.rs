//! Table `devices`: what was made and sold, and whose it is now.
//!
//! Whoever asks on behalf of a person goes through [`find_device_of`]: another household's device does not exist.

use std::collections::HashSet;
use std::sync::LazyLock;

use domain::serial::Serial;
use domain::time::Timestamp;
use sqlx::FromRow;

use super::bulk::Bulk;
use super::{Db, DeviceId, HouseholdId, Tx, UserId};
use crate::error::{Error, Result};

/// A device.
#[derive(Clone, Debug)]
pub struct Device {
    /// Row number.
    pub id: DeviceId,
    /// The number on its sticker.
    pub serial: Serial,
    /// Whose it is; `None`: still on the shelf.
    pub household: Option<HouseholdId>,
    /// As its people call it.
    pub name: String,
    /// The room or floor it is shown under; empty: none.
    pub room: String,
    /// Order on the page.
    pub position: i64,
    /// IANA time zone of its days.
    pub zone: String,
    /// Seconds between its readings.
    pub interval_s: u32,
    /// Added to the temperatures it sends, °C.
    pub t_offset: f64,
    /// Added to the humidities it sends, %RH.
    pub h_offset: f64,
    /// What it is.
    pub model: String,
    /// Version of its firmware, once it has said so.
    pub fw: Option<String>,
}

/// A device to be stored.
#[derive(Clone, Debug)]
pub struct NewDevice<'a> {
    /// The number on its sticker.
    pub serial: Serial,
    /// Whose it is at once.
    pub household: Option<HouseholdId>,
    /// As its people will call it.
    pub name: &'a str,
    /// Order on the page.
    pub position: i64,
    /// IANA time zone of its days.
    pub zone: &'a str,
    /// Seconds between its readings.
    pub interval_s: u32,
    /// What it is.
    pub model: &'a str,
    /// SHA-256 of its password, lower-case hex.
    pub password_hash: String,
    /// Its password, encrypted with the server's key.
    pub password_sealed: Option<String>,
    /// SHA-256 of its claim code, lower-case hex.
    pub claim_hash: String,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    serial: String,
    household_id: Option<i64>,
    name: String,
    room: String,
    position: i64,
    zone: String,
    interval_s: i64,
    t_offset: f64,
    h_offset: f64,
    model: String,
    fw: Option<String>,
}

impl TryFrom<Row> for Device {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: DeviceId(row.id),
            serial: parse_serial(&row.serial)?,
            household: row.household_id.map(HouseholdId),
            name: row.name,
            room: row.room,
            position: row.position,
            zone: row.zone,
            interval_s: u32::try_from(row.interval_s).unwrap_or(u32::MAX),
            t_offset: row.t_offset,
            h_offset: row.h_offset,
            model: row.model,
            fw: row.fw,
        })
    }
}

/// The device with this serial, whosever it is.
pub async fn find_device(db: &Db, serial: Serial) -> Result<Option<Device>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, serial, household_id, name, room, position, zone, interval_s, t_offset, h_offset, model, fw \
         FROM devices WHERE serial = ?",
    )
    .bind(serial.as_str().to_owned())
    .fetch_optional(db.pool())
    .await?;
    row.map(Device::try_from).transpose()
}

/// The device with this serial, if the person lives in its household.
pub async fn find_device_of(db: &Db, user: UserId, serial: Serial) -> Result<Option<Device>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT d.id, d.serial, d.household_id, d.name, d.room, d.position, d.zone, d.interval_s, d.t_offset, d.h_offset, d.model, d.fw \
         FROM devices d JOIN memberships m ON m.household_id = d.household_id WHERE d.serial = ? AND m.user_id = ?",
    )
    .bind(serial.as_str().to_owned())
    .bind(user.0)
    .fetch_optional(db.pool())
    .await?;
    row.map(Device::try_from).transpose()
}

/// All devices of the households a person lives in, in the order of the page.
pub async fn list_devices_of(db: &Db, user: UserId) -> Result<Vec<Device>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT d.id, d.serial, d.household_id, d.name, d.room, d.position, d.zone, d.interval_s, d.t_offset, d.h_offset, d.model, d.fw \
         FROM devices d JOIN memberships m ON m.household_id = d.household_id WHERE m.user_id = ? \
         ORDER BY d.household_id, d.position, d.id",
    )
    .bind(user.0)
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(Device::try_from).collect()
}

/// The devices of the demo household, in the order of the page.
pub async fn list_demo_devices(db: &Db) -> Result<Vec<Device>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT d.id, d.serial, d.household_id, d.name, d.room, d.position, d.zone, d.interval_s, d.t_offset, d.h_offset, d.model, d.fw \
         FROM devices d JOIN households h ON h.id = d.household_id WHERE h.demo = 1 ORDER BY d.position, d.id",
    )
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(Device::try_from).collect()
}

static LIST: LazyLock<Bulk> = LazyLock::new(|| {
    let head = "SELECT id, serial, household_id, name, room, position, zone, interval_s, t_offset, h_offset, model, fw \
                FROM devices WHERE id IN (";
    Bulk::new(head, "?", ")")
});

/// The devices with these numbers. Those that do not exist are left out.
pub async fn list_devices(db: &Db, ids: &[DeviceId]) -> Result<Vec<Device>> {
    let mut devices = Vec::with_capacity(ids.len());
    for (statement, ids) in LIST.cut(ids) {
        let mut query = sqlx::query_as::<_, Row>(statement);
        for id in ids {
            query = query.bind(id.0);
        }
        for row in query.fetch_all(db.pool()).await? {
            devices.push(row.try_into()?);
        }
    }
    Ok(devices)
}

/// All devices of a household, as the transaction sees them.
pub async fn list_devices_in(tx: &mut Tx<'_>, household: HouseholdId) -> Result<Vec<Device>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, serial, household_id, name, room, position, zone, interval_s, t_offset, h_offset, model, fw \
         FROM devices WHERE household_id = ? ORDER BY id",
    )
    .bind(household.0)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(Device::try_from).collect()
}

static FIND_IDS: LazyLock<Bulk> =
    LazyLock::new(|| Bulk::new("SELECT id, serial FROM devices WHERE serial IN (", "?", ")"));

/// The numbers of the devices with these serials. Those that do not exist are left out.
pub async fn find_ids(tx: &mut Tx<'_>, serials: &[Serial]) -> Result<Vec<(Serial, DeviceId)>> {
    let mut ids = Vec::with_capacity(serials.len());
    for (statement, serials) in FIND_IDS.cut(serials) {
        let mut query = sqlx::query_as::<_, (i64, String)>(statement);
        for serial in serials {
            query = query.bind(serial.as_str().to_owned());
        }
        for (id, serial) in query.fetch_all(&mut **tx).await? {
            ids.push((parse_serial(&serial)?, DeviceId(id)));
        }
    }
    Ok(ids)
}

/// Those of these serials that exist.
pub async fn find_serials(db: &Db, serials: &[Serial]) -> Result<HashSet<Serial>> {
    let mut found = HashSet::with_capacity(serials.len());
    for (statement, serials) in FIND_IDS.cut(serials) {
        let mut query = sqlx::query_as::<_, (i64, String)>(statement);
        for serial in serials {
            query = query.bind(serial.as_str().to_owned());
        }
        for (_, serial) in query.fetch_all(db.pool()).await? {
            found.insert(parse_serial(&serial)?);
        }
    }
    Ok(found)
}

/// The numbers of all devices.
pub async fn list_device_ids(db: &Db) -> Result<Vec<DeviceId>> {
    let ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM devices ORDER BY id")
        .fetch_all(db.pool())
        .await?;
    Ok(ids.into_iter().map(DeviceId).collect())
}

/// What opens the broker for this device: its row number and the SHA-256 of its password.
pub async fn find_credential(db: &Db, serial: Serial) -> Result<Option<(DeviceId, [u8; 32])>> {
    let row: Option<(i64, String)> = sqlx::query_as("SELECT id, password_hash FROM devices WHERE serial = ?")
        .bind(serial.as_str().to_owned())
        .fetch_optional(db.pool())
        .await?;
    row.map(|(id, hash)| Ok((DeviceId(id), parse_sha256(&hash)?)))
        .transpose()
}

/// Stores a device together with the state row that its readings will fill.
pub async fn insert_device(tx: &mut Tx<'_>, device: &NewDevice<'_>, now: Timestamp) -> Result<DeviceId> {
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO devices (serial, household_id, name, position, zone, interval_s, model, password_hash, \
         password_sealed, claim_hash, sold_at, claimed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(device.serial.as_str().to_owned())
    .bind(device.household.map(|household| household.0))
    .bind(device.name.to_owned())
    .bind(device.position)
    .bind(device.zone.to_owned())
    .bind(i64::from(device.interval_s))
    .bind(device.model.to_owned())
    .bind(device.password_hash.clone())
    .bind(device.password_sealed.clone())
    .bind(device.claim_hash.clone())
    .bind(now.as_millis())
    .bind(device.household.map(|_| now.as_millis()))
    .fetch_one(&mut **tx)
    .await
    .map_err(taken)?;
    sqlx::query("INSERT INTO device_states (device_id) VALUES (?)")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(DeviceId(id))
}

/// Remembers what a device said about itself.
pub async fn update_reported(tx: &mut Tx<'_>, id: DeviceId, interval_s: u32, fw: Option<&str>) -> Result<()> {
    sqlx::query("UPDATE devices SET interval_s = ?, fw = COALESCE(?, fw) WHERE id = ?")
        .bind(i64::from(interval_s))
        .bind(fw.map(str::to_owned))
        .bind(id.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Sets the seconds between a device's readings.
pub async fn update_interval(db: &Db, id: DeviceId, interval_s: u32) -> Result<()> {
    sqlx::query("UPDATE devices SET interval_s = ? WHERE id = ?")
        .bind(i64::from(interval_s))
        .bind(id.0)
        .execute(db.pool())
        .await?;
    Ok(())
}

/// Secrets as they are stored.
#[derive(Clone, Debug)]
pub struct StoredSecrets {
    /// SHA-256 of the password, lower-case hex.
    pub password_hash: String,
    /// The password, encrypted with the server's key.
    pub password_sealed: String,
    /// SHA-256 of the claim code, lower-case hex.
    pub claim_hash: String,
}

/// Replaces both secrets; a broker outside has to be told.
pub async fn update_secrets(db: &Db, id: DeviceId, secrets: &StoredSecrets) -> Result<()> {
    sqlx::query("UPDATE devices SET password_hash = ?, password_sealed = ?, claim_hash = ?, pending = 1 WHERE id = ?")
        .bind(secrets.password_hash.clone())
        .bind(secrets.password_sealed.clone())
        .bind(secrets.claim_hash.clone())
        .bind(id.0)
        .execute(db.pool())
        .await?;
    Ok(())
}

/// Where a claimed device goes.
#[derive(Clone, Debug)]
pub struct NewPlace<'a> {
    /// Whose it becomes.
    pub household: HouseholdId,
    /// As its people will call it.
    pub name: &'a str,
    /// The room or floor it is shown under.
    pub room: &'a str,
    /// IANA time zone of its days.
    pub zone: &'a str,
}

/// Gives a device that nobody has to a household, if the claim code is its own; the code is burnt by it. One statement,
/// so that of many who try at once exactly one succeeds.
pub async fn update_claimed(
    tx: &mut Tx<'_>,
    serial: Serial,
    claim_hash: String,
    place: &NewPlace<'_>,
    now: Timestamp,
) -> Result<bool> {
    let position: Option<i64> = sqlx::query_scalar("SELECT MAX(position) FROM devices WHERE household_id = ?")
        .bind(place.household.0)
        .fetch_one(&mut **tx)
        .await?;
    let done = sqlx::query(
        "UPDATE devices SET household_id = ?, name = ?, room = ?, position = ?, zone = ?, claimed_at = ?, \
         claim_hash = '' WHERE serial = ? AND household_id IS NULL AND claim_hash = ?",
    )
    .bind(place.household.0)
    .bind(place.name.to_owned())
    .bind(place.room.to_owned())
    .bind(position.map_or(0, |last| last.saturating_add(1)))
    .bind(place.zone.to_owned())
    .bind(now.as_millis())
    .bind(serial.as_str().to_owned())
    .bind(claim_hash)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a device out of its household, with new secrets: it is as when it was sold. What it measured is deleted by
/// [`super::history::delete_history`], in the same transaction.
pub async fn update_released(tx: &mut Tx<'_>, id: DeviceId, secrets: &StoredSecrets, now: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE devices SET household_id = NULL, name = serial, room = '', position = 0, t_offset = 0, h_offset = 0, \
         claimed_at = NULL, watched = 0, cut_at = ?, password_hash = ?, password_sealed = ?, claim_hash = ?, pending = 1 WHERE id = ?",
    )
    .bind(now.as_millis())
    .bind(secrets.password_hash.clone())
    .bind(secrets.password_sealed.clone())
    .bind(secrets.claim_hash.clone())
    .bind(id.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a household may change of its device.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// As its people call it.
    pub name: String,
    /// The room or floor it is shown under; empty: none.
    pub room: String,
    /// Order on the page.
    pub position: i64,
    /// IANA time zone of its days.
    pub zone: String,
    /// Added to the temperatures it sends, °C.
    pub t_offset: f64,
    /// Added to the humidities it sends, %RH.
    pub h_offset: f64,
}

/// Stores what a household has changed, if the device is still its own.
pub async fn update_settings(db: &Db, id: DeviceId, household: Option<HouseholdId>, settings: &Settings) -> Result<()> {
    sqlx::query(
        "UPDATE devices SET name = ?, room = ?, position = ?, zone = ?, t_offset = ?, h_offset = ? \
         WHERE id = ? AND household_id = ?",
    )
    .bind(settings.name.clone())
    .bind(settings.room.clone())
    .bind(settings.position)
    .bind(settings.zone.clone())
    .bind(settings.t_offset)
    .bind(settings.h_offset)
    .bind(id.0)
    .bind(household.map(|household| household.0))
    .execute(db.pool())
    .await?;
    Ok(())
}

pub(super) fn parse_serial(text: &str) -> Result<Serial> {
    text.parse().map_err(|_| Error::Corrupt {
        what: "devices.serial",
        detail: text.to_owned(),
    })
}

fn parse_sha256(hex: &str) -> Result<[u8; 32]> {
    let corrupt = || Error::Corrupt {
        what: "devices.password_hash",
        detail: format!("{} characters", hex.len()),
    };
    let mut bytes = [0; 32];
    if hex.len() != 64 || !hex.is_ascii() {
        return Err(corrupt());
    }
    for (byte, digits) in bytes.iter_mut().zip(hex.as_bytes().chunks(2)) {
        let digits = std::str::from_utf8(digits).map_err(|_| corrupt())?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| corrupt())?;
    }
    Ok(bytes)
}

fn taken(error: sqlx::Error) -> Error {
    match error.as_database_error() {
        Some(fault) if fault.is_unique_violation() => Error::Conflict,
        _ => Error::Db(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_hash_is_read_or_called_corrupt() {
        assert_eq!(parse_sha256(&"0f".repeat(32)).unwrap(), [0x0f; 32]);
        assert!(parse_sha256(&"zz".repeat(32)).is_err());
        assert!(parse_sha256("0f").is_err());
    }
}
