//! What people may call their rooms, and what else they may say of a device.

use crate::db::devices::{Device, Settings, update_settings};
use crate::db::households::find_role;
use crate::db::{Db, UserId};
use crate::error::{Error, Result};

/// The longest name of a device, a room or a household.
pub const MAX_NAME_CHARS: usize = 80;
/// The largest correction of a temperature, °C.
pub const MOST_T_OFFSET: f64 = 10.0;
/// The largest correction of a humidity, %RH.
pub const MOST_H_OFFSET: f64 = 30.0;

/// What is to be different; `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// As its people call it.
    pub name: Option<String>,
    /// The room or floor it is shown under; empty: none.
    pub room: Option<String>,
    /// Order on the page.
    pub position: Option<i64>,
    /// IANA time zone of its days.
    pub zone: Option<String>,
    /// Added to the temperatures it sends, °C.
    pub t_offset: Option<f64>,
    /// Added to the humidities it sends, %RH.
    pub h_offset: Option<f64>,
}

impl Change {
    /// The device's settings after this change.
    ///
    /// # Errors
    /// Which value cannot be used.
    pub fn apply(&self, device: &Device) -> Result<Settings> {
        let text = |new: &Option<String>, old: &str| new.clone().unwrap_or_else(|| old.to_owned());
        let (name, room, zone) = (
            text(&self.name, &device.name),
            text(&self.room, &device.room),
            text(&self.zone, &device.zone),
        );
        let (t_offset, h_offset) = (
            self.t_offset.unwrap_or(device.t_offset),
            self.h_offset.unwrap_or(device.h_offset),
        );
        check_offset("t_offset", t_offset, MOST_T_OFFSET)?;
        check_offset("h_offset", h_offset, MOST_H_OFFSET)?;
        Ok(Settings {
            name: check_name(&name)?.to_owned(),
            room: check_room(&room)?.to_owned(),
            position: self.position.unwrap_or(device.position).clamp(0, i64::from(u32::MAX)),
            zone: check_zone(&zone)?.to_owned(),
            t_offset,
            h_offset,
        })
    }
}

/// Changes a device on behalf of somebody who may see it.
///
/// # Errors
/// [`Error::Forbidden`] for those who may only look.
pub async fn change(db: &Db, person: UserId, device: &Device, change: &Change) -> Result<()> {
    let role = match device.household {
        Some(household) => find_role(db, household, person).await?,
        None => None,
    };
    match role {
        None => Err(Error::NotFound),
        Some(role) if !role.may_change() => Err(Error::Forbidden),
        Some(_) => update_settings(db, device.id, device.household, &change.apply(device)?).await,
    }
}

/// A name of something: what is left of it without the blanks around.
pub fn check_name(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(invalid("name", format!("must have 1 to {MAX_NAME_CHARS} characters")));
    }
    Ok(name)
}

/// The name of a room or floor; none is fine.
pub fn check_room(room: &str) -> Result<&str> {
    let room = room.trim();
    if room.chars().count() > MAX_NAME_CHARS || room.chars().any(char::is_control) {
        return Err(invalid(
            "room",
            format!("must have at most {MAX_NAME_CHARS} characters"),
        ));
    }
    Ok(room)
}

/// An IANA time zone.
pub fn check_zone(zone: &str) -> Result<&str> {
    let zone = zone.trim();
    if zone.len() > 64 || crate::zone::find(zone).is_err() {
        return Err(invalid("zone", "is no IANA time zone, such as Asia/Seoul".to_owned()));
    }
    Ok(zone)
}

fn check_offset(field: &'static str, offset: f64, most: f64) -> Result<()> {
    if offset.is_finite() && offset.abs() <= most {
        Ok(())
    } else {
        Err(invalid(field, format!("must be between -{most} and {most}")))
    }
}

fn invalid(field: &'static str, reason: String) -> Error {
    Error::Invalid { field, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(check_name("  거실 ").unwrap(), "거실");
        for wrong in ["", "  ", "a\nb", &"x".repeat(81)] {
            assert!(check_name(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(check_room(" ").unwrap(), "");
        assert!(check_room(&"x".repeat(81)).is_err());
    }

    #[test]
    fn a_zone_must_exist() {
        assert_eq!(check_zone(" Europe/Berlin ").unwrap(), "Europe/Berlin");
        for wrong in ["", "Mars/Olympus", "../etc/passwd"] {
            assert!(check_zone(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_correction_is_small_and_a_number() {
        assert!(check_offset("t_offset", -10.0, MOST_T_OFFSET).is_ok());
        for wrong in [10.1, f64::NAN, f64::INFINITY] {
            assert!(check_offset("t_offset", wrong, MOST_T_OFFSET).is_err());
        }
    }
}
