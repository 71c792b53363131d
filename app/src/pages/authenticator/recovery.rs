//! Ten recovery codes, shown this once.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::{answer, backend, current_user, redirect, visit};
use crate::context::use_locale;
use crate::i18n::td_string;
use crate::pages::refusal::refused;

const HERE: &str = "/settings/sign-in/recovery-codes";

/// `/settings/sign-in/recovery-codes`
#[component]
pub fn RecoveryCodesPage() -> impl IntoView {
    let who = match current_user() {
        Ok(who) => who,
        Err(error) => return refused(error, HERE),
    };
    let backend = backend();
    let step = visit().step.unwrap_or_default();
    let codes = async move { answer(backend.take_recovery_codes(step, who.id).await) };
    view! {
        <Title text=td_string!(use_locale(), authenticator.recovery_title) />
        <Suspense>
            {Suspend::new(async move {
                match codes.await {
                    Ok(Some(codes)) => view! { <Codes codes /> }.into_any(),
                    Ok(None) => {
                        redirect("/settings/sign-in");
                        ().into_any()
                    }
                    Err(error) => refused(error, HERE),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Codes(codes: Vec<String>) -> impl IntoView {
    let locale = use_locale();
    let row = |code: String| view! { <li>{code}</li> };
    view! {
        <section class="form-page">
            <h1>{td_string!(locale, authenticator.recovery_title)}</h1>
            <p class="form-page__lead">{td_string!(locale, authenticator.recovery_lead)}</p>
            <ol class="secret">{codes.into_iter().map(row).collect_view()}</ol>
            <a class="button" href="/settings/sign-in">
                {td_string!(locale, authenticator.recovery_kept)}
            </a>
        </section>
    }
    .into_any()
}
