//! Sign-in: a plain form that posts to the server and works before any script has arrived.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::backend::find_backend;
use crate::components::{Field, KakaoButton, Kind, Notice, ReleasedDevices};
use crate::context::use_locale;
use crate::form::form_answer;
use crate::i18n::{Locale, td_string};

/// `/sign-in?next=/devices/…`
#[component]
pub fn SignInPage() -> impl IntoView {
    let locale = use_locale();
    let next = use_query_map().read_untracked().get("next");
    let next = next.unwrap_or_else(|| "/".to_owned());
    let offers_kakao = find_backend().is_some_and(|backend| backend.offers_kakao());
    let kakao = offers_kakao.then(|| {
        view! { <KakaoButton next=next.clone() label=td_string!(locale, kakao.sign_in) /> }
    });
    let offers_passkeys = find_backend().is_some_and(|backend| backend.offers_passkeys());
    let passkey = offers_passkeys.then(|| {
        view! {
            <form method="post" action="/sign-in/passkey">
                <input type="hidden" name="next" value=next.clone() />
                <button class="button button--quiet">{td_string!(locale, passkeys.sign_in)}</button>
            </form>
        }
    });
    let answer = form_answer("sign-in");
    let problem = answer.problem_of("form").map(|reason| problem(locale, reason));
    let done = answer.what_is_done().map(|what| done(locale, what));
    view! {
        <Title text=td_string!(locale, sign_in.title) />
        <section class="form-page">
            <h1>{td_string!(locale, sign_in.title)}</h1>
            <p class="form-page__lead">{td_string!(locale, sign_in.lead)}</p>
            <Notice done problem />
            <ReleasedDevices answer=answer.clone() />
            <form method="post" action="/sign-in">
                <input type="hidden" name="next" value=next />
                <Field
                    name="email"
                    label=td_string!(locale, sign_in.email)
                    kind=Kind::EMAIL
                    value=answer.value_of("email").map(str::to_owned)
                />
                <Field name="password" label=td_string!(locale, sign_in.password) kind=Kind::PASSWORD />
                <button class="button">{td_string!(locale, sign_in.submit)}</button>
            </form>
            <p class="form-page__aside">
                <a href="/forgot-password">{td_string!(locale, sign_in.forgot)}</a>
            </p>
            <p class="form-page__aside">
                {td_string!(locale, sign_in.new_here)} " " <a href="/sign-up">{td_string!(locale, sign_up.title)}</a>
            </p>
            {passkey}
            {kakao}
        </section>
    }
    .into_any()
}

/// What led here.
fn done(locale: Locale, what: &str) -> &'static str {
    match what {
        "account-deleted" => td_string!(locale, farewell.done),
        _ => td_string!(locale, account.password_changed),
    }
}

/// Why the last attempt failed.
fn problem(locale: Locale, reason: &str) -> &'static str {
    match reason {
        "credentials" => td_string!(locale, sign_in.credentials),
        "passkey" => td_string!(locale, passkeys.not_accepted),
        "over" => td_string!(locale, authenticator.over),
        "limited" => td_string!(locale, sign_in.limited),
        _ => td_string!(locale, sign_in.unavailable),
    }
}
