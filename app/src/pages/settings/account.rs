//! The account itself: address, password, and what happened to it.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::accounts::{AccountView, Awaited, EventView};
use crate::backend::{self, answer, backend, current_user};
use crate::components::{Field, Kind, Notice};
use crate::context::{use_locale, use_page};
use crate::form::form_answer;
use crate::i18n::{Locale, td_string};
use crate::pages::code_field::CodeField;
use crate::pages::form_words::{address_problem, form_problem, password_problem};
use crate::pages::refusal::refused;
use crate::words::moment;

/// `/settings/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    let user = match current_user() {
        Ok(user) => user,
        Err(error) => return refused(error, "/settings/account"),
    };
    let (backend, headers) = (backend(), backend::headers());
    let found = async move {
        let account = answer(backend.account(user.id).await)?;
        // The new address that waits for its code.
        let awaited = answer(backend.awaited(Awaited::ChangeAddress, headers).await)?;
        Ok((account, awaited))
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match found.await {
                    Ok((account, awaited)) => view! { <Sections account awaited /> }.into_any(),
                    Err(error) => refused(error, "/settings/account"),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Sections(account: AccountView, #[prop(optional_no_strip)] awaited: Option<String>) -> impl IntoView {
    let locale = use_locale();
    let AccountView {
        email,
        has_password,
        events,
    } = account;
    let address = match awaited {
        Some(new) => view! { <AddressCode new /> }.into_any(),
        None => view! { <Address email=email.clone() /> }.into_any(),
    };
    let forms = if has_password {
        view! {
            {address}
            <Password />
        }
        .into_any()
    } else {
        view! { <NoPassword /> }.into_any()
    };
    view! {
        <Title text=td_string!(locale, account.title) />
        <section class="settings">
            <p class="settings__back"><a href="/settings">{td_string!(locale, settings.title)}</a></p>
            <h1>{td_string!(locale, account.title)}</h1>
            <p class="settings__lead">{email}</p>
            {forms}
            <Data />
            <Events events />
        </section>
    }
}

#[component]
fn Address(email: String) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("address");
    let done = words
        .what_is_done()
        .map(|_| td_string!(locale, account.address_changed));
    view! {
        <section class="settings__part" id="address">
            <h2>{td_string!(locale, account.address)}</h2>
            <Notice done problem=words.problem_of("form").map(|reason| form_problem(locale, reason)) />
            <form method="post" action="/settings/account/address">
                <Field
                    name="new-address"
                    label=td_string!(locale, account.new_address)
                    kind=Kind::of("email", "email")
                    hint=Some(td_string!(locale, account.address_hint))
                    value=words.value_of("new-address").map(str::to_owned)
                    problem=words.problem_of("new-address").map(|reason| address_problem(locale, reason))
                />
                <input type="hidden" autocomplete="username" value=email />
                <Field
                    name="address-password"
                    label=td_string!(locale, account.present_password)
                    kind=Kind::PASSWORD
                    problem=words.problem_of("address-password").map(|reason| password_problem(locale, reason))
                />
                <button class="button">{td_string!(locale, account.change_address)}</button>
            </form>
        </section>
    }
}

#[component]
fn AddressCode(new: String) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("address");
    let done = words.what_is_done().map(|_| td_string!(locale, verify.sent_again));
    let problem = words.problem_of("form").map(|reason| form_problem(locale, reason));
    view! {
        <section class="settings__part" id="address">
            <h2>{td_string!(locale, account.address)}</h2>
            <p class="settings__lead">{td_string!(locale, verify.lead, email = new)}</p>
            <Notice done problem />
            <form method="post" action="/settings/account/address/code">
                <CodeField words />
                <button class="button">{td_string!(locale, account.change_address)}</button>
            </form>
            <form method="post" action="/settings/account/address/stop">
                <button class="button button--quiet">{td_string!(locale, account.keep_address)}</button>
            </form>
        </section>
    }
}

#[component]
fn Password() -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("password");
    let done = words
        .what_is_done()
        .map(|_| td_string!(locale, account.password_changed));
    view! {
        <section class="settings__part" id="password">
            <h2>{td_string!(locale, sign_in.password)}</h2>
            <Notice done problem=words.problem_of("form").map(|reason| form_problem(locale, reason)) />
            <form method="post" action="/settings/account/password">
                <Field
                    name="present-password"
                    label=td_string!(locale, account.present_password)
                    kind=Kind::PASSWORD
                    problem=words.problem_of("present-password").map(|reason| password_problem(locale, reason))
                />
                <Field
                    name="new-password"
                    label=td_string!(locale, account.new_password)
                    kind=Kind::NEW_PASSWORD
                    hint=Some(td_string!(locale, account.password_hint))
                    problem=words.problem_of("new-password").map(|reason| password_problem(locale, reason))
                />
                <button class="button">{td_string!(locale, account.change_password)}</button>
            </form>
        </section>
    }
}

