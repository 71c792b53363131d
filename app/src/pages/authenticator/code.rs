//! The second proof on the way in: a code of the authenticator app, or a recovery code.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::{backend, redirect, visit};
use crate::components::{Field, Kind, Notice};
use crate::context::use_locale;
use crate::form::{FormAnswer, form_answer};
use crate::i18n::td_string;

/// `/sign-in/code`
#[component]
pub fn SignInCodePage() -> impl IntoView {
    let backend = backend();
    let step = visit().step;
    let answer = form_answer("sign-in-code");
    let awaited = async move {
        match step {
            Some(step) => backend.awaits_code(step).await.unwrap_or(false),
            None => false,
        }
    };
    view! {
        <Title text=td_string!(use_locale(), authenticator.code_title) />
        <Suspense>
            {Suspend::new(async move {
                if awaited.await {
                    view! { <CodeForm answer /> }.into_any()
                } else {
                    redirect("/sign-in");
                    ().into_any()
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn CodeForm(answer: FormAnswer) -> impl IntoView {
    let locale = use_locale();
    let problem = answer.problem_of("form").map(|_| td_string!(locale, sign_in.limited));
    let wrong = answer
        .problem_of("code")
        .map(|_| td_string!(locale, authenticator.code_wrong));
    view! {
        <section class="form-page">
            <h1>{td_string!(locale, authenticator.code_title)}</h1>
            <p class="form-page__lead">{td_string!(locale, authenticator.code_lead)}</p>
            <Notice done=None problem />
            <form method="post" action="/sign-in/code">
                <Field
                    name="code"
                    label=td_string!(locale, authenticator.code)
                    kind=Kind::CODE
                    hint=Some(td_string!(locale, authenticator.code_hint))
                    problem=wrong
                />
                <button class="button">{td_string!(locale, sign_in.submit)}</button>
            </form>
            <a class="button button--quiet" href="/sign-in">
                {td_string!(locale, authenticator.start_again)}
            </a>
        </section>
    }
    .into_any()
}
