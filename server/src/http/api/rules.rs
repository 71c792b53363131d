//! `/rules` and `/devices/{serial}/rules`: what people want to be told.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::alert::{Phase, Rule};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::super::AppState;
use super::super::extract::{Body, PathSerial, SignedIn};
use super::super::forms::alerts::{USUAL, keeper, own_device, own_rule};
use super::super::problem::Problem;
use super::devices::find_own;
use crate::alerts::Wanted;
use crate::db::rule_states::list_memories;
use crate::db::rules::{Channels, Quiet, StoredRule, Terms, list_rules};
use crate::error::Error;

/// By which way people are told.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// A mail.
    Email,
    /// A message of the browser.
    Push,
}

/// Hours of the device's local day in which nobody is told.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct QuietHours {
    /// First quiet minute.
    #[schema(example = "23:00")]
    from: String,
    /// First minute that is not quiet any more.
    #[schema(example = "07:00")]
    to: String,
    /// Whether this rule is told all the same: it is danger.
    #[serde(default)]
    r#override: bool,
}

/// A rule. `kind` decides which of the numbers there are: `above` and `below` have `metric`, `limit`, `hysteresis` and
/// `hold_s`; `change` has `metric`, `delta` and `window_s`; `offline` has `after_s`; `fault` has none.
#[derive(Serialize, ToSchema)]
pub struct RuleSummary {
    /// Its number.
    id: i64,
    /// Kind and numbers.
    #[serde(flatten)]
    #[schema(value_type = Object, example = json!({"kind":"above","metric":"h","limit":60.0,"hysteresis":2.0,"hold_s":120}))]
    rule: Rule,
    /// Whether it is watched.
    enabled: bool,
    /// By which ways people are told.
    channels: Vec<Channel>,
    /// Seconds after which it is said again until somebody acknowledges; 0: once.
    repeat_s: u32,
    /// When nobody is told; null: at any hour.
    quiet: Option<QuietHours>,
    /// What the device's lamp is to be while the rule is active, and the opposite afterwards; null: left alone.
    lamp: Option<bool>,
    /// `normal`, `pending` or `active`.
    #[schema(example = "normal")]
    state: &'static str,
}

/// What is to be. Kind and numbers as in the answer; what is left out stays, or is as usual.
#[derive(Deserialize, ToSchema)]
pub struct RuleRequest {
    /// Whether it is watched.
    enabled: Option<bool>,
    /// By which ways people are told.
    channels: Option<Vec<Channel>>,
    /// Seconds after which it is said again until somebody acknowledges; 0: once.
    repeat_s: Option<u32>,
    /// When nobody is told; null: at any hour.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<QuietHours>)]
    quiet: Option<Value>,
    /// What the device's lamp is to be while the rule is active; null: left alone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<bool>)]
    lamp: Option<Value>,
    /// Kind and numbers.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    rule: Map<String, Value>,
}

/// Tells null from nothing at all.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl RuleRequest {
    /// The rule that is wanted, on the ground of the one there is.
    fn wanted(self, before: Option<&StoredRule>) -> Result<Wanted, Error> {
        let invalid = |field, reason: String| Error::Invalid { field, reason };
        let mut fields = match before {
            Some(stored) if !self.rule.contains_key("kind") => match serde_json::to_value(stored.rule) {
                Ok(Value::Object(fields)) => fields,
                _ => Map::new(),
            },
            _ => Map::new(),
        };
        fields.extend(self.rule);
        let rule = serde_json::from_value(Value::Object(fields)).map_err(|error| invalid("kind", error.to_string()))?;
        let terms = before.map_or(USUAL, |stored| stored.terms);
        let quiet = match self.quiet {
            None => (terms.quiet, terms.danger),
            Some(Value::Null) => (None, terms.danger),
            Some(hours) => {
                let hours: QuietHours =
                    serde_json::from_value(hours).map_err(|error| invalid("quiet", error.to_string()))?;
                let minute = |text: &str| minute(text).ok_or_else(|| invalid("quiet", "use 23:00".to_owned()));
                let (from, to) = (minute(&hours.from)?, minute(&hours.to)?);
                (Some(Quiet { from, to }), hours.r#override)
            }
        };
        let lamp = match self.lamp {
            None => terms.lamp,
            Some(lamp) => {
                serde_json::from_value(lamp).map_err(|_| invalid("lamp", "use true, false or null".to_owned()))?
            }
        };
        let channels = self.channels.map_or(terms.channels, |channels| Channels {
            mail: channels.contains(&Channel::Email),
            push: channels.contains(&Channel::Push),
        });
        Ok(Wanted {
            rule,
            terms: Terms {
                enabled: self.enabled.unwrap_or(terms.enabled),
                channels,
                danger: quiet.1,
                repeat_s: self.repeat_s.unwrap_or(terms.repeat_s),
                quiet: quiet.0,
                lamp,
            },
        })
    }
}

