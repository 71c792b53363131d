//! Sign-up: an address and a password, then a code by mail.

use leptos::prelude::*;
use leptos_meta::Title;

use super::form_words::{address_problem, form_problem, password_problem};
use crate::components::{Field, Kind, Notice};
use crate::context::use_locale;
use crate::form::form_answer;
use crate::i18n::td_string;

/// `/sign-up`
#[component]
pub fn SignUpPage() -> impl IntoView {
    let locale = use_locale();
    let answer = form_answer("sign-up");
    view! {
        <Title text=td_string!(locale, sign_up.title) />
        <section class="form-page">
            <h1>{td_string!(locale, sign_up.title)}</h1>
            <p class="form-page__lead">{td_string!(locale, sign_up.lead)}</p>
            <Notice problem=answer.problem_of("form").map(|reason| form_problem(locale, reason)) />
            <form method="post" action="/sign-up">
                <Field
                    name="email"
                    label=td_string!(locale, sign_in.email)
                    kind=Kind::EMAIL
                    value=answer.value_of("email").map(str::to_owned)
                    problem=answer.problem_of("email").map(|reason| address_problem(locale, reason))
                />
                <Field
                    name="password"
                    label=td_string!(locale, sign_in.password)
                    kind=Kind::NEW_PASSWORD
                    hint=Some(td_string!(locale, account.password_hint))
                    problem=answer.problem_of("password").map(|reason| password_problem(locale, reason))
                />
                <button class="button">{td_string!(locale, sign_up.submit)}</button>
            </form>
            <p class="form-page__aside">
                {td_string!(locale, sign_up.have_account)} " " <a href="/sign-in">{td_string!(locale, sign_in.submit)}</a>
            </p>
        </section>
    }
    .into_any()
}
