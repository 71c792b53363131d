//! The page that waits for the code from the mail about a forgotten password, and takes the new one.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::form_words::{code_problem, form_problem, password_problem};
use super::refusal::refused;
use crate::api::accounts::Awaited;
use crate::backend::{self, answer, backend};
use crate::components::{Field, Kind, Notice};
use crate::context::use_locale;
use crate::form::form_answer;
use crate::i18n::td_string;

/// `/reset-password`, or from the mail `/reset-password?code=7K3F-9Q2M`
#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    let code = use_query_map().read_untracked().get("code");
    let (backend, headers) = (backend(), backend::headers());
    let awaited = async move { answer(backend.awaited(Awaited::ResetPassword, headers).await) };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match awaited.await {
                    Ok(Some(email)) => view! { <ResetForm email code /> }.into_any(),
                    Ok(None) => view! { <NothingAwaited /> }.into_any(),
                    Err(error) => refused(error, "/reset-password"),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn ResetForm(email: String, #[prop(optional_no_strip)] code: Option<String>) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("reset-password");
    let typed = words.value_of("code").map(str::to_owned).or(code);
    view! {
        <Title text=td_string!(locale, reset.title) />
        <section class="form-page">
            <h1>{td_string!(locale, reset.title)}</h1>
            <p class="form-page__lead">{td_string!(locale, reset.lead, email = email)}</p>
            <Notice problem=words.problem_of("form").map(|reason| form_problem(locale, reason)) />
            <form method="post" action="/reset-password">
                <Field
                    name="code"
                    label=td_string!(locale, verify.code)
                    kind=Kind::CODE
                    hint=Some(td_string!(locale, verify.hint))
                    value=typed
                    problem=words.problem_of("code").map(|reason| code_problem(locale, reason))
                />
                <Field
                    name="password"
                    label=td_string!(locale, account.new_password)
                    kind=Kind::NEW_PASSWORD
                    hint=Some(td_string!(locale, account.password_hint))
                    problem=words.problem_of("password").map(|reason| password_problem(locale, reason))
                />
                <button class="button">{td_string!(locale, reset.submit)}</button>
            </form>
            <p class="form-page__aside">
                <a href="/forgot-password">{td_string!(locale, reset.again)}</a>
            </p>
        </section>
    }
}

/// The code has run out, was used, or was asked for in another browser.
#[component]
fn NothingAwaited() -> impl IntoView {
    let locale = use_locale();
    view! {
        <Title text=td_string!(locale, reset.title) />
        <section class="form-page">
            <h1>{td_string!(locale, reset.title)}</h1>
            <p class="form-page__lead">{td_string!(locale, reset.nothing)}</p>
            <a class="button" href="/forgot-password">{td_string!(locale, reset.again)}</a>
        </section>
    }
}
