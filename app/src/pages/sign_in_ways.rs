//! `/settings/sign-in`: every way into the account, and what its owner may do with each.

use leptos::prelude::*;
use leptos_meta::Title;

use super::refusal::refused;
use crate::backend::{
    AuthenticatorApp, ConnectedKakao, OwnPasskey, SignInWaysView, answer, backend, current_user, visit,
};
use crate::components::{Field, KakaoFace, Kind, Notice};
use crate::context::use_locale;
use crate::form::{FormAnswer, form_answer};
use crate::i18n::{Locale, td_string};

const HERE: &str = "/settings/sign-in";

/// The page.
#[component]
pub fn SignInWaysPage() -> impl IntoView {
    let who = match current_user() {
        Ok(who) => who,
        Err(error) => return refused(error, HERE),
    };
    let backend = backend();
    let session = visit().session;
    let offers_passkeys = backend.offers_passkeys();
    let words = form_answer("sign-in-ways");
    let ways = async move { answer(backend.sign_in_ways(who.id, session).await) };
    view! {
        <Title text=td_string!(use_locale(), ways.title) />
        <Suspense>
            {Suspend::new(async move {
                match ways.await {
                    Ok(ways) => view! { <Ways ways words offers_passkeys /> }.into_any(),
                    Err(error) => refused(error, HERE),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Ways(ways: SignInWaysView, words: FormAnswer, offers_passkeys: bool) -> impl IntoView {
    let locale = use_locale();
    let done = words.what_is_done().map(|what| done(locale, what));
    let problem = words.problem_of("form").map(|reason| problem(locale, reason));
    let password = if ways.has_password {
        td_string!(locale, ways.password_set)
    } else {
        td_string!(locale, ways.password_none)
    };
    let kakao = (ways.kakao_offered || !ways.kakao.is_empty()).then(|| kakao_section(locale, &ways));
    let passkeys = (offers_passkeys || !ways.passkeys.is_empty()).then(|| passkey_section(locale, &ways));
    view! {
        <section class="form-page ways">
            <h1>{td_string!(locale, ways.title)}</h1>
            <p class="form-page__lead">{td_string!(locale, ways.lead)}</p>
            <Notice done problem />
            <section class="ways__way" aria-labelledby="way-password">
                <h2 id="way-password">{td_string!(locale, ways.password)}</h2>
                <p>{password}</p>
            </section>
            // One form for all buttons, so that the password is asked for once; each button says where it goes.
            <form method="post" action=HERE>
                {confirmation(locale, &ways, &words)} {kakao} {passkeys} {app_section(locale, &ways)}
            </form>
        </section>
    }
    .into_any()
}

fn kakao_section(locale: Locale, ways: &SignInWaysView) -> AnyView {
    let rows: Vec<_> = ways.kakao.iter().map(|kakao| kakao_row(locale, kakao, ways)).collect();
    let connect = ways.kakao.is_empty().then(|| {
        view! { <KakaoFace label=td_string!(locale, ways.kakao_connect) action=Some("/settings/sign-in/kakao") /> }
    });
    view! {
        <section class="ways__way" aria-labelledby="way-kakao">
            <h2 id="way-kakao">{td_string!(locale, ways.kakao)}</h2>
            {rows}
            {connect}
        </section>
    }
    .into_any()
}

fn passkey_section(locale: Locale, ways: &SignInWaysView) -> AnyView {
    let rows: Vec<_> = ways
        .passkeys
        .iter()
        .map(|passkey| passkey_row(locale, passkey, ways))
        .collect();
    let none = ways
        .passkeys
        .is_empty()
        .then(|| view! { <p>{td_string!(locale, passkeys.none)}</p> });
    view! {
        <section class="ways__way" aria-labelledby="way-passkeys">
            <h2 id="way-passkeys">{td_string!(locale, passkeys.title)}</h2>
            {none}
            {rows}
            <button class="button" formaction="/settings/sign-in/passkey">
                {td_string!(locale, passkeys.add)}
            </button>
        </section>
    }
    .into_any()
}

fn passkey_row(locale: Locale, passkey: &OwnPasskey, ways: &SignInWaysView) -> AnyView {
    let since = td_string!(locale, ways.since, day = passkey.since.clone());
    let used = passkey
        .used
        .clone()
        .map(|day| td_string!(locale, passkeys.used, day = day));
    let label = td_string!(locale, passkeys.remove_this, name = passkey.name.clone());
    let remove = if ways.count() > 1 {
        view! {
            <button
                class="button button--quiet"
                formaction="/settings/sign-in/passkey/remove"
                name="id"
                value=passkey.id
                aria-label=label
            >
                {td_string!(locale, passkeys.remove)}
            </button>
        }
        .into_any()
    } else {
        view! { <p class="ways__note">{td_string!(locale, ways.only_way)}</p> }.into_any()
    };
    view! {
        <p>
            <strong>{passkey.name.clone()}</strong>
            " "
            <span class="ways__note">{since} {used.map(|used| format!(" · {used}"))}</span>
        </p>
        {remove}
    }
    .into_any()
}

fn app_section(locale: Locale, ways: &SignInWaysView) -> AnyView {
    let content = match &ways.app {
        Some(app) => app_in_force(locale, app),
        None => view! {
            <p>{td_string!(locale, authenticator.none)}</p>
            <button class="button" formaction="/settings/sign-in/app">
                {td_string!(locale, authenticator.add)}
            </button>
        }
        .into_any(),
    };
    view! {
        <section class="ways__way" aria-labelledby="way-app">
            <h2 id="way-app">{td_string!(locale, authenticator.title)}</h2>
            {content}
        </section>
    }
    .into_any()
}

fn app_in_force(locale: Locale, app: &AuthenticatorApp) -> AnyView {
    let left = td_string!(locale, authenticator.codes_left, n = app.codes_left);
    view! {
        <p>
            {td_string!(locale, authenticator.in_force)} " "
            <span class="ways__note">{td_string!(locale, ways.since, day = app.since.clone())}</span>
        </p>
        <p>{left}</p>
        <button class="button button--quiet" formaction="/settings/sign-in/recovery-codes">
            {td_string!(locale, authenticator.renew)}
        </button>
        <button class="button button--quiet" formaction="/settings/sign-in/app/remove">
            {td_string!(locale, authenticator.remove)}
        </button>
    }
    .into_any()
}

fn kakao_row(locale: Locale, kakao: &ConnectedKakao, ways: &SignInWaysView) -> AnyView {
    let since = td_string!(locale, ways.since, day = kakao.since.clone());
    let form = if ways.count() > 1 {
        view! {
            <button class="button button--quiet" formaction="/settings/sign-in/kakao/remove" name="id" value=kakao.id>
                {td_string!(locale, ways.kakao_remove)}
            </button>
        }
        .into_any()
    } else {
        view! { <p class="ways__note">{td_string!(locale, ways.only_way)}</p> }.into_any()
    };
    view! {
        <p>
            <strong>{kakao.name.clone()}</strong>
            " "
            <span class="ways__note">{since}</span>
        </p>
        {form}
    }
    .into_any()
}

/// Who has not signed in just now says once more who they are.
fn confirmation(locale: Locale, ways: &SignInWaysView, words: &FormAnswer) -> Option<AnyView> {
    if ways.fresh || !ways.has_password {
        return None;
    }
    let problem = words
        .problem_of("password")
        .map(|_| td_string!(locale, ways.password_wrong));
    let field = view! {
        <Field name="password" label=td_string!(locale, ways.password_again) kind=Kind::PASSWORD problem />
    };
    Some(field.into_any())
}

fn done(locale: Locale, what: &str) -> &'static str {
    match what {
        "passkey-added" => td_string!(locale, passkeys.added),
        "passkey-removed" => td_string!(locale, passkeys.removed),
        "app-removed" => td_string!(locale, authenticator.removed),
        "kakao-removed" => td_string!(locale, ways.kakao_removed),
        _ => td_string!(locale, ways.kakao_connected),
    }
}

fn problem(locale: Locale, reason: &str) -> &'static str {
    match reason {
        "passkey" => td_string!(locale, passkeys.not_added),
        "stale" => td_string!(locale, ways.stale),
        "only-way" => td_string!(locale, ways.only_way),
        "gone" => td_string!(locale, ways.gone),
        "limited" => td_string!(locale, sign_in.limited),
        _ => td_string!(locale, ways.unavailable),
    }
}
