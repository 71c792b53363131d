//! Rules, acknowledgements and how a person wants to be told.

use app::api::alerts::RuleForm;
use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::alert::Preset;
use domain::serial::Serial;
use serde::Deserialize;

use super::{answer, see_other};
use crate::alerts::{AckError, Keeper, Wanted, acknowledge, acknowledge_letter};
use crate::db::devices::{Device, find_device_of};
use crate::db::households::{Role, find_role};
use crate::db::rules::{Channels, StoredRule, Terms, find_rule_of};
use crate::db::{AlertId, RuleId, UserId};
use crate::error::{Error, Result};
use crate::http::AppState;
use crate::http::extract::SignedInHere;

/// `POST /devices/{serial}/alerts`: makes a rule.
pub async fn add(
    State(state): State<AppState>,
    SignedInHere(person): SignedInHere,
    Path(serial): Path<String>,
    Form(form): Form<RuleForm>,
) -> Response {
    let made = async {
        let device = own_device(&state, person.id, &serial).await?;
        let wanted = wanted(&form, None)?;
        keeper(&state, &device).add(vec![wanted]).await
    };
    tell(&state, &page(&serial), "added", made.await.map(drop))
}

/// Which worry.
#[derive(Deserialize)]
pub struct PresetForm {
    preset: String,
}

/// `POST /devices/{serial}/alerts/presets`: turns a worry's rules on.
pub async fn add_preset(
    State(state): State<AppState>,
    SignedInHere(person): SignedInHere,
    Path(serial): Path<String>,
    Form(form): Form<PresetForm>,
) -> Response {
    let made = async {
        let device = own_device(&state, person.id, &serial).await?;
        let preset = Preset::parse(&form.preset).ok_or_else(|| unfit("kind"))?;
        let terms = Terms {
            danger: preset.is_danger(),
            repeat_s: preset.repeat_s(),
            ..USUAL
        };
        let wanted = preset.rules().into_iter().map(|rule| Wanted { rule, terms });
        keeper(&state, &device).add(wanted.collect()).await
    };
    tell(&state, &page(&serial), "added", made.await.map(drop))
}

/// `POST /rules/{id}`: changes a rule.
pub async fn change(
    State(state): State<AppState>,
    SignedInHere(person): SignedInHere,
    Path(id): Path<String>,
    Form(form): Form<RuleForm>,
) -> Response {
    let (device, stored) = match own_rule(&state, person.id, &id).await {
        Ok(own) => own,
        Err(error) => return tell(&state, "/alerts", "", Err(error)),
    };
    let changed = async {
        let wanted = wanted(&form, Some(&stored))?;
        keeper(&state, &device).change(&stored, wanted).await
    };
    tell(&state, &page(device.serial.as_str()), "saved", changed.await)
}

/// `POST /rules/{id}/remove`
pub async fn remove(
    State(state): State<AppState>,
    SignedInHere(person): SignedInHere,
    Path(id): Path<String>,
) -> Response {
    let (device, stored) = match own_rule(&state, person.id, &id).await {
        Ok(own) => own,
        Err(error) => return tell(&state, "/alerts", "", Err(error)),
    };
    let removed = keeper(&state, &device).remove(&stored).await;
    tell(&state, &page(device.serial.as_str()), "removed", removed)
}

/// `POST /alerts/{id}/acknowledge`
pub async fn know(
    State(state): State<AppState>,
    SignedInHere(person): SignedInHere,
    Path(id): Path<String>,
) -> Response {
    let known = match id.parse() {
        Ok(id) => acknowledge(&state.db, person.id, AlertId(id), state.clock.now())
            .await
            .map(drop),
        Err(_) => Err(AckError::NotFound),
    };
    let words = FormAnswer::to("alerts");
    let words = match known {
        Ok(()) => words.done("acknowledged"),
        Err(AckError::NotFound) => words.problem("form", "gone"),
        Err(AckError::Forbidden) => words.problem("form", "forbidden"),
        Err(AckError::Failed(error)) => {
            let _logged = AppError::from(error);
            words.problem("form", "unavailable")
        }
    };
    answer::back(&state, "/alerts", &words)
}

