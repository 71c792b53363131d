//! The headers that keep a browser from being turned against its owner.
//!
//! Scripts run only from our own files or with the nonce of this very response, so a name such as
//! `<script>` that somebody gives a room stays a name.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::AppState;
use super::client::CameInClear;
use crate::config::PublicUrl;

/// The nonce of one response; the page renderer puts it on its inline scripts.
#[derive(Debug, Clone)]
pub struct CspNonce(pub String);

impl CspNonce {
    fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()))
    }
}

/// Middleware: mints the nonce and adds every header below to whatever is answered.
pub async fn protect(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let nonce = CspNonce::generate();
    let referrer_policy = referrer_policy(&request, &state.config.public_url);
    let came_in_clear = request.extensions().get::<CameInClear>().is_some();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    add_fixed(headers);
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert_with(|| policy(&nonce, &state.config.public_url));
    // RFC 6797 §7.2: never over a connection in clear.
    if state.config.public_url.is_https() && !came_in_clear {
        let a_year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, a_year);
    }
    headers.insert(REFERRER_POLICY, referrer_policy);
    // Only files say for themselves that they may be kept.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

fn add_fixed(headers: &mut HeaderMap) {
    let fixed = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(self), geolocation=(), microphone=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// `wasm-unsafe-eval` allows WebAssembly and nothing else; `style-src-attr` is for bars whose
/// length is a number. Older Safari does not count the socket as `'self'`, so it is named.
fn policy(nonce: &CspNonce, public_url: &PublicUrl) -> HeaderValue {
    let socket = public_url.origin().replacen("http", "ws", 1);
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{}' 'wasm-unsafe-eval'; style-src 'self'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self' {socket}; \
         manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
         frame-ancestors 'none'",
        nonce.0
    );
    HeaderValue::try_from(policy).expect("an origin and a nonce are visible ASCII")
}

/// No page of ours tells its address to anybody. But under `no-referrer` browsers also hide the origin of our own
/// forms, and over plain http to another machine they send no `Sec-Fetch-Site` in its place; there only other sites
/// are told nothing.
fn referrer_policy(request: &Request, public_url: &PublicUrl) -> HeaderValue {
    let has_fetch_metadata = public_url.is_https() || host_of(request).is_some_and(|host| is_this_machine(&host));
    HeaderValue::from_static(if has_fetch_metadata {
        "no-referrer"
    } else {
        "same-origin"
    })
}

/// The name or address in the `Host` header (in HTTP/2: the request line), without the port.
fn host_of(request: &Request) -> Option<String> {
    let header = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    let authority = match header {
        Some(text) => text.parse::<Authority>().ok()?,
        None => request.uri().authority()?.clone(),
    };
    Some(authority.host().trim_matches(['[', ']']).to_owned())
}

fn is_this_machine(host: &str) -> bool {
    let is_loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    is_loopback || host.eq_ignore_ascii_case("localhost")
}
