//! A device leaves: what goes with it is said first, and what its next owner needs afterwards, once.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::refusal::refused;
use crate::backend::{answer, backend, current_user};
use crate::components::{Notice, ReleasedDevices};
use crate::context::use_locale;
use crate::error::AppError;
use crate::form::{FormAnswer, form_answer};
use crate::i18n::{Locale, td_string};

/// What is asked before a device leaves.
struct Question {
    /// What the page is called.
    title: &'static str,
    /// What goes with it.
    lead: String,
    /// Why whoever asks may not.
    forbidden: Option<&'static str>,
}

/// `/devices/{serial}/release`: its owner gives it away.
#[component]
pub fn ReleasePage() -> impl IntoView {
    let serial = serial();
    let here = format!("/devices/{serial}/release");
    let back = format!("/devices/{serial}/settings");
    let question = async move {
        let settings = backend().room_settings(current_user()?.id, serial).await?;
        let locale = use_locale();
        Ok(Question {
            title: td_string!(locale, release.title),
            lead: td_string!(locale, release.lead, name = settings.name).to_string(),
            forbidden: (!settings.may_release).then(|| td_string!(locale, release.owners_only)),
        })
    };
    page(here, back, question)
}

/// `/operator/products/{serial}/return`: it comes back to the shop.
#[component]
pub fn ReturnPage() -> impl IntoView {
    let serial = serial();
    let here = format!("/operator/products/{serial}/return");
    let question = async move {
        let product = backend().product(&current_user()?, &serial).await?;
        let locale = use_locale();
        Ok(Question {
            title: td_string!(locale, release.return_title),
            lead: td_string!(locale, release.return_lead, serial = product.serial).to_string(),
            forbidden: None,
        })
    };
    page(here, "/operator".to_owned(), question)
}

fn serial() -> String {
    use_params_map().get_untracked().get("serial").unwrap_or_default()
}

fn page(
    here: String,
    back: String,
    question: impl Future<Output = Result<Question, AppError>> + Send + 'static,
) -> AnyView {
    let words = form_answer("release");
    if words.what_is_done().is_some() {
        return view! { <Done words /> }.into_any();
    }
    if let Err(error) = current_user() {
        return refused(error, &here);
    }
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(question.await) {
                    Ok(question) => view! { <Ask question words here back /> }.into_any(),
                    Err(error) => refused(error, &here),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Ask(question: Question, words: FormAnswer, here: String, back: String) -> impl IntoView {
    let locale = use_locale();
    let problem = words.problem_of("form").map(|reason| problem(locale, reason));
    let form = question.forbidden.is_none().then(|| {
        view! {
            <form method="post" action=here>
                <button class="button button--danger">{question.title}</button>
            </form>
        }
    });
    view! {
        <Title text=question.title />
        <section class="form-page">
            <p class="settings__back"><a href=back>{td_string!(locale, release.back)}</a></p>
            <h1>{question.title}</h1>
            <p class="form-page__lead">{question.lead}</p>
            <Notice problem=problem.or(question.forbidden) />
            {form}
        </section>
    }
}

#[component]
fn Done(words: FormAnswer) -> impl IntoView {
    let locale = use_locale();
    view! {
        <Title text=td_string!(locale, release.done) />
        <section class="settings">
            <h1>{td_string!(locale, release.done)}</h1>
            <ReleasedDevices answer=words />
            <p class="more"><a class="button button--quiet" href="/">{td_string!(locale, site.home)}</a></p>
        </section>
    }
}

fn problem(locale: Locale, reason: &str) -> &'static str {
    match reason {
        "forbidden" => td_string!(locale, release.owners_only),
        "not-found" => td_string!(locale, trouble.not_found),
        _ => td_string!(locale, account.unavailable),
    }
}
