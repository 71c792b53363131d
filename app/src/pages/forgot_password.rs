//! Where somebody goes who has forgotten the password.

use leptos::prelude::*;
use leptos_meta::Title;

use super::form_words::{address_problem, form_problem};
use crate::components::{Field, Kind, Notice};
use crate::context::use_locale;
use crate::form::form_answer;
use crate::i18n::td_string;

/// `/forgot-password`
#[component]
pub fn ForgotPasswordPage() -> impl IntoView {
    let locale = use_locale();
    let answer = form_answer("forgot-password");
    view! {
        <Title text=td_string!(locale, forgot.title) />
        <section class="form-page">
            <h1>{td_string!(locale, forgot.title)}</h1>
            <p class="form-page__lead">{td_string!(locale, forgot.lead)}</p>
            <Notice problem=answer.problem_of("form").map(|reason| form_problem(locale, reason)) />
            <form method="post" action="/forgot-password">
                <Field
                    name="email"
                    label=td_string!(locale, sign_in.email)
                    kind=Kind::EMAIL
                    value=answer.value_of("email").map(str::to_owned)
                    problem=answer.problem_of("email").map(|reason| address_problem(locale, reason))
                />
                <button class="button">{td_string!(locale, forgot.submit)}</button>
            </form>
            <p class="form-page__aside">
                <a href="/sign-in">{td_string!(locale, forgot.back)}</a>
            </p>
        </section>
    }
    .into_any()
}
