//! `/settings/account/delete`: what goes with an account, said before it goes.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::accounts::{EndingHome, FarewellView};
use crate::backend::{answer, backend, current_user, visit};
use crate::components::{Field, Kind, Notice};
use crate::context::use_locale;
use crate::form::form_answer;
use crate::i18n::{Locale, td_string};
use crate::pages::form_words::password_problem;
use crate::pages::refusal::refused;

const HERE: &str = "/settings/account/delete";

/// The page.
#[component]
pub fn FarewellPage() -> impl IntoView {
    let user = match current_user() {
        Ok(user) => user,
        Err(error) => return refused(error, HERE),
    };
    let (backend, session) = (backend(), visit().session);
    let found = async move { answer(backend.farewell(user.id, session).await) };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match found.await {
                    Ok(farewell) => view! { <Farewell farewell email=user.email.clone() /> }.into_any(),
                    Err(error) => refused(error, HERE),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Farewell(farewell: FarewellView, email: String) -> impl IntoView {
    let locale = use_locale();
    let homes = farewell
        .homes
        .iter()
        .map(|home| view! { <li>{ending(locale, home)}</li> });
    view! {
        <Title text=td_string!(locale, farewell.title) />
        <section class="settings">
            <p class="settings__back"><a href="/settings/account">{td_string!(locale, account.title)}</a></p>
            <h1>{td_string!(locale, farewell.title)}</h1>
            <p class="settings__lead">{td_string!(locale, farewell.lead, email = email.clone())}</p>
            <section class="settings__part">
                <ul class="settings__list">
                    <li>{td_string!(locale, farewell.account)}</li>
                    {homes.collect_view()}
                    <li>{td_string!(locale, farewell.shared)}</li>
                </ul>
                <p class="settings__lead">
                    {td_string!(locale, farewell.export_first)} " "
                    <a href="/settings/account/export">{td_string!(locale, data.export)}</a>
                </p>
                <FarewellForm farewell email />
            </section>
        </section>
    }
}

#[component]
fn FarewellForm(farewell: FarewellView, email: String) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("farewell");
    let problem = words.problem_of("form").map(|reason| form_problem(locale, reason));
    if !farewell.has_password && !farewell.fresh {
        return view! { <Notice problem=Some(td_string!(locale, farewell.stale)) /> }.into_any();
    }
    let password = farewell.has_password.then(|| {
        view! {
            <input type="hidden" autocomplete="username" value=email />
            <Field
                name="password"
                label=td_string!(locale, account.present_password)
                kind=Kind::PASSWORD
                problem=words.problem_of("password").map(|reason| password_problem(locale, reason))
            />
        }
    });
    view! {
        <Notice problem />
        <form method="post" action=HERE>
            {password}
            <button class="button button--danger">{td_string!(locale, farewell.submit)}</button>
        </form>
    }
    .into_any()
}

/// What ends with a home.
fn ending(locale: Locale, home: &EndingHome) -> String {
    let (name, devices) = (home.name.clone(), home.devices);
    if home.others == 0 {
        td_string!(locale, farewell.home, name = name, devices = devices).to_string()
    } else {
        td_string!(
            locale,
            farewell.home_of_others,
            name = name,
            devices = devices,
            others = home.others
        )
        .to_string()
    }
}

fn form_problem(locale: Locale, reason: &str) -> &'static str {
    match reason {
        "limited" => td_string!(locale, account.limited),
        "stale" => td_string!(locale, farewell.stale),
        _ => td_string!(locale, account.unavailable),
    }
}