impl RuleSummary {
    fn new(stored: &StoredRule, phase: Phase) -> Self {
        let StoredRule { id, rule, terms, .. } = *stored;
        let Channels { mail, push } = terms.channels;
        let channels = [(mail, Channel::Email), (push, Channel::Push)];
        Self {
            id: id.0,
            rule,
            enabled: terms.enabled,
            channels: channels
                .into_iter()
                .filter_map(|(on, channel)| on.then_some(channel))
                .collect(),
            repeat_s: terms.repeat_s,
            quiet: terms.quiet.map(|quiet| QuietHours {
                from: clock(quiet.from),
                to: clock(quiet.to),
                r#override: terms.danger,
            }),
            lamp: terms.lamp,
            state: match phase {
                Phase::Normal => "normal",
                Phase::Pending { .. } => "pending",
                Phase::Active { .. } => "active",
            },
        }
    }
}

/// List rules
///
/// Everything that is watched about a device.
#[utoipa::path(
    get, path = "/devices/{serial}/rules", tag = "alerts",
    params(("serial" = String, Path, example = "TL-7K3F9Q2M")),
    responses(
        (status = OK, body = Vec<RuleSummary>),
        (status = UNAUTHORIZED, body = Problem),
        (status = NOT_FOUND, description = "no such device, or not yours", body = Problem),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
    PathSerial(serial): PathSerial,
) -> Result<Json<Vec<RuleSummary>>, Problem> {
    let device = find_own(&state, person.id, serial).await?;
    Ok(Json(summaries(&state, &device).await?))
}

/// Make a rule
///
/// For owners and members. A device with rules also gets one that watches its sensor.
#[utoipa::path(
    post, path = "/devices/{serial}/rules", tag = "alerts",
    params(("serial" = String, Path, example = "TL-7K3F9Q2M")),
    request_body = RuleRequest,
    responses(
        (status = CREATED, body = RuleSummary),
        (status = BAD_REQUEST, description = "a number that makes no sense", body = Problem),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "you may only look", body = Problem),
        (status = NOT_FOUND, description = "no such device, or not yours", body = Problem),
    )
)]
pub async fn create(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
    PathSerial(serial): PathSerial,
    Body(request): Body<RuleRequest>,
) -> Result<(StatusCode, Json<RuleSummary>), Problem> {
    let device = own_device(&state, person.id, serial.as_str()).await?;
    let made = keeper(&state, &device).add(vec![request.wanted(None)?]).await?;
    let all = summaries(&state, &device).await?;
    let own = all.into_iter().find(|one| made.iter().any(|id| id.0 == one.id));
    Ok((StatusCode::CREATED, Json(own.ok_or_else(Problem::not_found)?)))
}

/// Change a rule
///
/// An alert under way ends without a word if the rule's numbers change.
#[utoipa::path(
    patch, path = "/rules/{id}", tag = "alerts",
    params(("id" = String, Path)),
    request_body = RuleRequest,
    responses(
        (status = OK, body = RuleSummary),
        (status = BAD_REQUEST, description = "a number that makes no sense", body = Problem),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "you may only look", body = Problem),
        (status = NOT_FOUND, description = "no such rule, or not yours", body = Problem),
    )
)]
pub async fn change(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
    Path(id): Path<String>,
    Body(request): Body<RuleRequest>,
) -> Result<Json<RuleSummary>, Problem> {
    let (device, stored) = own_rule(&state, person.id, &id).await?;
    let wanted = request.wanted(Some(&stored))?;
    keeper(&state, &device).change(&stored, wanted).await?;
    let all = summaries(&state, &device).await?;
    let own = all.into_iter().find(|one| one.id == stored.id.0);
    Ok(Json(own.ok_or_else(Problem::not_found)?))
}

/// Take a rule away
#[utoipa::path(
    delete, path = "/rules/{id}", tag = "alerts",
    params(("id" = String, Path)),
    responses(
        (status = NO_CONTENT),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "you may only look", body = Problem),
        (status = NOT_FOUND, description = "no such rule, or not yours", body = Problem),
    )
)]
pub async fn remove(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (device, stored) = own_rule(&state, person.id, &id).await?;
    keeper(&state, &device).remove(&stored).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn summaries(state: &AppState, device: &crate::db::devices::Device) -> Result<Vec<RuleSummary>, Error> {
    let memories = list_memories(&state.db, device.id).await?;
    let phase = |id| {
        let memory = memories.iter().find(|(rule, _)| *rule == id);
        memory.map_or(Phase::Normal, |(_, memory)| memory.phase)
    };
    let rules = list_rules(&state.db, device.id).await?.into_iter();
    Ok(rules
        .map(|stored| {
            let phase = phase(stored.id);
            RuleSummary::new(&stored, phase)
        })
        .collect())
}

/// `23:00` as the minute of the day.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
