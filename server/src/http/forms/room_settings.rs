//! `/devices/{serial}/settings`: what people say of the device in a room.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::{answer, segment};
use crate::db::UserId;
use crate::db::devices::find_device_of;
use crate::error::{Error, Result};
use crate::http::AppState;
use crate::http::extract::SignedInHere;
use crate::rooms::{self, Change};

/// Everything the form shows. Numbers are text, because what is no number has an answer too.
#[derive(Deserialize)]
pub struct SettingsForm {
    name: String,
    #[serde(default)]
    room: String,
    position: String,
    zone: String,
    t_offset: String,
    h_offset: String,
}

/// `POST /devices/{serial}/settings`
pub async fn save(
    State(state): State<AppState>,
    SignedInHere(person): SignedInHere,
    Path(serial): Path<String>,
    Form(form): Form<SettingsForm>,
) -> Response {
    let words = FormAnswer::to("room-settings");
    let words = match change(&state, person.id, &serial, &form).await {
        Ok(()) => words.done("saved"),
        Err(Error::Invalid { field, .. }) => form.refill(words).problem(field, "invalid"),
        Err(Error::Forbidden) => words.problem("form", "forbidden"),
        Err(Error::NotFound) => words.problem("form", "not-found"),
        Err(error) => {
            let _logged = AppError::from(error);
            form.refill(words).problem("form", "unavailable")
        }
    };
    let serial = segment(&serial);
    answer::back(&state, &format!("/devices/{serial}/settings"), &words)
}

async fn change(state: &AppState, person: UserId, serial: &str, form: &SettingsForm) -> Result<()> {
    let serial = serial.parse().map_err(|_| Error::NotFound)?;
    let device = find_device_of(&state.db, person, serial)
        .await?
        .ok_or(Error::NotFound)?;
    rooms::change(&state.db, person, &device, &form.parse()?).await?;
    if let Some(household) = device.household {
        state.handover.tell(household).await?;
    }
    Ok(())
}

impl SettingsForm {
    fn parse(&self) -> Result<Change> {
        Ok(Change {
            name: Some(self.name.clone()),
            room: Some(self.room.clone()),
            position: Some(number("position", &self.position)?),
            zone: Some(self.zone.clone()),
            t_offset: Some(number("t_offset", &self.t_offset)?),
            h_offset: Some(number("h_offset", &self.h_offset)?),
        })
    }

    /// What was typed stays in its boxes.
    fn refill(&self, words: FormAnswer) -> FormAnswer {
        words
            .value("name", &self.name)
            .value("room", &self.room)
            .value("position", &self.position)
            .value("zone", &self.zone)
            .value("t_offset", &self.t_offset)
            .value("h_offset", &self.h_offset)
    }
}

fn number<T: std::str::FromStr>(field: &'static str, text: &str) -> Result<T> {
    text.trim().parse().map_err(|_| Error::Invalid {
        field,
        reason: "is no number".to_owned(),
    })
}
