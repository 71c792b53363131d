//! `/sw.js`: the browser's own part of the site, which answers when the network does not.
//!
//! A browser takes a new one when its text differs, so the edition of the files stands in it.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use super::edition::Edition;

/// Names the scripts it is made of.
const SCRIPT: &str = include_str!("../../../public/sw.js");

/// `GET /sw.js`: the script, told which edition of the files it belongs to.
pub async fn script(State(edition): State<Edition>) -> Response {
    let edition = edition.as_str();
    let script = format!("self.EDITION = \"{edition}\";\n{SCRIPT}");
    ([(CONTENT_TYPE, "text/javascript")], script).into_response()
}
