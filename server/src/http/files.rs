//! Files built for the browser: served as they lie there, compressed beforehand where they are.

use std::path::Path;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::map_response;
use axum::response::Response;
use tower_http::services::ServeDir;

/// Looks for a file of that name, and asks `otherwise` if there is none.
pub fn or_else(site_dir: &Path, otherwise: Router) -> Router {
    let files = ServeDir::new(site_dir)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(otherwise);
    Router::new().fallback_service(files).layer(map_response(ask_each_time))
}

/// File names do not change with their content, so browsers ask each time and are mostly told
/// "not modified". Pages say for themselves that they are not to be kept.
async fn ask_each_time(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let is_page = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-cache"));
    }
    response
}
