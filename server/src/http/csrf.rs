//! Refuses requests that another site makes a browser send (CSRF, cross-site sockets).
//!
//! `Sec-Fetch-Site` decides where the browser sends it, `Origin` otherwise. Every browser of the last
//! years sends one of them with every request that may change something, so whoever sends neither is
//! a program, which nobody can trick into using somebody else's cookies. (Go's standard library
//! reasons the same way; our cookies are `SameSite=Lax` besides.)

use app::error::AppError;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use url::{Host, Url};

use super::{AppState, refusal};
use crate::config::PublicUrl;

/// Middleware: every method that may change something must come from this site itself.
pub async fn refuse_cross_site(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe || may_change(request.headers(), &state.config.public_url) {
        next.run(request).await
    } else {
        refusal::answer(
            &state,
            request,
            AppError::Forbidden,
            "this request was sent by another site",
        )
        .await
    }
}

fn may_change(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    // No form and no simple request can carry this header: the sender is a program.
    if headers.contains_key(AUTHORIZATION) {
        return true;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    !headers.contains_key(ORIGIN) || is_own_origin(headers, public_url)
}

/// Whether the `Origin` header names this very site: its public address, or, where somebody reaches
/// us by `localhost` or a bare IP address, the address they used. (A name other than the public one
/// is not enough: whoever controls a name could point it at us.)
pub fn is_own_origin(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    let Some(origin) = headers.get(ORIGIN).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    if origin == public_url.origin() {
        return true;
    }
    let Some(used) = headers.get(HOST).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let is_used = origin.strip_prefix("http://") == Some(used) || origin.strip_prefix("https://") == Some(used);
    is_used && is_bare_address(origin)
}

fn is_bare_address(origin: &str) -> bool {
    let url = Url::parse(origin).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        pairs.iter().map(pair).collect()
    }

    fn site() -> PublicUrl {
        PublicUrl::parse("https://home.example").unwrap()
    }

    fn may(pairs: &[(&'static str, &'static str)]) -> bool {
        may_change(&headers(pairs), &site())
    }

    #[test]
    fn our_own_pages_may_change_things() {
        assert!(may(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://home.example")
        ]));
        assert!(may(&[("origin", "https://home.example")]));
    }

    #[test]
    fn other_sites_may_not() {
        for site in ["cross-site", "same-site", ""] {
            assert!(
                !may(&[("sec-fetch-site", site), ("origin", "https://home.example")]),
                "{site}"
            );
        }
        let others = [
            "null",
            "https://evil.example",
            "https://home.example.evil.example",
            "http://home.example",
            "https://home.example:8443",
            "https://evil.example/https://home.example",
            "",
        ];
        for origin in others {
            assert!(!may(&[("origin", origin)]), "{origin}");
        }
    }

    #[test]
    fn a_program_passes_with_a_bearer_token_or_without_any_word_on_where_it_comes_from() {
        assert!(may(&[
            ("authorization", "Bearer tl_x"),
            ("origin", "https://other.example")
        ]));
        assert!(may(&[]));
    }

    #[test]
    fn an_address_without_a_name_is_its_own_origin() {
        let own = |origin, host| is_own_origin(&headers(&[("origin", origin), ("host", host)]), &site());
        assert!(own("http://192.168.0.5:3000", "192.168.0.5:3000"));
        assert!(own("http://[::1]:3000", "[::1]:3000"));
        assert!(own("http://localhost:3000", "localhost:3000"));
        assert!(
            !own("http://evil.example:3000", "evil.example:3000"),
            "a name can be pointed at us"
        );
        assert!(!own("http://192.168.0.6:3000", "192.168.0.5:3000"));
    }
}
