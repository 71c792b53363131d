//! Adding a passkey: a name for it, and the browser's own question.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::{answer, backend, current_user, redirect, visit};
use crate::components::{Field, Kind};
use crate::context::use_locale;
use crate::i18n::td_string;
use crate::islands::PasskeyButton;
use crate::pages::refusal::refused;

const HERE: &str = "/settings/sign-in/passkey";

/// `/settings/sign-in/passkey`
#[component]
pub fn PasskeyPage() -> impl IntoView {
    let who = match current_user() {
        Ok(who) => who,
        Err(error) => return refused(error, HERE),
    };
    let (backend, step) = (backend(), visit().step);
    let question = async move {
        match step {
            Some(step) => answer(backend.passkey_enrolment(step, who.id).await),
            None => Ok(None),
        }
    };
    view! {
        <Title text=td_string!(use_locale(), passkeys.add) />
        <Suspense>
            {Suspend::new(async move {
                match question.await {
                    Ok(Some(options)) => view! { <Enrolment options /> }.into_any(),
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
fn Enrolment(options: String) -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="form-page">
            <h1>{td_string!(locale, passkeys.add)}</h1>
            <p class="form-page__lead">{td_string!(locale, passkeys.add_lead)}</p>
            <PasskeyButton
                options
                create=true
                action="/settings/sign-in/passkey/add".to_owned()
                label=td_string!(locale, passkeys.create).to_owned()
                refused=td_string!(locale, passkeys.refused).to_owned()
            >
                <Field
                    name="name"
                    label=td_string!(locale, passkeys.name)
                    kind=Kind::TEXT
                    hint=Some(td_string!(locale, passkeys.name_hint))
                    optional=true
                />
            </PasskeyButton>
            // Told to everybody: what is hidden from those with script would move the page for them.
            <p class="form-page__aside">{td_string!(locale, passkeys.no_script)}</p>
            <a class="button button--quiet" href="/settings/sign-in">
                {td_string!(locale, kakao.to_settings)}
            </a>
        </section>
    }
    .into_any()
}
