//! Making a device one's own.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::{Extension, State};
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{answer, see_other};
use crate::auth::Identity;
use crate::claims::{Claim, ClaimError, claim};
use crate::error::Error;
use crate::http::AppState;

/// The form of `/add` and `/claim`.
#[derive(Deserialize)]
pub struct ClaimForm {
    serial: String,
    code: String,
    name: String,
    #[serde(default)]
    room: String,
    zone: String,
}

/// `POST /claim`: to the device's own page, which waits for its first reading; or back to the form with the reason.
pub async fn take(
    State(state): State<AppState>,
    identity: Option<Extension<Identity>>,
    Form(form): Form<ClaimForm>,
) -> Response {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let here = format!("/claim?serial={}&code={}", encode(&form.serial), encode(&form.code));
    let Some(person) = identity.as_ref().and_then(|identity| identity.person()) else {
        return see_other(&format!("/sign-in?next={}", encode(&here)));
    };
    let request = Claim {
        serial: &form.serial,
        code: &form.code,
        name: Some(&form.name),
        room: Some(&form.room),
        zone: Some(&form.zone),
    };
    let (field, reason) = match claim(&state.db, &state.claim_limits, person.id, &request, state.clock.now()).await {
        Ok(device) => {
            if let Some(household) = device.household
                && let Err(error) = state.handover.tell(household).await
            {
                // Open pages look again by themselves within half a minute.
                tracing::warn!(%error, "open pages were not told of a new device");
            }
            return see_other(&format!("/devices/{}", device.serial));
        }
        Err(ClaimError::Refused) => ("form", "refused"),
        Err(ClaimError::Limited(_)) => ("form", "limited"),
        Err(ClaimError::Failed(Error::Invalid { field, .. })) => (field, "invalid"),
        Err(ClaimError::Failed(error)) => {
            let _logged = AppError::from(error);
            ("form", "unavailable")
        }
    };
    // The code stays in the address, where the sticker put it, and out of the cookie.
    let words = FormAnswer::to("claim")
        .problem(field, reason)
        .value("serial", &form.serial)
        .value("name", &form.name)
        .value("room", &form.room)
        .value("zone", &form.zone);
    answer::back(&state, &here, &words)
}
