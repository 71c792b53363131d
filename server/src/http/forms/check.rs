//! "Is everything all right, now?": asks every device of whoever asks.

use std::time::Duration;

use app::error::AppError;
use app::form::FormAnswer;
use axum::extract::State;
use axum::response::Response;
use domain::time::Timestamp;
use futures_util::future::join_all;

use super::answer;
use crate::commands::CommandError;
use crate::db::UserId;
use crate::db::devices::{Device, list_devices_of};
use crate::db::households::{Role, find_role};
use crate::error::{Error, Result};
use crate::http::AppState;
use crate::http::extract::SignedInHere;
use crate::zone;

/// Who asks for all wants to go: half of what a single device is given.
const PATIENCE: Duration = Duration::from_secs(5);

/// `POST /check`
pub async fn ask(State(state): State<AppState>, SignedInHere(person): SignedInHere) -> Response {
    let words = FormAnswer::to("check");
    let words = match check(&state, person.id).await {
        Ok(checked) => checked.tell(words),
        Err(Error::Forbidden) => words.problem("form", "forbidden"),
        Err(error) => {
            let _logged = AppError::from(error);
            words.problem("form", "unavailable")
        }
    };
    answer::back(&state, "/", &words)
}

/// What came of it.
#[derive(Default)]
struct Checked {
    silent: Vec<String>,
    /// When the last of the others was measured, in its zone.
    at: Option<(Timestamp, String)>,
    is_limited: bool,
}

async fn check(state: &AppState, who: UserId) -> Result<Checked> {
    let devices = own_devices(state, who).await?;
    if devices.is_empty() {
        return Err(Error::Forbidden);
    }
    let asked = devices.iter().map(|device| state.commander.read_now(device, PATIENCE));
    let mut checked = Checked::default();
    for (device, reply) in devices.iter().zip(join_all(asked).await) {
        match reply {
            Ok(reply) if reply.ok => {
                let at = reply.result.get("at").and_then(serde_json::Value::as_i64);
                let at = at.map_or_else(|| state.clock.now(), Timestamp::from_millis);
                let local = zone::rfc3339(&zone::find_or_utc(&device.zone), at);
                checked.at = checked.at.max(Some((at, local)));
            }
            Err(CommandError::Failed(error)) => return Err(error),
            Err(CommandError::Limited(_)) => checked.is_limited = true,
            Ok(_) | Err(_) => checked.silent.push(device.serial.to_string()),
        }
    }
    Ok(checked)
}

/// Those that this person may ask.
async fn own_devices(state: &AppState, who: UserId) -> Result<Vec<Device>> {
    let mut devices = Vec::new();
    for device in list_devices_of(&state.db, who).await? {
        let role = match device.household {
            Some(household) => find_role(&state.db, household, who).await?,
            None => None,
        };
        if role.is_some_and(Role::may_change) {
            devices.push(device);
        }
    }
    Ok(devices)
}

impl Checked {
    fn tell(self, words: FormAnswer) -> FormAnswer {
        if self.is_limited {
            return words.problem("form", "limited");
        }
        let at = self.at.map(|(_, local)| local).unwrap_or_default();
        words
            .done("asked")
            .value("silent", &self.silent.join(","))
            .value("at", at.get(11..19).unwrap_or_default())
    }
}
