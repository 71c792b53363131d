//! Asking somebody in, and who was asked already.

use leptos::prelude::*;

use crate::api::family::{InviteView, RoleView};
use crate::context::{use_locale, use_page};
use crate::form::form_answer;
use crate::i18n::td_string;
use crate::pages::family_words::{role_name, role_rights};
use crate::words::moment;

#[component]
pub fn Invites(household: i64, invites: Vec<InviteView>) -> impl IntoView {
    let locale = use_locale();
    let waiting = (!invites.is_empty()).then(|| {
        let list = invites.into_iter().map(|invite| view! { <Waiting household invite /> });
        view! {
            <h3>{td_string!(locale, family.waiting)}</h3>
            <ul class="family__people">{list.collect_view()}</ul>
        }
    });
    view! {
        {waiting}
        <h3>{td_string!(locale, family.invite_title)}</h3>
        <InviteForm household />
    }
}

#[component]
fn Waiting(household: i64, invite: InviteView) -> impl IntoView {
    let locale = use_locale();
    let until = moment::clock(locale, &invite.until_local, invite.until, use_page().served_at);
    let name = td_string!(locale, family.withdraw_of, email = invite.email.clone());
    view! {
        <li class="family__person">
            <div>
                <strong class="family__email">{invite.email}</strong>
                <p>{role_name(locale, invite.role)} " · " {td_string!(locale, family.until, moment = until)}</p>
            </div>
            <form method="post" action="/settings/family/invite/withdraw">
                <input type="hidden" name="household" value=household.to_string() />
                <input type="hidden" name="invite" value=invite.id.to_string() />
                <button class="button button--quiet" aria-label=name>{td_string!(locale, family.withdraw)}</button>
            </form>
        </li>
    }
}

/// One per household, so its boxes carry the household in their ids.
#[component]
fn InviteForm(household: i64) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("family");
    let wrong = words.problem_of("email").is_some();
    let (email, hint) = (format!("email-{household}"), format!("email-{household}-hint"));
    let problem = format!("email-{household}-problem");
    let described = if wrong {
        format!("{hint} {problem}")
    } else {
        hint.clone()
    };
    view! {
        <form method="post" action="/settings/family/invite" class="family__invite">
            <input type="hidden" name="household" value=household.to_string() />
            <div class="field">
                <label for=email.clone()>{td_string!(locale, family.email)}</label>
                <input
                    id=email
                    name="email"
                    type="email"
                    autocomplete="off"
                    autocapitalize="none"
                    required
                    value=words.value_of("email").map(str::to_owned)
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=described
                />
                <p class="field__hint" id=hint>{td_string!(locale, family.invite_hint)}</p>
                {wrong
                    .then(|| {
                        view! {
                            <p class="field__problem" id=problem role="alert">
                                {td_string!(locale, family.address_wrong)}
                            </p>
                        }
                    })}
            </div>
            <fieldset class="family__roles">
                <legend>{td_string!(locale, family.role)}</legend>
                {choice("member", RoleView::Member, true)} {choice("viewer", RoleView::Viewer, false)}
            </fieldset>
            <button class="button">{td_string!(locale, family.invite)}</button>
        </form>
    }
}

fn choice(value: &'static str, role: RoleView, checked: bool) -> AnyView {
    let locale = use_locale();
    view! {
        <label class="family__role">
            <input type="radio" name="role" value=value checked=checked />
            <span>
                <strong>{role_name(locale, role)}</strong>
                <small>{role_rights(locale, role)}</small>
            </span>
        </label>
    }
    .into_any()
}
