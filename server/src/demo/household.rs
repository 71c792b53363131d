//! The demo household, its one person and its devices.

use domain::time::Timestamp;

use super::RECORDED_INTERVAL_S;
use crate::auth::Passwords;
use crate::db::devices::{Device, find_device, list_devices_of};
use crate::db::households::{Role, insert_household, insert_membership, list_households_of};
use crate::db::states::find_state;
use crate::db::users::{NewUser, find_user_by_email, insert_user};
use crate::db::{Db, DeviceId, UserId};
use crate::error::{Error, Result};
use crate::products::{Place, Shop, insert};

/// Who signs in to look at the demo.
pub const EMAIL: &str = "demo@templog.example";
/// Known to everybody: there is nothing but a recording to see.
pub const PASSWORD: &str = "home-is-all-right";

/// The demo household's time zone.
pub(super) const ZONE: &str = "Asia/Seoul";
const HOUSEHOLD: &str = "우리 집";
const MODEL: &str = "DHT22-ESP32";

/// How the recorded rooms are called here, in the order of the page.
const ROOMS: [(&str, &str); 3] = [("be-living", "거실"), ("be-kitchen", "부엌"), ("be-bath", "욕실")];

pub(super) async fn find_or_insert_user(db: &Db, now: Timestamp) -> Result<UserId> {
    if let Some(user) = find_user_by_email(db, EMAIL).await? {
        return Ok(user.id);
    }
    let hash = Passwords::new().hash(PASSWORD.to_owned()).await;
    let user = NewUser {
        email: EMAIL,
        password_hash: hash.as_deref(),
        verified_at: Some(now),
        operator: false,
    };
    insert_user(db, &user, now).await
}

/// One device per recorded room, in the same order.
pub(super) async fn find_or_insert_devices(
    shop: &Shop,
    user: UserId,
    rooms: &[&str],
    now: Timestamp,
) -> Result<Vec<Device>> {
    let db = shop.db();
    let present = list_devices_of(db, user).await?;
    let household = list_households_of(db, user)
        .await?
        .first()
        .map(|household| household.id);
    let mut tx = db.begin_write().await?;
    let household = if let Some(household) = household {
        household
    } else {
        let household = insert_household(&mut tx, HOUSEHOLD, ZONE, true, now).await?;
        insert_membership(&mut tx, household, user, Role::Owner).await?;
        household
    };
    let mut serials = Vec::new();
    for (index, room) in rooms.iter().enumerate() {
        let (position, name) = place_of(room, index);
        if let Some(device) = present.iter().find(|device| device.position == position) {
            serials.push(device.serial);
            continue;
        }
        let place = Place {
            household: Some(household),
            name: Some(name),
            position,
            zone: ZONE,
            interval_s: RECORDED_INTERVAL_S,
        };
        // Its secrets are made anew when the credentials are written.
        serials.push(insert(&mut tx, shop.seal(), MODEL, &place, now).await?.0);
    }
    tx.commit().await?;
    let mut devices = Vec::new();
    for serial in serials {
        devices.push(find_device(db, serial).await?.ok_or(Error::NotFound)?);
    }
    Ok(devices)
}

fn place_of(room: &str, index: usize) -> (i64, &str) {
    let known = ROOMS.iter().position(|(recorded, _)| *recorded == room);
    let position = known.unwrap_or(ROOMS.len() + index);
    (
        i64::try_from(position).unwrap_or(i64::MAX),
        known.map_or(room, |known| ROOMS[known].1),
    )
}

/// When the newest reading of a device was measured.
pub(super) async fn history_ends(db: &Db, device: DeviceId) -> Result<Option<Timestamp>> {
    Ok(find_state(db, device).await?.and_then(|state| state.max_at))
}