/// The button that a letter leads to.
#[derive(Deserialize)]
pub struct LetterForm {
    pub(super) letter: String,
}

/// `POST /alerts/acknowledge`: whoever holds the letter may say that they know, signed in or not.
pub async fn know_letter(State(state): State<AppState>, Form(form): Form<LetterForm>) -> Response {
    let known = acknowledge_letter(&state.db, state.bell.links(), &form.letter, state.clock.now()).await;
    match known {
        // The page shows what is stored, so it needs no words from here.
        Ok(_) => see_other(&format!("/alerts/acknowledge?letter={}", form.letter)),
        Err(error) => {
            if let AckError::Failed(error) = error {
                let _logged = AppError::from(error);
            }
            see_other("/alerts/acknowledge")
        }
    }
}

/// What a rule is told by, unless somebody says so.
pub const USUAL: Terms = Terms {
    enabled: true,
    channels: Channels::ALL,
    danger: false,
    repeat_s: 0,
    quiet: None,
    lamp: None,
};

/// The device of that serial, if this person may change its rules.
pub async fn own_device(state: &AppState, who: UserId, serial: &str) -> Result<Device> {
    let serial: Serial = serial.parse().map_err(|_| Error::NotFound)?;
    let device = find_device_of(&state.db, who, serial).await?.ok_or(Error::NotFound)?;
    let household = device.household.ok_or(Error::NotFound)?;
    let role = find_role(&state.db, household, who).await?;
    if role.is_some_and(Role::may_change) {
        Ok(device)
    } else {
        Err(Error::Forbidden)
    }
}

/// The rule of that number and its device, if this person may change it.
pub async fn own_rule(state: &AppState, who: UserId, id: &str) -> Result<(Device, StoredRule)> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let (serial, stored) = find_rule_of(&state.db, who, RuleId(id)).await?.ok_or(Error::NotFound)?;
    Ok((own_device(state, who, &serial).await?, stored))
}

/// Changes the rules of a device.
pub fn keeper<'a>(state: &'a AppState, device: &'a Device) -> Keeper<'a> {
    Keeper {
        db: &state.db,
        device,
        now: state.clock.now(),
    }
}

fn wanted(form: &RuleForm, stored: Option<&StoredRule>) -> Result<Wanted> {
    let before = stored.map_or(USUAL, |stored| stored.terms);
    Ok(Wanted {
        rule: form.rule().map_err(unfit)?,
        terms: Terms {
            enabled: form.enabled.is_some(),
            danger: form.danger.is_some(),
            lamp: form.lamp(),
            channels: channels(form, before.channels),
            repeat_s: form.repeat_s(),
            ..before
        },
    })
}

/// By which ways people are told; who tells nobody any more and then does so again tells by all.
fn channels(form: &RuleForm, before: Channels) -> Channels {
    match (form.silent.is_some(), before) {
        (true, _) => Channels::NONE,
        (false, Channels::NONE) => Channels::ALL,
        (false, before) => before,
    }
}

fn unfit(field: &'static str) -> Error {
    Error::Invalid {
        field,
        reason: String::new(),
    }
}

fn page(serial: &str) -> String {
    // One that cannot be a serial leads to a page that does not exist.
    let serial: Option<Serial> = serial.parse().ok();
    serial.map_or_else(
        || "/devices/unknown/alerts".to_owned(),
        |serial| format!("/devices/{serial}/alerts"),
    )
}

fn tell(state: &AppState, page: &str, done: &str, result: Result<()>) -> Response {
    let words = FormAnswer::to(if page == "/alerts" { "alerts" } else { "rules" });
    let words = match result {
        Ok(()) => words.done(done),
        Err(Error::Invalid { field: "rules", .. }) => words.problem("form", "many"),
        Err(Error::Invalid {
            field: "minutes" | "hold_s" | "window_s" | "after_s",
            ..
        }) => words.problem("form", "minutes"),
        Err(Error::Invalid { .. }) => words.problem("form", "number"),
        Err(Error::Forbidden) => words.problem("form", "forbidden"),
        Err(Error::NotFound) => words.problem("form", "gone"),
        Err(error) => {
            let _logged = AppError::from(error);
            words.problem("form", "unavailable")
        }
    };
    answer::back(state, page, &words)
}
