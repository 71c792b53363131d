//! What every page that waits for a code from a mail has: the box for it, and what it is when it waits for none.
#![expect(
    clippy::needless_pass_by_value,
    reason = "components own their props, whether they consume them or not"
)]

use leptos::prelude::*;
use leptos_meta::Title;

use super::form_words::code_problem;
use crate::components::{Field, Kind};
use crate::context::use_locale;
use crate::form::FormAnswer;
use crate::i18n::td_string;

/// The box for the code.
#[component]
pub fn CodeField(
    /// What became of the last attempt.
    words: FormAnswer,
    /// The code, if the mail's link brought it along.
    #[prop(optional_no_strip)]
    code: Option<String>,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        <Field
            name="code"
            label=td_string!(locale, verify.code)
            kind=Kind::CODE
            hint=Some(td_string!(locale, verify.hint))
            value=words.value_of("code").map(str::to_owned).or(code)
            problem=words.problem_of("code").map(|reason| code_problem(locale, reason))
        />
    }
}

/// The code has run out, was used, or was asked for in another browser.
#[component]
pub fn NothingAwaited(
    /// What the page is called.
    title: &'static str,
    /// What has become of the code.
    lead: &'static str,
    /// Where another is asked for.
    href: &'static str,
    /// What that is called.
    again: &'static str,
) -> impl IntoView {
    view! {
        <Title text=title />
        <section class="form-page">
            <h1>{title}</h1>
            <p class="form-page__lead">{lead}</p>
            <a class="button" href=href>{again}</a>
        </section>
    }
}
