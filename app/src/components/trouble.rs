//! A page that cannot show what was asked for says so in plain words and offers a way on.

use leptos::prelude::*;

use crate::context::use_locale;
use crate::error::AppError;
use crate::i18n::td_string;
use crate::islands::{Icon, Shape};

/// What went wrong, for people.
#[component]
pub fn Trouble(
    /// What the server said.
    error: AppError,
) -> impl IntoView {
    let locale = use_locale();
    let (title, text) = match &error {
        AppError::NotFound | AppError::Invalid { .. } => (
            td_string!(locale, trouble.not_found),
            td_string!(locale, trouble.not_found_text),
        ),
        AppError::Forbidden | AppError::Unauthenticated => (
            td_string!(locale, trouble.forbidden),
            td_string!(locale, trouble.forbidden_text),
        ),
        AppError::RateLimited { .. } => (
            td_string!(locale, trouble.too_often),
            td_string!(locale, trouble.too_often_text),
        ),
        AppError::Unavailable => (
            td_string!(locale, trouble.unavailable),
            td_string!(locale, trouble.unavailable_text),
        ),
        AppError::Internal | AppError::Conflict => (
            td_string!(locale, trouble.internal),
            td_string!(locale, trouble.internal_text),
        ),
    };
    let passes = error.status() >= 429;
    view! {
        <section class="trouble">
            <span class="trouble__mark"><Icon shape=Shape::Exclamation /></span>
            <h1>{title}</h1>
            <p>{text}</p>
            // An empty address loads this very page anew.
            {passes.then(|| view! { <a class="button" href="" rel="external">{td_string!(locale, trouble.retry)}</a> })}
            <a class="button button--quiet" href="/">{td_string!(locale, trouble.home)}</a>
        </section>
    }
}
