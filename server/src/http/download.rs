//! What an account holds, as a file to keep; and the end of an account. The same for the page and the API.

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use jiff::tz::TimeZone;

use super::AppState;
use crate::auth::audit::{self, Action};
use crate::auth::{Asker, Person};
use crate::error::Result;
use crate::export::Export;
use crate::products::Product;
use crate::ways::WayError;
use crate::zone;

/// Everything that is known of somebody, as a zip that is made while it is being sent.
pub async fn export(state: &AppState, asker: &Asker, person: &Person) -> Result<Response> {
    let now = state.clock.now();
    let mut tx = state.db.begin_write().await?;
    audit::record(&mut tx, Some(person.id), Action::DataExported, asker, None, now).await?;
    tx.commit().await?;
    let export = Export::begin(&state.db, &state.clock, person.id).await?;
    let pieces = stream::try_unfold(export, async |mut export| match export.next().await {
        Ok(piece) => Ok(piece.map(|piece| (piece, export))),
        Err(error) => {
            // The connection breaks off, so that nobody takes a part for the whole.
            tracing::error!(%error, "an export could not be finished");
            Err(error)
        }
    });
    let file = format!(
        "attachment; filename=\"templog-{}.zip\"",
        zone::day_of(&TimeZone::UTC, now)
    );
    let kind = "application/zip".to_owned();
    Ok((
        [(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, file)],
        Body::from_stream(pieces),
    )
        .into_response())
}

/// Deletes an account whose owner proves once more that they are, and returns the devices that are nobody's now.
pub async fn delete(
    state: &AppState,
    asker: &Asker,
    person: &Person,
    password: String,
) -> Result<Vec<Product>, WayError> {
    state.ways.confirm_again(person, password, asker).await?;
    let products = state.accounts.delete(person, &state.handover).await?;
    state.ways.forget(person.id).await;
    Ok(products)
}
