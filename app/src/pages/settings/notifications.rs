//! How a person wants to be told, and a test that shows whether it works.

use leptos::prelude::*;
use leptos_meta::Title;

use super::browsers::Browsers;
use crate::api::alerts::NotificationsView;
use crate::backend::{self, answer, backend, current_user};
use crate::components::Notice;
use crate::context::use_locale;
use crate::form::form_answer;
use crate::i18n::{Locale, td_string};
use crate::pages::refusal::refused;

const HERE: &str = "/settings/notifications";

/// `/settings/notifications`
#[component]
pub fn NotificationsPage() -> impl IntoView {
    let headers = backend::headers();
    let view = async move {
        let who = current_user()?.id;
        backend().notifications(who, headers).await
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(view.await) {
                    Ok(settings) => view! { <Notifications settings /> }.into_any(),
                    Err(error) => refused(error, HERE),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Notifications(settings: NotificationsView) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("notifications");
    let done = words.what_is_done().map(|what| done(locale, what));
    let problem = words.problem_of("form").map(|what| problem(locale, what));
    let failing = (problem.is_none() && settings.failing).then(|| td_string!(locale, notifications.failing));
    let (from, to) = settings
        .quiet
        .clone()
        .unwrap_or(("23:00".to_owned(), "07:00".to_owned()));
    let is_quiet = settings.quiet.is_some();
    view! {
        <Title text=td_string!(locale, notifications.title) />
        <section class="settings">
            <p class="settings__back">
                <a href="/settings">{td_string!(locale, settings.title)}</a>
            </p>
            <h1>{td_string!(locale, notifications.title)}</h1>
            <p class="settings__lead">{td_string!(locale, notifications.lead, email = settings.email)}</p>
            <Notice done problem=problem.or(failing) />
            <section class="settings__part">
                <h2>{td_string!(locale, notifications.how)}</h2>
                <form method="post" action=HERE>
                    {check("by_mail", td_string!(locale, notifications.by_mail), settings.ways.mail)}
                    {check("by_push", td_string!(locale, notifications.by_push), settings.ways.push)}
                    {check("quiet", td_string!(locale, notifications.quiet), is_quiet)}
                    <div class="times">
                        {time("from", td_string!(locale, notifications.from), from)}
                        {time("to", td_string!(locale, notifications.to), to)}
                    </div>
                    {check("danger_wakes", td_string!(locale, notifications.danger_wakes), settings.danger_wakes)}
                    <button class="button">{td_string!(locale, rules.save)}</button>
                </form>
            </section>
            <Browsers push_key=settings.push_key browsers=settings.browsers />
            <section class="settings__part">
                <h2>{td_string!(locale, notifications.test)}</h2>
                <form method="post" action=format!("{HERE}/test")>
                    <p>{td_string!(locale, notifications.test_lead)}</p>
                    <button class="button">{td_string!(locale, notifications.test_send)}</button>
                </form>
            </section>
        </section>
    }
}

fn check(name: &'static str, label: &'static str, is_on: bool) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" name=name value="on" checked=is_on />
            {label}
        </label>
    }
    .into_any()
}

fn time(name: &'static str, label: &'static str, value: String) -> AnyView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input id=name name=name type="time" value=value required=true />
        </div>
    }
    .into_any()
}

fn done(locale: Locale, what: &str) -> &'static str {
    match what {
        "sent" => td_string!(locale, notifications.test_sent),
        "queued" => td_string!(locale, notifications.test_queued),
        "push-on" => td_string!(locale, notifications.push_is_on),
        "push-off" => td_string!(locale, notifications.push_is_off),
        "push-sent" => td_string!(locale, notifications.push_sent),
        _ => td_string!(locale, notifications.saved),
    }
}

fn problem(locale: Locale, what: &str) -> &'static str {
    match what {
        "time" => td_string!(locale, notifications.time_wrong),
        "failed" => td_string!(locale, notifications.test_failed),
        "push-address" => td_string!(locale, notifications.push_address),
        "push-failed" => td_string!(locale, notifications.push_failed),
        "push-gone" => td_string!(locale, notifications.push_gone),
        "push-many" => td_string!(locale, notifications.push_many),
        "limited" => td_string!(locale, account.limited),
        _ => td_string!(locale, account.unavailable),
    }
}
