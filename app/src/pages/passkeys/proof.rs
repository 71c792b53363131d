//! Signing in with a passkey.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::{backend, redirect, visit};
use crate::context::use_locale;
use crate::i18n::td_string;
use crate::islands::PasskeyButton;

/// `/sign-in/passkey`
#[component]
pub fn SignInPasskeyPage() -> impl IntoView {
    let (backend, step) = (backend(), visit().step);
    let question = async move {
        match step {
            Some(step) => backend.passkey_question(step).await.unwrap_or(None),
            None => None,
        }
    };
    view! {
        <Title text=td_string!(use_locale(), passkeys.sign_in) />
        <Suspense>
            {Suspend::new(async move {
                if let Some(options) = question.await {
                    view! { <Proof options /> }.into_any()
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
fn Proof(options: String) -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="form-page">
            <h1>{td_string!(locale, passkeys.sign_in)}</h1>
            <PasskeyButton
                options
                create=false
                action="/sign-in/passkey/proof".to_owned()
                label=td_string!(locale, passkeys.use_it).to_owned()
                refused=td_string!(locale, passkeys.refused).to_owned()
            >
                <p>{td_string!(locale, passkeys.sign_in_lead)}</p>
            </PasskeyButton>
            // Told to everybody: what is hidden from those with script would move the page for them.
            <p class="form-page__aside">{td_string!(locale, passkeys.no_script)}</p>
            <a class="button button--quiet" href="/sign-in">
                {td_string!(locale, passkeys.other_way)}
            </a>
        </section>
    }
    .into_any()
}
