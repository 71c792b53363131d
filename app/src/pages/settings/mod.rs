//! Settings: a list of sections, each a page of its own.

mod account;
mod browsers;
mod family;
mod farewell;
mod notifications;
mod sessions;
mod tokens;

use leptos::prelude::*;
use leptos_meta::Title;

use super::refusal::refused;
use crate::backend::current_user;
use crate::context::use_locale;
use crate::i18n::{Locale, td_string};

pub use account::AccountPage;
pub use family::FamilyPage;
pub use farewell::FarewellPage;
pub use notifications::NotificationsPage;
pub use sessions::SessionsPage;
pub use tokens::TokensPage;

/// `/settings`
#[component]
pub fn SettingsPage() -> impl IntoView {
    let locale = use_locale();
    let user = match current_user() {
        Ok(user) => user,
        Err(error) => return refused(error, "/settings"),
    };
    let shop = user.operator.then(|| shop(locale));
    let sections = sections(locale).into_iter().chain(shop).map(|(path, title, lead)| {
        view! {
            <li>
                <a class="sections__link" href=path>
                    <strong>{title}</strong>
                    <span>{lead}</span>
                </a>
            </li>
        }
    });
    view! {
        <Title text=td_string!(locale, settings.title) />
        <section class="settings">
            <h1>{td_string!(locale, settings.title)}</h1>
            <ul class="sections">{sections.collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Where it is, what it is called, and what it is for.
type Section = (&'static str, &'static str, &'static str);

/// For those who work there.
fn shop(locale: Locale) -> Section {
    (
        "/operator",
        td_string!(locale, console.title),
        td_string!(locale, console.lead),
    )
}

/// Address, title and a few words of each; a section is listed once it exists.
fn sections(locale: Locale) -> [Section; 6] {
    [
        (
            "/settings/account",
            td_string!(locale, account.title),
            td_string!(locale, account.lead),
        ),
        (
            "/settings/family",
            td_string!(locale, family.title),
            td_string!(locale, family.lead),
        ),
        (
            "/settings/notifications",
            td_string!(locale, notifications.title),
            td_string!(locale, notifications.brief),
        ),
        (
            "/settings/sessions",
            td_string!(locale, sessions.title),
            td_string!(locale, sessions.lead),
        ),
        (
            "/settings/tokens",
            td_string!(locale, tokens.title),
            td_string!(locale, tokens.lead),
        ),
        (
            "/settings/sign-in",
            td_string!(locale, ways.title),
            td_string!(locale, ways.lead),
        ),
    ]
}
