//! The port through which pages ask for data: `server` implements it, `app` never sees how.
//!
//! The server puts an `Arc<dyn Backend>` into the reactive context of every render and server function
//! ([`provide`]), and a [`CurrentUser`] into the request's extensions when somebody is signed in.

mod accounts;
mod alerts;
mod console;
mod family;
mod history;
mod rooms;
mod sign_in_ways;
mod tokens;

use std::sync::Arc;

use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;

pub use accounts::Accounts;
pub use alerts::Alerts;
pub use console::Console;
pub use family::Families;
pub use history::History;
pub use rooms::Rooms;
pub use sign_in_ways::{
    AuthenticatorApp, ConnectedKakao, OwnPasskey, PendingProof, SignInWays, SignInWaysView, TotpEnrolment, Visit, visit,
};

pub use tokens::Tokens;

use crate::api::operations::Operation;
use crate::error::AppError;

/// A person's number in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub i64);

/// Who is asking: a request extension set by the session middleware. No extension means a stranger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentUser {
    /// The person.
    pub id: UserId,
    /// Their sign-in address, as shown in the page's header.
    pub email: String,
    /// The language they chose for messages, if they did.
    pub locale: Option<String>,
    /// Whether they may use the operator console: they work for the shop, and signed in in this very browser.
    pub operator: bool,
}

/// Everything the pages need from the server: one trait per noun, each in a file of its name.
///
/// What belongs to another household does not exist: every method answers [`AppError::NotFound`] for it.
pub trait Backend: Accounts + Alerts + Console + Families + History + Rooms + SignInWays + Tokens {
    /// The server's clock, Unix ms: printed into every page, so that a browser whose clock is wrong still
    /// tells true ages.
    fn now(&self) -> i64;

    /// What scripts may ask, as its documentation has it.
    fn operations(&self) -> Vec<Operation>;

    /// IANA time zones that this server knows, in alphabetical order.
    fn zones(&self) -> Vec<String>;
}

/// Makes the backend reachable for everything rendered under the current reactive owner.
pub fn provide(backend: Arc<dyn Backend>) {
    provide_context(backend);
}

/// The backend of this request.
pub fn backend() -> Arc<dyn Backend> {
    find_backend().expect("the server provides a backend to every render and server function")
}

/// The backend, if there is one: not when routes are only listed.
pub fn find_backend() -> Option<Arc<dyn Backend>> {
    use_context()
}

/// The person signed in, or [`AppError::Unauthenticated`]; also tells the HTTP response.
pub fn current_user() -> Result<CurrentUser, AppError> {
    answer(find_current_user().ok_or(AppError::Unauthenticated))
}

/// The person signed in, if any.
pub fn find_current_user() -> Option<CurrentUser> {
    use_context::<Parts>()?.extensions.get().cloned()
}

/// The headers of the request being answered.
pub fn headers() -> HeaderMap {
    use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default()
}

/// Passes a result through and gives the HTTP response the status of its error. What a household's rooms
/// say is never kept by a cache.
pub fn answer<T>(result: Result<T, AppError>) -> Result<T, AppError> {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Err(error) = &result {
        set_status(error.status());
    }
    result
}

/// Answers the request with a redirect to a path of this site.
pub fn redirect(path: &str) {
    if let (Some(response), Ok(location)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(path)) {
        response.set_status(StatusCode::SEE_OTHER);
        response.insert_header(LOCATION, location);
    }
}

/// Sets the HTTP status of the response being made.
pub fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}
