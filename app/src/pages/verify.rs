//! The page that waits for the code from the sign-up mail.

use leptos::prelude::*;
use leptos_meta::Title;

use super::code_field::{CodeField, NothingAwaited};
use super::form_words::{form_problem, strength};
use super::refusal::refused;
use crate::api::accounts::Awaited;
use crate::backend::{self, answer, backend};
use crate::components::Notice;
use crate::context::use_locale;
use crate::form::{FormAnswer, form_answer};
use crate::i18n::td_string;

/// `/verify`
#[component]
pub fn VerifyPage() -> impl IntoView {
    let words = form_answer("verify");
    let (backend, headers) = (backend(), backend::headers());
    let awaited = async move { answer(backend.awaited(Awaited::SignUp, headers).await) };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match awaited.await {
                    Ok(Some(email)) => view! { <CodeForm email words /> }.into_any(),
                    Ok(None) => nothing_awaited(),
                    Err(error) => refused(error, "/verify"),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn CodeForm(email: String, words: FormAnswer) -> impl IntoView {
    let locale = use_locale();
    let done = words.what_is_done().and_then(|done| match done {
        "sent-again" => Some(td_string!(locale, verify.sent_again)),
        done => strength(locale, done),
    });
    let problem = words.problem_of("form").map(|reason| form_problem(locale, reason));
    view! {
        <Title text=td_string!(locale, verify.title) />
        <section class="form-page">
            <h1>{td_string!(locale, verify.title)}</h1>
            <p class="form-page__lead">{td_string!(locale, verify.lead, email = email)}</p>
            <Notice done problem />
            <form method="post" action="/verify">
                <CodeField words />
                <button class="button">{td_string!(locale, verify.submit)}</button>
            </form>
            <form method="post" action="/verify/again">
                <button class="button button--quiet">{td_string!(locale, verify.again)}</button>
            </form>
            <p class="form-page__aside">
                <a href="/sign-up">{td_string!(locale, verify.other_address)}</a>
            </p>
        </section>
    }
}

fn nothing_awaited() -> AnyView {
    let locale = use_locale();
    let (title, lead) = (td_string!(locale, verify.title), td_string!(locale, verify.no_code));
    view! { <NothingAwaited title lead href="/sign-up" again=td_string!(locale, sign_up.title) /> }.into_any()
}
