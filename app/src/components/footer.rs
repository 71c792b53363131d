//! Language, colours, the unit of temperatures and the way out: plain forms that work before any script has arrived.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{InstallOffer, UpdateToast};
use crate::context::{Theme, use_locale, use_page};
use crate::i18n::{Locale, td_string};
use crate::words::degrees::Degrees;

/// The quiet end of every page.
#[component]
pub fn Footer() -> impl IntoView {
    let locale = use_locale();
    let page = use_page();
    let languages = vec![
        Choice {
            value: "ko",
            words: "한국어",
            language: Some("ko"),
            chosen: locale == Locale::ko,
        },
        Choice {
            value: "en",
            words: "English",
            language: Some("en"),
            chosen: locale == Locale::en,
        },
    ];
    let themes = [
        (Theme::Auto, td_string!(locale, site.theme_auto)),
        (Theme::Light, td_string!(locale, site.theme_light)),
        (Theme::Dark, td_string!(locale, site.theme_dark)),
    ];
    let themes = themes.map(|(theme, words)| Choice {
        value: theme.as_str(),
        words,
        language: None,
        chosen: page.theme == theme,
    });
    let units = [Degrees::Celsius, Degrees::Fahrenheit].map(|degrees| Choice {
        value: degrees.as_str(),
        words: degrees.symbol(),
        language: None,
        chosen: page.degrees == degrees,
    });
    view! {
        <footer class="foot">
            <ChoiceForm action="/language" name="locale" label=td_string!(locale, site.language) choices=languages />
            <ChoiceForm action="/theme" name="theme" label=td_string!(locale, site.theme) choices=themes.into() />
            <ChoiceForm action="/degrees" name="degrees" label=td_string!(locale, site.degrees) choices=units.into() />
            {page.viewer.map(|email| view! { <Leave email /> })}
            <UpdateToast />
        </footer>
    }
}

/// Whose page it is, the way out, and the way to the home screen.
#[component]
fn Leave(email: String) -> impl IntoView {
    view! {
        <form class="foot__out" method="post" action="/sign-out">
            <a class="foot__who" href="/settings">{email}</a>
            <button class="button button--quiet">{td_string!(use_locale(), site.sign_out)}</button>
        </form>
        <InstallOffer />
    }
}

/// One button of a [`ChoiceForm`].
#[derive(Clone)]
struct Choice {
    value: &'static str,
    words: &'static str,
    /// Language of the words, if not the page's.
    language: Option<&'static str>,
    chosen: bool,
}

/// Buttons of which one is pressed; each posts its value and leads back to this page.
#[component]
fn ChoiceForm(action: &'static str, name: &'static str, label: &'static str, choices: Vec<Choice>) -> impl IntoView {
    let location = use_location();
    let here = format!(
        "{}{}",
        location.pathname.get_untracked(),
        with_mark(&location.search.get_untracked())
    );
    let button = |choice: Choice| {
        let pressed = if choice.chosen { "true" } else { "false" };
        view! {
            <button name=name value=choice.value lang=choice.language aria-pressed=pressed>
                {choice.words}
            </button>
        }
    };
    view! {
        <form class="choice" method="post" action=action>
            <input type="hidden" name="next" value=here />
            <div class="choice__set" role="group" aria-label=label>
                {choices.into_iter().map(button).collect_view()}
            </div>
        </form>
    }
}

/// A query string with its question mark, or nothing.
fn with_mark(search: &str) -> String {
    let search = search.trim_start_matches('?');
    if search.is_empty() {
        String::new()
    } else {
        format!("?{search}")
    }
}
