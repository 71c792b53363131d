//! Sign-in: a plain form that posts to the server and works before any script has arrived.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::context::use_locale;
use crate::i18n::{Locale, td_string};

/// `/sign-in?next=/devices/…&error=credentials`
#[component]
pub fn SignInPage() -> impl IntoView {
    let locale = use_locale();
    let query = use_query_map();
    let asked = |name: &str| query.read_untracked().get(name);
    let next = asked("next").unwrap_or_else(|| "/".to_owned());
    let problem = asked("error").map(|error| problem(locale, &error));
    view! {
        <Title text=td_string!(locale, sign_in.title) />
        <section class="sign-in">
            <h1>{td_string!(locale, sign_in.title)}</h1>
            <p class="sign-in__lead">{td_string!(locale, sign_in.lead)}</p>
            {problem.map(|words| view! { <p class="sign-in__problem" role="alert" id="problem">{words}</p> })}
            <form method="post" action="/sign-in">
                <input type="hidden" name="next" value=next />
                <label for="email">{td_string!(locale, sign_in.email)}</label>
                <input
                    id="email"
                    name="email"
                    type="email"
                    autocomplete="username"
                    inputmode="email"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                />
                <label for="password">{td_string!(locale, sign_in.password)}</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required />
                <button class="button">{td_string!(locale, sign_in.submit)}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Why the last attempt failed.
fn problem(locale: Locale, error: &str) -> &'static str {
    match error {
        "credentials" => td_string!(locale, sign_in.credentials),
        "limited" => td_string!(locale, sign_in.limited),
        _ => td_string!(locale, sign_in.unavailable),
    }
}
