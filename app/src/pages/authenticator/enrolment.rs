//! Enrolling an authenticator app: a picture for its camera, the same in letters, and the first code as proof.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::{TotpEnrolment, answer, backend, current_user, redirect};
use crate::components::{Field, Kind, Notice};
use crate::context::use_locale;
use crate::form::{FormAnswer, form_answer};
use crate::i18n::td_string;
use crate::pages::refusal::refused;

const HERE: &str = "/settings/sign-in/app";

/// Light modules around a QR code, as its standard demands.
const QUIET_ZONE: i32 = 4;

/// `/settings/sign-in/app`
#[component]
pub fn AuthenticatorPage() -> impl IntoView {
    let who = match current_user() {
        Ok(who) => who,
        Err(error) => return refused(error, HERE),
    };
    let backend = backend();
    let words = form_answer("authenticator");
    let enrolment = async move { answer(backend.totp_enrolment(who.id, who.email).await) };
    view! {
        <Title text=td_string!(use_locale(), authenticator.enrol_title) />
        <Suspense>
            {Suspend::new(async move {
                match enrolment.await {
                    Ok(Some(enrolment)) => view! { <Enrolment enrolment words /> }.into_any(),
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
fn Enrolment(enrolment: TotpEnrolment, words: FormAnswer) -> impl IntoView {
    let locale = use_locale();
    let problem = words.problem_of("form").map(|_| td_string!(locale, sign_in.limited));
    let wrong = words
        .problem_of("code")
        .map(|_| td_string!(locale, authenticator.code_wrong));
    let side = enrolment.qr_size + 2 * QUIET_ZONE;
    let view_box = format!("-{QUIET_ZONE} -{QUIET_ZONE} {side} {side}");
    view! {
        <section class="form-page">
            <h1>{td_string!(locale, authenticator.enrol_title)}</h1>
            <p class="form-page__lead">{td_string!(locale, authenticator.enrol_lead)}</p>
            <Notice done=None problem />
            <a class="qr" href=enrolment.uri rel="external" aria-label=td_string!(locale, authenticator.open_app)>
                <svg viewBox=view_box role="img" aria-label=td_string!(locale, authenticator.qr)>
                    <path d=enrolment.qr_path />
                </svg>
            </a>
            <p>{td_string!(locale, authenticator.secret)}</p>
            <p class="secret">{enrolment.secret}</p>
            <form method="post" action="/settings/sign-in/app/confirm">
                <Field
                    name="code"
                    label=td_string!(locale, authenticator.first_code)
                    kind=Kind::CODE
                    problem=wrong
                />
                <button class="button">{td_string!(locale, authenticator.enrol_submit)}</button>
            </form>
            <a class="button button--quiet" href="/settings/sign-in">
                {td_string!(locale, kakao.to_settings)}
            </a>
        </section>
    }
    .into_any()
}
