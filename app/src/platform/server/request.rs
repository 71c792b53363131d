//! Language, theme and viewer of the request being answered.

use std::str::FromStr;

use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use leptos::prelude::use_context;

use super::languages::negotiate;
use crate::backend::{find_backend, find_current_user};
use crate::context::{Page, Theme};
use crate::i18n::Locale;

/// The circumstances of the page to render. Outside of a request (when routes are listed) the defaults.
pub fn page() -> Page {
    let viewer = find_current_user();
    let chosen = cookie("locale").and_then(|name| Locale::from_str(&name).ok());
    let known = || {
        viewer
            .as_ref()
            .and_then(|user| Locale::from_str(user.locale.as_ref()?).ok())
    };
    Page {
        locale: chosen.or_else(known).unwrap_or_else(accepted),
        theme: cookie("theme").map_or(Theme::Auto, |name| Theme::named(&name)),
        served_at: find_backend().map_or(0, |backend| backend.now()),
        viewer: viewer.map(|user| user.email),
    }
}

fn accepted() -> Locale {
    let header = |parts: Parts| Some(parts.headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?.to_owned());
    negotiate(&use_context::<Parts>().and_then(header).unwrap_or_default())
}

/// A choice of this browser; over https its cookie is bound to this very host.
fn cookie(name: &str) -> Option<String> {
    find_cookie(&format!("__Host-{name}")).or_else(|| find_cookie(name))
}

fn find_cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let headers = parts
        .headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    headers
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
}
