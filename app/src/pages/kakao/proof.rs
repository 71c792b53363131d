//! The Kakao account's address has an account here: its owner proves that they are, by password or by a code in a mail.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::{PendingProof, backend, redirect, visit};
use crate::components::{Field, Kind, Notice};
use crate::context::use_locale;
use crate::form::{FormAnswer, form_answer};
use crate::i18n::{Locale, td_string};

/// `/sign-in/kakao/link`
#[component]
pub fn KakaoProofPage() -> impl IntoView {
    let locale = use_locale();
    let backend = backend();
    let step = visit().step;
    let answer = form_answer("kakao-proof");
    let pending = async move {
        match step {
            Some(step) => backend.pending_proof(step).await,
            None => Ok(None),
        }
    };
    view! {
        <Title text=td_string!(locale, kakao.proof_title) />
        <Suspense>
            {Suspend::new(async move {
                let Ok(Some(pending)) = pending.await else {
                    redirect("/sign-in/kakao/trouble?why=expired");
                    return ().into_any();
                };
                view! { <Forms pending answer /> }.into_any()
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Forms(pending: PendingProof, answer: FormAnswer) -> impl IntoView {
    let locale = use_locale();
    let email = pending.email;
    let done = answer.what_is_done().map(|_| td_string!(locale, kakao.code_sent));
    let problem = answer.problem_of("form").map(|_| td_string!(locale, sign_in.limited));
    let lead = td_string!(locale, kakao.proof_lead, email = email);
    view! {
        <section class="form-page">
            <h1>{td_string!(locale, kakao.proof_title)}</h1>
            <p class="form-page__lead">{lead}</p>
            <Notice done problem />
            {pending.code_sent.then(|| code_form(locale, &answer))}
            {pending.has_password.then(|| password_form(locale, &answer))}
            <form method="post" action="/sign-in/kakao/link/mail">
                <button class="button button--quiet">
                    {if pending.code_sent {
                        td_string!(locale, kakao.code_again)
                    } else {
                        td_string!(locale, kakao.code_instead)
                    }}
                </button>
            </form>
        </section>
    }
    .into_any()
}

fn code_form(locale: Locale, answer: &FormAnswer) -> AnyView {
    let problem = answer.problem_of("code").map(|_| td_string!(locale, kakao.code_wrong));
    view! {
        <form method="post" action="/sign-in/kakao/link">
            <Field
                name="code"
                label=td_string!(locale, kakao.code)
                kind=Kind::CODE
                hint=Some(td_string!(locale, kakao.code_hint))
                problem
            />
            <button class="button">{td_string!(locale, kakao.proof_submit)}</button>
        </form>
    }
    .into_any()
}

fn password_form(locale: Locale, answer: &FormAnswer) -> AnyView {
    let problem = answer
        .problem_of("password")
        .map(|_| td_string!(locale, ways.password_wrong));
    view! {
        <form method="post" action="/sign-in/kakao/link">
            <Field name="password" label=td_string!(locale, sign_in.password) kind=Kind::PASSWORD problem />
            <button class="button">{td_string!(locale, kakao.proof_submit)}</button>
        </form>
    }
    .into_any()
}
