//! Where somebody is signed in, and how to end it.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::accounts::SessionView;
use crate::backend::{self, answer, backend, current_user};
use crate::components::Notice;
use crate::context::{use_locale, use_page};
use crate::form::form_answer;
use crate::i18n::td_string;
use crate::pages::form_words::form_problem;
use crate::pages::refusal::refused;
use crate::words::moment;

/// `/settings/sessions`
#[component]
pub fn SessionsPage() -> impl IntoView {
    let user = match current_user() {
        Ok(user) => user,
        Err(error) => return refused(error, "/settings/sessions"),
    };
    let (backend, headers) = (backend(), backend::headers());
    let sessions = async move { answer(backend.sessions(user.id, headers).await) };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match sessions.await {
                    Ok(sessions) => view! { <SessionList sessions /> }.into_any(),
                    Err(error) => refused(error, "/settings/sessions"),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn SessionList(sessions: Vec<SessionView>) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("sessions");
    let done = words.what_is_done().map(|_| td_string!(locale, sessions.ended));
    let others = sessions.iter().any(|session| !session.current);
    let list = sessions.into_iter().map(|session| view! { <SessionItem session /> });
    view! {
        <Title text=td_string!(locale, sessions.title) />
        <section class="settings">
            <p class="settings__back"><a href="/settings">{td_string!(locale, settings.title)}</a></p>
            <h1>{td_string!(locale, sessions.title)}</h1>
            <p class="settings__lead">{td_string!(locale, sessions.lead)}</p>
            <Notice done problem=words.problem_of("form").map(|reason| form_problem(locale, reason)) />
            <ul class="sessions">{list.collect_view()}</ul>
            {others
                .then(|| {
                    view! {
                        <form method="post" action="/settings/sessions/end-others">
                            <button class="button">{td_string!(locale, sessions.end_others)}</button>
                        </form>
                    }
                })}
        </section>
    }
}

#[component]
fn SessionItem(session: SessionView) -> impl IntoView {
    let locale = use_locale();
    let now = use_page().served_at;
    let device = session
        .device
        .clone()
        .unwrap_or_else(|| td_string!(locale, sessions.unknown).to_owned());
    let since = moment::clock(locale, &session.since_local, session.since, now);
    let used = moment::clock(locale, &session.used_local, session.used, now);
    let name = td_string!(locale, sessions.end_this, device = device.clone());
    view! {
        <li class="sessions__item">
            <div>
                <strong>{device}</strong>
                {session.current.then(|| view! { <span class="sessions__current">{td_string!(locale, sessions.current)}</span> })}
                <p>{td_string!(locale, sessions.since, moment = since, ip = session.ip)}</p>
                <p>{td_string!(locale, sessions.used, moment = used)}</p>
            </div>
            {(!session.current)
                .then(|| {
                    view! {
                        <form method="post" action="/settings/sessions/end">
                            <input type="hidden" name="session" value=session.id.to_string() />
                            <button class="button button--quiet" aria-label=name>
                                {td_string!(locale, sessions.end)}
                            </button>
                        </form>
                    }
                })}
        </li>
    }
}
