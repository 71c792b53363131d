//! `/devices`: what the signed-in person's household measures, now and today.

use axum::Json;
use axum::extract::State;
use domain::serial::Serial;
use domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::AppState;
use super::super::extract::{PathSerial, SignedIn};
use super::super::problem::Problem;
use crate::db::UserId;
use crate::db::devices::{self, Device};
use crate::error::{Error, Result};
use crate::history;
use crate::live::DeviceView;

/// A device and its newest reading.
#[derive(Serialize, ToSchema)]
pub struct DeviceSummary {
    /// The number on its sticker.
    #[schema(example = "TL-7K3F9Q2M")]
    serial: String,
    /// As its people call it.
    name: String,
    /// IANA time zone of its days.
    #[schema(example = "Asia/Seoul")]
    zone: String,
    /// Seconds between its readings.
    interval_s: u32,
    #[serde(flatten)]
    newest: Newest,
}

/// The newest reading of a device, calibrated.
#[derive(Serialize, ToSchema)]
pub struct Newest {
    /// When it was measured, Unix milliseconds; null while there is none.
    at: Option<i64>,
    /// °C.
    t: Option<f64>,
    /// %RH.
    h: Option<f64>,
    /// How present the device is.
    #[schema(example = "online")]
    presence: &'static str,
}

/// What a device measures now, and today so far.
#[derive(Serialize, ToSchema)]
pub struct Current {
    /// The number on its sticker.
    #[schema(example = "TL-7K3F9Q2M")]
    serial: String,
    /// As its people call it.
    name: String,
    #[serde(flatten)]
    newest: Newest,
    today: Today,
}

/// The local day so far; nulls before its first reading.
#[derive(Default, Serialize, ToSchema)]
pub struct Today {
    /// Time-weighted mean, °C.
    t_avg: Option<f64>,
    /// Lowest, °C.
    t_min: Option<f64>,
    /// Highest, °C.
    t_max: Option<f64>,
    /// Time-weighted mean, %RH.
    h_avg: Option<f64>,
    /// Lowest, %RH.
    h_min: Option<f64>,
    /// Highest, %RH.
    h_max: Option<f64>,
    /// Part of the day so far that readings speak for, 0 to 1.
    coverage: f64,
}

impl From<history::Today> for Today {
    fn from(today: history::Today) -> Self {
        Self {
            t_avg: today.t.map(|t| t.avg),
            t_min: today.t.map(|t| t.min),
            t_max: today.t.map(|t| t.max),
            h_avg: today.h.map(|h| h.avg),
            h_min: today.h.map(|h| h.min),
            h_max: today.h.map(|h| h.max),
            coverage: today.coverage(),
        }
    }
}

impl Newest {
    fn at(view: DeviceView, now: Timestamp) -> Self {
        let glimpse = view.glimpse(now);
        Self {
            at: glimpse.at.map(Timestamp::as_millis),
            t: glimpse.t,
            h: glimpse.h,
            presence: glimpse.presence.as_str(),
        }
    }
}

/// The device of that serial, if it is in a household of that person. "Not yours" and "no such"
/// are the same answer.
pub(super) async fn find_own(state: &AppState, user: UserId, serial: Serial) -> Result<Device> {
    devices::find_device_of(&state.db, user, serial)
        .await?
        .ok_or(Error::NotFound)
}

/// List devices
///
/// All devices of the household, in the order of the page.
#[utoipa::path(
    get, path = "/devices", tag = "devices",
    responses((status = OK, body = Vec<DeviceSummary>), (status = UNAUTHORIZED, body = Problem))
)]
pub async fn list(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
) -> Result<Json<Vec<DeviceSummary>>, Problem> {
    let mut summaries = Vec::new();
    for device in devices::list_devices_of(&state.db, person.id).await? {
        summaries.push(summarise(&state, device).await?);
    }
    Ok(Json(summaries))
}

/// Show a device
#[utoipa::path(
    get, path = "/devices/{serial}", tag = "devices",
    params(("serial" = String, Path, example = "TL-7K3F9Q2M")),
    responses(
        (status = OK, body = DeviceSummary),
        (status = UNAUTHORIZED, body = Problem),
        (status = NOT_FOUND, description = "no such device, or not yours", body = Problem),
    )
)]
pub async fn show(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
    PathSerial(serial): PathSerial,
) -> Result<Json<DeviceSummary>, Problem> {
    let device = find_own(&state, person.id, serial).await?;
    Ok(Json(summarise(&state, device).await?))
}

/// Current values
///
/// The newest reading and today's averages so far.
#[utoipa::path(
    get, path = "/devices/{serial}/current", tag = "devices",
    params(("serial" = String, Path, example = "TL-7K3F9Q2M")),
    responses(
        (status = OK, body = Current),
        (status = UNAUTHORIZED, body = Problem),
        (status = NOT_FOUND, description = "no such device, or not yours", body = Problem),
    )
)]
pub async fn current(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
    PathSerial(serial): PathSerial,
) -> Result<Json<Current>, Problem> {
    let device = find_own(&state, person.id, serial).await?;
    let now = state.clock.now();
    let view = DeviceView::load(&state.db, &device).await?;
    let today = history::today(&state.db, &device, now).await?;
    Ok(Json(Current {
        serial: device.serial.to_string(),
        name: device.name,
        newest: Newest::at(view, now),
        today: today.map(Today::from).unwrap_or_default(),
    }))
}

async fn summarise(state: &AppState, device: Device) -> Result<DeviceSummary> {
    let view = DeviceView::load(&state.db, &device).await?;
    Ok(DeviceSummary {
        serial: device.serial.to_string(),
        name: device.name,
        zone: device.zone,
        interval_s: device.interval_s,
        newest: Newest::at(view, state.clock.now()),
    })
}