/// Who signs in in another way proves the address first, by choosing a password.
#[component]
fn NoPassword() -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="settings__part" id="password">
            <h2>{td_string!(locale, sign_in.password)}</h2>
            <p class="settings__lead">{td_string!(locale, account.no_password)}</p>
            <a class="button" href="/forgot-password">{td_string!(locale, account.choose_password)}</a>
        </section>
    }
}

/// A copy to take along, and the way out.
#[component]
fn Data() -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("data");
    view! {
        <section class="settings__part" id="data">
            <h2>{td_string!(locale, data.title)}</h2>
            <p class="settings__lead">{td_string!(locale, data.lead)}</p>
            <Notice problem=words.problem_of("form").map(|reason| form_problem(locale, reason)) />
            <a class="button button--quiet" href="/settings/account/export" download rel="external">
                {td_string!(locale, data.export)}
            </a>
            <p class="settings__aside">
                <a href="/settings/account/delete">{td_string!(locale, farewell.title)}</a>
            </p>
        </section>
    }
}

#[component]
fn Events(events: Vec<EventView>) -> impl IntoView {
    let locale = use_locale();
    let now = use_page().served_at;
    let rows = events.into_iter().map(|event| {
        let EventView {
            at,
            local,
            action,
            device,
            ip,
            detail,
        } = event;
        let how = detail.map(|detail| detail_words(locale, detail)).unwrap_or_default();
        let from = [device, ip, how];
        let from: Vec<_> = from.into_iter().filter(|part| !part.is_empty()).collect();
        view! {
            <li class="events__item">
                <time datetime=moment::iso_utc(at)>{moment::clock(locale, &local, at, now)}</time>
                <div>
                    <strong>{action_words(locale, &action)}</strong>
                    <p>{from.join(" · ")}</p>
                </div>
            </li>
        }
    });
    view! {
        <section class="settings__part">
            <h2>{td_string!(locale, events.title)}</h2>
            <p class="settings__lead">{td_string!(locale, events.lead)}</p>
            <ol class="events">{rows.collect_view()}</ol>
        </section>
    }
}

/// By which way somebody came in, in words; whatever else there is to say of an event stays as it is.
fn detail_words(locale: Locale, detail: String) -> String {
    let words = match detail.as_str() {
        "password" => td_string!(locale, events.by_password),
        "mail-code" => td_string!(locale, events.by_mail_code),
        "kakao" => td_string!(locale, events.by_kakao),
        "passkey" => td_string!(locale, events.by_passkey),
        _ => return detail,
    };
    words.to_owned()
}

/// What was done, in words; an action that a newer version wrote is named as it is.
fn action_words(locale: Locale, action: &str) -> String {
    let words = match action {
        "signed-up" => td_string!(locale, events.signed_up),
        "signed-in" => td_string!(locale, events.signed_in),
        "sign-in-failed" => td_string!(locale, events.sign_in_failed),
        "signed-out" => td_string!(locale, events.signed_out),
        "session-ended" => td_string!(locale, events.session_ended),
        "sessions-ended" => td_string!(locale, events.sessions_ended),
        "session-reused" => td_string!(locale, events.session_reused),
        "password-forgotten" => td_string!(locale, events.password_forgotten),
        "password-reset" => td_string!(locale, events.password_reset),
        "password-changed" => td_string!(locale, events.password_changed),
        "address-change-asked" => td_string!(locale, events.address_change_asked),
        "address-changed" => td_string!(locale, events.address_changed),
        "family-changed" => td_string!(locale, events.family_changed),
        "sign-in-way-changed" => td_string!(locale, events.sign_in_way_changed),
        "device-commanded" => td_string!(locale, events.device_commanded),
        "token-created" => td_string!(locale, events.token_created),
        "token-revoked" => td_string!(locale, events.token_revoked),
        "data-exported" => td_string!(locale, events.data_exported),
        other => return other.to_owned(),
    };
    words.to_owned()
}
