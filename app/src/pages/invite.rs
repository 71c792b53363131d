//! What the link in an invitation opens: into which home, as what, and with which account.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

use super::family_words::{problem, role_rights};
use super::refusal::refused;
use crate::api::family::InvitationView;
use crate::backend::{answer, backend, current_user};
use crate::components::Notice;
use crate::context::use_locale;
use crate::form::form_answer;
use crate::i18n::td_string;

/// `/invite?token=…`. Whoever is not signed in comes back to it, also with a new account.
#[component]
pub fn InvitePage() -> impl IntoView {
    let token = use_query_map().get_untracked().get("token").unwrap_or_default();
    let here = format!("/invite?token={}", Url::escape(&token));
    let user = match current_user() {
        Ok(user) => user,
        Err(error) => return refused(error, &here),
    };
    let (backend, secret) = (backend(), token.clone());
    let invitation = async move { answer(backend.invitation(&secret).await) };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match invitation.await {
                    Ok(invitation) => view! { <Invitation invitation token email=user.email /> }.into_any(),
                    Err(error) => refused(error, &here),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Invitation(invitation: Option<InvitationView>, token: String, email: String) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("family");
    let gone = invitation.is_none().then(|| td_string!(locale, family.gone));
    let wrong = words.problem_of("form").map(|reason| problem(locale, reason));
    let form = invitation.map(|invitation| {
        view! {
            <p class="form-page__lead">
                {td_string!(locale, family.accept_lead, household = invitation.household)} " "
                {role_rights(locale, invitation.role)}
            </p>
            <form method="post" action="/invite">
                <input type="hidden" name="token" value=token />
                <p>{td_string!(locale, family.accept_as, email = email)}</p>
                <button class="button">{td_string!(locale, family.accept)}</button>
            </form>
        }
    });
    view! {
        <Title text=td_string!(locale, family.accept_title) />
        <section class="form-page">
            <h1>{td_string!(locale, family.accept_title)}</h1>
            <Notice problem=gone.or(wrong) />
            {form}
        </section>
    }
}
