//! Everybody who belongs to a household, and what its owner may make of them.

use leptos::prelude::*;

use crate::api::family::{MemberView, RoleView};
use crate::context::use_locale;
use crate::i18n::td_string;
use crate::pages::family_words::{role_name, role_rights};

#[component]
pub fn People(
    household: i64,
    members: Vec<MemberView>,
    /// Whether whoever looks is an owner.
    owns: bool,
) -> impl IntoView {
    let people = members
        .into_iter()
        .map(|member| view! { <Person household member owns /> });
    view! { <ul class="family__people">{people.collect_view()}</ul> }
}

#[component]
fn Person(household: i64, member: MemberView, owns: bool) -> impl IntoView {
    let locale = use_locale();
    let you = member
        .is_asker
        .then(|| view! { <span class="family__you">{td_string!(locale, family.you)}</span> });
    let choices = (owns && !member.is_asker).then(|| choices(household, &member));
    view! {
        <li class="family__person">
            <div>
                <strong class="family__email">{member.email}</strong>
                {you}
                <p>{role_name(locale, member.role)} " · " {role_rights(locale, member.role)}</p>
            </div>
            {choices}
        </li>
    }
}

/// The other roles, and the way out.
fn choices(household: i64, member: &MemberView) -> AnyView {
    let locale = use_locale();
    let email = || member.email.clone();
    let other = match member.role {
        RoleView::Viewer | RoleView::Owner => (RoleView::Member, "member"),
        RoleView::Member => (RoleView::Viewer, "viewer"),
    };
    let role = role_name(locale, other.0);
    let hand_over = (member.role != RoleView::Owner).then(|| {
        let name = td_string!(locale, family.hand_over_of, email = email());
        act(
            household,
            member.user,
            "hand-over",
            None,
            td_string!(locale, family.hand_over),
            name,
        )
    });
    view! {
        <div class="family__choices">
            {act(
                household,
                member.user,
                "role",
                Some(other.1),
                td_string!(locale, family.make, role = role),
                td_string!(locale, family.make_of, email = email(), role = role),
            )}
            {hand_over}
            {act(
                household,
                member.user,
                "remove",
                None,
                td_string!(locale, family.remove),
                td_string!(locale, family.remove_of, email = email()),
            )}
        </div>
    }
    .into_any()
}

/// One button that does one thing with one person; `name` says with whom, for those who do not see the row.
fn act(
    household: i64,
    user: i64,
    path: &str,
    role: Option<&'static str>,
    label: impl IntoView + 'static,
    name: String,
) -> AnyView {
    view! {
        <form method="post" action=format!("/settings/family/{path}")>
            <input type="hidden" name="household" value=household.to_string() />
            <input type="hidden" name="user" value=user.to_string() />
            {role.map(|role| view! { <input type="hidden" name="role" value=role /> })}
            <button class="button button--quiet" aria-label=name>{label}</button>
        </form>
    }
    .into_any()
}
