//! A device leaves a home: given away by its owner, or taken back by the shop. Either way its next owner needs new
//! secrets, which the next page shows once.

use app::error::AppError;
use app::form::{FormAnswer, Released};
use axum::extract::{Path, State};
use axum::response::Response;

use super::{answer, segment};
use crate::auth::Person;
use crate::db::devices::{find_device, find_device_of};
use crate::error::{Error, Result};
use crate::http::AppState;
use crate::http::extract::{OperatorHere, SignedInHere};
use crate::products::Product;

/// `POST /devices/{serial}/release`
pub async fn give_away(
    State(state): State<AppState>,
    SignedInHere(person): SignedInHere,
    Path(serial): Path<String>,
) -> Response {
    let given = give(&state, &person, &serial).await;
    told(&state, &format!("/devices/{}/release", segment(&serial)), given)
}

/// `POST /operator/products/{serial}/return`
pub async fn take_back(
    State(state): State<AppState>,
    OperatorHere(_): OperatorHere,
    Path(serial): Path<String>,
) -> Response {
    let taken = take(&state, &serial).await;
    told(
        &state,
        &format!("/operator/products/{}/return", segment(&serial)),
        taken,
    )
}

async fn give(state: &AppState, person: &Person, serial: &str) -> Result<Product> {
    let serial = serial.parse().map_err(|_| Error::NotFound)?;
    let device = find_device_of(&state.db, person.id, serial).await?;
    let device = device.ok_or(Error::NotFound)?;
    state.handover.release(person.id, &device, state.clock.now()).await
}

async fn take(state: &AppState, serial: &str) -> Result<Product> {
    let serial = serial.parse().map_err(|_| Error::NotFound)?;
    let device = find_device(&state.db, serial).await?.ok_or(Error::NotFound)?;
    state.handover.take_back(&device, state.clock.now()).await
}

fn told(state: &AppState, page: &str, product: Result<Product>) -> Response {
    let words = FormAnswer::to("release");
    let words = match product {
        Ok(product) => words.done("released").released(vec![shown(product)]),
        Err(Error::Forbidden) => words.problem("form", "forbidden"),
        Err(Error::NotFound) => words.problem("form", "not-found"),
        Err(error) => {
            let _logged = AppError::from(error);
            words.problem("form", "unavailable")
        }
    };
    answer::back(state, page, &words)
}

/// What a page shows of it.
pub(super) fn shown(product: Product) -> Released {
    Released {
        serial: product.serial.to_string(),
        claim_code: product.claim_code,
        password: product.mqtt.password,
    }
}
