//! Who looks after the home, what they may do, and who was asked.

mod invites;
mod people;

use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::family::{FamilyView, RoleView};
use crate::backend::{answer, backend, current_user};
use crate::components::Notice;
use crate::context::use_locale;
use crate::form::form_answer;
use crate::i18n::{Locale, td_string};
use crate::pages::family_words::problem;
use crate::pages::refusal::refused;
use invites::Invites;
use people::People;

/// `/settings/family`
#[component]
pub fn FamilyPage() -> impl IntoView {
    let user = match current_user() {
        Ok(user) => user,
        Err(error) => return refused(error, "/settings/family"),
    };
    let backend = backend();
    let families = async move { answer(backend.families(user.id).await) };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match families.await {
                    Ok(families) => view! { <Families families /> }.into_any(),
                    Err(error) => refused(error, "/settings/family"),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Families(families: Vec<FamilyView>) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("family");
    let none = families.is_empty();
    let families = families.into_iter().map(|family| view! { <Family family /> });
    view! {
        <Title text=td_string!(locale, family.title) />
        <section class="settings">
            <p class="settings__back"><a href="/settings">{td_string!(locale, settings.title)}</a></p>
            <h1>{td_string!(locale, family.title)}</h1>
            <p class="settings__lead">{td_string!(locale, family.lead)}</p>
            <Notice
                done=words.what_is_done().map(|what| done(locale, what))
                problem=words.problem_of("form").map(|reason| problem(locale, reason))
            />
            {families.collect_view()}
            {none.then(|| view! { <p>{td_string!(locale, family.none)}</p> })}
        </section>
    }
}

#[component]
fn Family(family: FamilyView) -> impl IntoView {
    let locale = use_locale();
    let FamilyView {
        household,
        name,
        role,
        members,
        invites,
    } = family;
    let label = name.clone();
    let owns = role == RoleView::Owner;
    let owners = members.iter().filter(|member| member.role == RoleView::Owner).count();
    let may_leave = !owns || owners > 1;
    view! {
        <section class="family" aria-label=label>
            <h2>{name}</h2>
            <People household members owns />
            {owns.then(|| view! { <Invites household invites /> })}
            {may_leave
                .then(|| {
                    view! {
                        <form method="post" action="/settings/family/leave">
                            <input type="hidden" name="household" value=household.to_string() />
                            <button class="button button--quiet">{td_string!(locale, family.leave)}</button>
                        </form>
                    }
                })}
        </section>
    }
}

fn done(locale: Locale, what: &str) -> &'static str {
    match what {
        "invited" => td_string!(locale, family.invited),
        "withdrawn" => td_string!(locale, family.withdrawn),
        "handed-over" => td_string!(locale, family.handed_over),
        "removed" => td_string!(locale, family.removed),
        "left" => td_string!(locale, family.left),
        "joined" => td_string!(locale, family.joined),
        _ => td_string!(locale, family.changed),
    }
}
