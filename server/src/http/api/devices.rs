//! `/devices`: what the signed-in person's household measures, now and today.

use app::error::AppError;
use axum::Json;
use axum::extract::State;
use domain::serial::Serial;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::AppState;
use super::super::extract::{Body, PathSerial, SignedIn};
use super::super::problem::Problem;
use super::products::Product;
use crate::claims::{self, Claim, ClaimError};
use crate::db::UserId;
use crate::db::devices::{self, Device};
use crate::error::{Error, Result};
use crate::history;
use crate::live::DeviceView;
use crate::rooms;

/// A device and its newest reading.
#[derive(Serialize, ToSchema)]
pub struct DeviceSummary {
    /// The number on its sticker.
    #[schema(example = "TL-7K3F9Q2M")]
    serial: String,
    /// As its people call it.
    name: String,
    /// The room or floor it is shown under; empty: none.
    room: String,
    /// Order on the page.
    position: i64,
    /// IANA time zone of its days.
    #[schema(example = "Asia/Seoul")]
    zone: String,
    /// Added to the temperatures it sends, °C.
    t_offset: f64,
    /// Added to the humidities it sends, %RH.
    h_offset: f64,
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
    fn at(view: DeviceView, listening_since: Timestamp, now: Timestamp) -> Self {
        let glimpse = view.glimpse(listening_since, now);
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
        newest: Newest::at(view, state.live.hub.listening().since(), now),
        today: today.map(Today::from).unwrap_or_default(),
    }))
}

async fn summarise(state: &AppState, device: Device) -> Result<DeviceSummary> {
    let view = DeviceView::load(&state.db, &device).await?;
    Ok(DeviceSummary {
        serial: device.serial.to_string(),
        name: device.name,
        room: device.room,
        position: device.position,
        zone: device.zone,
        t_offset: device.t_offset,
        h_offset: device.h_offset,
        interval_s: device.interval_s,
        newest: Newest::at(view, state.live.hub.listening().since(), state.clock.now()),
    })
}

/// A device to be claimed.
#[derive(Deserialize, ToSchema)]
pub struct ClaimRequest {
    /// The number on the sticker.
    #[schema(example = "TL-7K3F9Q2M")]
    serial: String,
    /// The code on the sticker.
    #[schema(example = "8XRM-4T0C-ZV5H")]
    claim_code: String,
    /// How it is to be called; its serial if left out.
    #[schema(example = "거실")]
    name: Option<String>,
    /// The room or floor it is shown under.
    room: Option<String>,
    /// IANA time zone of its days; the household's if left out.
    zone: Option<String>,
}

/// Claim a device
///
/// Whoever holds the sticker makes the device theirs, once. No such device, taken already, wrong code: one answer.
#[utoipa::path(
    post, path = "/devices/claim", tag = "devices",
    request_body = ClaimRequest,
    responses(
        (status = OK, body = DeviceSummary),
        (status = BAD_REQUEST, description = "a name or a zone cannot be used", body = Problem),
        (status = UNAUTHORIZED, body = Problem),
        (status = NOT_FOUND, description = "no such device, not for sale, taken already, or a wrong code", body = Problem),
        (status = TOO_MANY_REQUESTS, description = "too many wrong codes", body = Problem),
    )
)]
pub async fn claim(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
    Body(request): Body<ClaimRequest>,
) -> Result<Json<DeviceSummary>, Problem> {
    let claim = Claim {
        serial: &request.serial,
        code: &request.claim_code,
        name: request.name.as_deref(),
        room: request.room.as_deref(),
        zone: request.zone.as_deref(),
    };
    let claimed = claims::claim(&state.db, &state.claim_limits, person.id, &claim, state.clock.now()).await;
    let device = claimed.map_err(|error| match error {
        ClaimError::Refused => Problem::not_found(),
        ClaimError::Limited(wait) => Problem::from(AppError::RateLimited { retry_after: wait.0 }),
        ClaimError::Failed(error) => error.into(),
    })?;
    if let Some(household) = device.household {
        state.handover.tell(household).await?;
    }
    Ok(Json(summarise(&state, device).await?))
}

/// What is to be different; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceChange {
    /// As its people call it.
    name: Option<String>,
    /// The room or floor it is shown under; empty: none.
    room: Option<String>,
    /// Order on the page.
    position: Option<i64>,
    /// IANA time zone of its days.
    zone: Option<String>,
    /// Added to the temperatures it sends, °C; at most 10 either way.
    t_offset: Option<f64>,
    /// Added to the humidities it sends, %RH; at most 30 either way.
    h_offset: Option<f64>,
}

/// Change a device
///
/// Its name, room, order, time zone or calibration. For owners and members. Slots that are finished keep the
/// calibration they were written with.
#[utoipa::path(
    patch, path = "/devices/{serial}", tag = "devices",
    params(("serial" = String, Path, example = "TL-7K3F9Q2M")),
    request_body = DeviceChange,
    responses(
        (status = OK, body = DeviceSummary),
        (status = BAD_REQUEST, body = Problem),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "you may only look", body = Problem),
        (status = NOT_FOUND, description = "no such device, or not yours", body = Problem),
    )
)]
pub async fn change(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
    PathSerial(serial): PathSerial,
    Body(request): Body<DeviceChange>,
) -> Result<Json<DeviceSummary>, Problem> {
    let device = find_own(&state, person.id, serial).await?;
    let DeviceChange {
        name,
        room,
        position,
        zone,
        t_offset,
        h_offset,
    } = request;
    let change = rooms::Change {
        name,
        room,
        position,
        zone,
        t_offset,
        h_offset,
    };
    rooms::change(&state.db, person.id, &device, &change).await?;
    let device = find_own(&state, person.id, serial).await?;
    Ok(Json(summarise(&state, device).await?))
}

/// Release a device
///
/// Its owner gives it away: it leaves the household, everything it has measured is deleted, and it gets a new claim
/// code and new credentials, which are shown this once.
#[utoipa::path(
    delete, path = "/devices/{serial}", tag = "devices",
    params(("serial" = String, Path, example = "TL-7K3F9Q2M")),
    responses(
        (status = OK, description = "released; the secrets its next owner needs", body = Product),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "you do not own it", body = Problem),
        (status = NOT_FOUND, description = "no such device, or not yours", body = Problem),
    )
)]
pub async fn release(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
    PathSerial(serial): PathSerial,
) -> Result<Json<Product>, Problem> {
    let device = find_own(&state, person.id, serial).await?;
    let product = state.handover.release(person.id, &device, state.clock.now()).await?;
    Ok(Json(product.into()))
}
