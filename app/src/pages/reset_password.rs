//! The page that waits for the code from the mail about a forgotten password, and takes the new one.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::code_field::{CodeField, NothingAwaited};
use super::form_words::{form_problem, password_problem};
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
                    Ok(None) => nothing_awaited(),
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
    view! {
        <Title text=td_string!(locale, reset.title) />
        <section class="form-page">
            <h1>{td_string!(locale, reset.title)}</h1>
            <p class="form-page__lead">{td_string!(locale, reset.lead, email = email)}</p>
            <Notice problem=words.problem_of("form").map(|reason| form_problem(locale, reason)) />
            <form method="post" action="/reset-password">
                <CodeField words=words.clone() code />
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

fn nothing_awaited() -> AnyView {
    let locale = use_locale();
    let (title, lead) = (td_string!(locale, reset.title), td_string!(locale, reset.nothing));
    view! { <NothingAwaited title lead href="/forgot-password" again=td_string!(locale, reset.again) /> }.into_any()
}
