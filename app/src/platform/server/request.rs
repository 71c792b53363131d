//! Language, theme and viewer of the request being answered.

use std::str::FromStr;

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use leptos::prelude::use_context;

use super::languages::negotiate;
use crate::backend::{find_backend, find_current_user};
use crate::context::{Page, Theme};
use crate::i18n::Locale;
use crate::words::degrees::Degrees;

/// The circumstances of the page to render. Outside of a request (when routes are listed) the defaults.
pub fn page() -> Page {
    let viewer = find_current_user();
    let headers = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
    let known = viewer.as_ref().and_then(|user| user.locale.as_deref());
    Page {
        locale: locale_of(&headers, known),
        theme: cookie(&headers, "theme").map_or(Theme::Auto, Theme::named),
        degrees: cookie(&headers, "degrees").map(Degrees::named).unwrap_or_default(),
        served_at: find_backend().map_or(0, |backend| backend.now()),
        viewer: viewer.map(|user| user.email),
    }
}

/// The language a page is written in: what was chosen in this browser, else what its reader is `known` to read, else
/// what the browser asks for. Mails to the same reader use it too.
pub fn locale_of(headers: &HeaderMap, known: Option<&str>) -> Locale {
    let named = |name: &str| Locale::from_str(name).ok();
    let chosen = cookie(headers, "locale").and_then(named);
    let accepted = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|header| header.to_str().ok())
        .unwrap_or_default();
    chosen
        .or_else(|| known.and_then(named))
        .unwrap_or_else(|| negotiate(accepted))
}

/// A choice of this browser; over https its cookie is bound to this very host.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    find_cookie(headers, &format!("__Host-{name}")).or_else(|| find_cookie(headers, name))
}

fn find_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let headers = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    headers
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}
