//! `/alerts`: what happened, who was told, and who knows.

use axum::Json;
use axum::extract::{Path, State};
use domain::alert::Rule;
use domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::AppState;
use super::super::extract::SignedIn;
use super::super::problem::Problem;
use crate::alerts::{AckError, acknowledge};
use crate::db::AlertId;
use crate::db::alerts::{Alert, list_alerts_of};
use crate::db::notices::{Notice, list_notices};
use crate::error::Error;

/// How much of the past is told.
const MOST: u32 = 500;

/// Something that happened. Times are Unix milliseconds.
#[derive(Serialize, ToSchema)]
pub struct AlertSummary {
    /// Its number.
    id: i64,
    /// The device.
    #[schema(example = "TL-7K3F9Q2M")]
    serial: String,
    /// The device's name.
    name: String,
    /// Kind and numbers of the rule as it was.
    #[schema(value_type = Object)]
    rule: Rule,
    /// `active`, `acknowledged` or `cleared`.
    #[schema(example = "active")]
    state: &'static str,
    /// When it became true.
    fired_at: i64,
    /// The value that made it true.
    value: Option<f64>,
    /// Where a change began.
    from: Option<f64>,
    /// When a change began, or a silent device was last heard.
    from_at: Option<i64>,
    /// When somebody said that they know.
    acknowledged_at: Option<i64>,
    /// Who that was.
    acknowledged_by: Option<String>,
    /// When it was over.
    cleared_at: Option<i64>,
    /// The value that is normal again.
    cleared_value: Option<f64>,
    /// Who was told.
    notices: Vec<NoticeSummary>,
}

/// A message to somebody.
#[derive(Serialize, ToSchema)]
pub struct NoticeSummary {
    /// To whom.
    email: String,
    /// By which way: `mail` or `push`.
    #[schema(example = "mail")]
    channel: String,
    /// `fired`, `again` or `over`.
    #[schema(example = "fired")]
    what: &'static str,
    /// `queued`, `accepted` or `dead`; null once that is forgotten.
    state: Option<String>,
    /// When it was written.
    created_at: i64,
    /// When it was accepted or given up.
    settled_at: Option<i64>,
    /// Why it has not got through so far.
    reason: Option<String>,
    /// When its reader first followed it.
    opened_at: Option<i64>,
}

impl AlertSummary {
    fn new(alert: Alert, notices: &[Notice]) -> Self {
        let millis = |at: Option<Timestamp>| at.map(Timestamp::as_millis);
        let own = notices.iter().filter(|notice| notice.alert == alert.id);
        // A silent device has no value to begin from.
        let from = alert.from.filter(|_| alert.rule.metric().is_some());
        Self {
            id: alert.id.0,
            state: match (alert.cleared_at, alert.acked_at) {
                (Some(_), _) => "cleared",
                (None, Some(_)) => "acknowledged",
                (None, None) => "active",
            },
            notices: own.map(NoticeSummary::from).collect(),
            serial: alert.serial,
            name: alert.place,
            rule: alert.rule,
            fired_at: alert.fired_at.as_millis(),
            value: alert.value,
            from: from.map(|from| from.value),
            from_at: millis(alert.from.map(|from| from.at)),
            acknowledged_at: millis(alert.acked_at),
            acknowledged_by: alert.acked_by,
            cleared_at: millis(alert.cleared_at),
            cleared_value: alert.cleared_value,
        }
    }
}

impl From<&Notice> for NoticeSummary {
    fn from(notice: &Notice) -> Self {
        Self {
            email: notice.email.clone(),
            channel: notice.channel.clone(),
            what: notice.what.as_str(),
            state: notice.state.clone(),
            created_at: notice.created_at.as_millis(),
            settled_at: notice.settled_at.map(Timestamp::as_millis),
            reason: notice
                .last_error
                .clone()
                .filter(|_| notice.state.as_deref() != Some("accepted")),
            opened_at: notice.opened_at.map(Timestamp::as_millis),
        }
    }
}

/// List alerts
///
/// What happened in all homes of whoever asks, the newest first.
#[utoipa::path(
    get, path = "/alerts", tag = "alerts",
    responses((status = OK, body = Vec<AlertSummary>), (status = UNAUTHORIZED, body = Problem))
)]
pub async fn list(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
) -> Result<Json<Vec<AlertSummary>>, Problem> {
    let alerts = list_alerts_of(&state.db, person.id, MOST).await?;
    let ids: Vec<_> = alerts.iter().map(|alert| alert.id).collect();
    let notices = list_notices(&state.db, &ids).await?;
    let alerts = alerts.into_iter().map(|alert| AlertSummary::new(alert, &notices));
    Ok(Json(alerts.collect()))
}

/// Acknowledge an alert
///
/// Reminders end. A second time changes nothing: who was first stays.
#[utoipa::path(
    post, path = "/alerts/{id}/ack", tag = "alerts",
    params(("id" = String, Path)),
    responses(
        (status = OK, body = AlertSummary),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "you may only look", body = Problem),
        (status = NOT_FOUND, description = "no such alert, or not yours", body = Problem),
    )
)]
pub async fn ack(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<AlertSummary>, Problem> {
    let id = id.parse().map(AlertId).map_err(|_| Problem::not_found())?;
    let known = acknowledge(&state.db, person.id, id, state.clock.now()).await;
    let alert = known.map_err(|error| match error {
        AckError::NotFound => Problem::not_found(),
        AckError::Forbidden => Error::Forbidden.into(),
        AckError::Failed(error) => error.into(),
    })?;
    let notices = list_notices(&state.db, &[alert.id]).await?;
    Ok(Json(AlertSummary::new(alert, &notices)))
}
