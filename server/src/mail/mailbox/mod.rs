//! `/dev/mailbox`: what the folder of mails holds, for whoever develops or tries TempLog on their own machine.
//!
//! Mails hold codes that open accounts, so it exists only where nobody else can look: mail goes into the folder, the
//! server listens on this machine alone and is known by a name of this machine; and it answers only requests that
//! were made to such a name, so that neither a proxy in front of us nor a page that points its own name at
//! 127.0.0.1 gets through.

mod files;
mod page;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use super::{MailConfig, Transport};
use crate::config::PublicUrl;

/// Nothing runs and nothing is fetched, whatever a mail holds; the mails' own look is in `style` attributes.
const POLICY: &str = "default-src 'none'; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
/// Headers a proxy in front of us would add.
const PROXY_MARKS: [&str; 3] = ["forwarded", "x-forwarded-for", "x-forwarded-host"];

type Folder = State<Arc<PathBuf>>;

/// The pages under `/dev/mailbox`, or `None` where they must not exist.
pub fn router(config: &MailConfig, http_addr: SocketAddr, public_url: &PublicUrl) -> Option<Router> {
    let Transport::Folder(folder) = &config.transport else {
        return None;
    };
    if !http_addr.ip().is_loopback() || !is_this_machine(&public_url.host()) {
        return None;
    }
    let routes = Router::new()
        .route("/dev/mailbox", get(list))
        .route("/dev/mailbox/{name}", get(show))
        .route("/dev/mailbox/{name}/html", get(show_html))
        .layer(axum::middleware::from_fn(only_this_machine))
        .with_state(Arc::new(folder.clone()));
    Some(routes)
}

#[derive(Deserialize)]
struct Wanted {
    /// Only mails to this address.
    to: Option<String>,
}

async fn list(State(folder): Folder, Query(wanted): Query<Wanted>) -> Html<String> {
    let mails = read(move || files::list(&folder, wanted.to.as_deref())).await;
    Html(page::list(&mails))
}

async fn show(State(folder): Folder, Path(name): Path<String>) -> Response {
    let mail = read(move || files::find(&folder, &name)).await;
    mail.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |mail| Html(page::mail(&mail)).into_response(),
    )
}

async fn show_html(State(folder): Folder, Path(name): Path<String>) -> Response {
    let mail = read(move || files::find(&folder, &name)).await;
    mail.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |mail| Html(mail.html).into_response(),
    )
}

async fn read<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(job)
        .await
        .expect("reading mails does not panic")
}

async fn only_this_machine(request: Request, next: Next) -> Response {
    let proxied = PROXY_MARKS.iter().any(|mark| request.headers().contains_key(*mark));
    if proxied || !host_asked_for(request.headers(), request.uri()).is_some_and(|host| is_this_machine(&host)) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let fixed: [(HeaderName, &str); 2] = [(CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-store")];
    (fixed, next.run(request).await).into_response()
}

/// The name in the `Host` header (or, in HTTP/2, in the request line), without the port.
fn host_asked_for(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let text = headers.get(HOST).map_or_else(
        || uri.authority().map(ToString::to_string),
        |host| host.to_str().ok().map(str::to_owned),
    )?;
    Some(text.parse::<axum::http::uri::Authority>().ok()?.host().to_owned())
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn exists(smtp_url: Option<&str>, http_addr: &str, public_url: &str) -> bool {
        let config = MailConfig::parse(smtp_url, Some("home@example.com"), Path::new("data")).unwrap();
        router(
            &config,
            http_addr.parse().unwrap(),
            &PublicUrl::parse(public_url).unwrap(),
        )
        .is_some()
    }

    #[test]
    fn the_mailbox_exists_only_where_nobody_else_can_look() {
        assert!(exists(None, "127.0.0.1:3000", "http://localhost:3000"));
        assert!(exists(None, "[::1]:3000", "http://127.0.0.1:3000"));
        assert!(!exists(
            Some("smtp://mail.example"),
            "127.0.0.1:3000",
            "http://localhost:3000"
        ));
        assert!(!exists(None, "0.0.0.0:3000", "http://localhost:3000"));
        assert!(!exists(None, "127.0.0.1:3000", "https://home.example"));
    }
}
