//! Files built for the browser: served as they lie there, compressed beforehand where they are.

use std::path::Path;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use tower_http::services::ServeDir;

use super::edition::Edition;
use super::worker;

/// For a year, without asking again: a file of another content has another address.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Asked for each time, and mostly answered "not modified".
const ASK_EACH_TIME: HeaderValue = HeaderValue::from_static("no-cache");

/// Looks for a file of that name, and asks `otherwise` if there is none.
pub fn or_else(site_dir: &Path, edition: &Edition, otherwise: Router) -> Router {
    let files = ServeDir::new(site_dir)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(otherwise);
    Router::new()
        .route("/sw.js", get(worker::script))
        .fallback_service(files)
        .layer(from_fn_with_state(edition.clone(), say_how_long))
        .with_state(edition.clone())
}

/// Takes the edition out of the address, and says how long a browser may keep the answer. A file of another edition
/// than ours (one of our instances is newer than another) is not to be kept. Pages say for themselves that they are
/// not, either.
async fn say_how_long(State(edition): State<Edition>, mut request: Request, next: Next) -> Response {
    let mut for_good = false;
    if let Some((file, current)) = edition.resolve(request.uri()) {
        for_good = current;
        *request.uri_mut() = file;
    }
    let mut response = next.run(request).await;
    let is_there = response.status().is_success() || response.status().is_redirection();
    let headers = response.headers_mut();
    let is_page = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        let how_long = if for_good && is_there { FOR_GOOD } else { ASK_EACH_TIME };
        headers.entry(CACHE_CONTROL).or_insert(how_long);
    }
    response
}
