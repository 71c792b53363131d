//! Keys for scripts: what there is, a new one, and how to take one back.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::tokens::TokenView;
use crate::backend::{answer, backend, current_user, visit};
use crate::components::{Field, Kind, Notice};
use crate::context::{use_locale, use_page};
use crate::form::form_answer;
use crate::i18n::td_string;
use crate::pages::refusal::refused;
use crate::words::moment;

const HERE: &str = "/settings/tokens";
/// As many as the server lets one person have.
const MOST: usize = 20;

/// `/settings/tokens`
#[component]
pub fn TokensPage() -> impl IntoView {
    let user = match current_user() {
        Ok(user) => user,
        Err(error) => return refused(error, HERE),
    };
    let (backend, step) = (backend(), visit().step.unwrap_or_default());
    let tokens = async move {
        let new = backend.take_new_token(step, user.id).await?;
        Ok((new, backend.tokens(user.id).await?))
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(tokens.await) {
                    Ok((new, tokens)) => view! { <Tokens new tokens /> }.into_any(),
                    Err(error) => refused(error, HERE),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Tokens(new: Option<String>, tokens: Vec<TokenView>) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("tokens");
    let done = words.what_is_done().map(|_| td_string!(locale, tokens.revoked));
    let problem = words.problem_of("form").map(|reason| match reason {
        "too-many" => td_string!(locale, tokens.too_many, most = MOST),
        _ => td_string!(locale, account.unavailable).to_owned(),
    });
    let new = new.map(|token| {
        view! {
            <section class="settings__part" role="status">
                <h2>{td_string!(locale, tokens.fresh)}</h2>
                <p><code class="token">{token}</code></p>
            </section>
        }
    });
    let list = if tokens.is_empty() {
        view! { <p class="settings__lead">{td_string!(locale, tokens.none)}</p> }.into_any()
    } else {
        let items = tokens.into_iter().map(|token| view! { <TokenItem token /> });
        view! { <ul class="sessions">{items.collect_view()}</ul> }.into_any()
    };
    view! {
        <Title text=td_string!(locale, tokens.title) />
        <section class="settings">
            <p class="settings__back"><a href="/settings">{td_string!(locale, settings.title)}</a></p>
            <h1>{td_string!(locale, tokens.title)}</h1>
            <p class="settings__lead">
                {td_string!(locale, tokens.lead)} " " <a href="/api">{td_string!(locale, tokens.api)}</a>
            </p>
            <Notice done />
            {problem.map(|problem| view! { <p class="notice notice--problem" role="alert">{problem}</p> })}
            {new}
            {list}
            <NewToken name=words.value_of("name").map(str::to_owned) wrong=words.problem_of("name").is_some() />
        </section>
    }
}

#[component]
fn TokenItem(token: TokenView) -> impl IntoView {
    let locale = use_locale();
    let now = use_page().served_at;
    let scope = if token.may_write {
        td_string!(locale, tokens.write)
    } else {
        td_string!(locale, tokens.read)
    };
    let created = moment::clock(locale, &token.created_local, token.created, now);
    let used = token.used.map_or_else(
        || td_string!(locale, tokens.unused).to_owned(),
        |(at, local)| td_string!(locale, tokens.used, moment = moment::clock(locale, &local, at, now)),
    );
    let label = td_string!(locale, tokens.revoke_this, name = token.name.clone());
    view! {
        <li class="sessions__item">
            <div>
                <strong>{token.name}</strong>
                <span class="sessions__current">{scope}</span>
                <p>{td_string!(locale, tokens.created, moment = created)}</p>
                <p>{used}</p>
            </div>
            <form method="post" action="/settings/tokens/revoke">
                <input type="hidden" name="id" value=token.id.to_string() />
                <button class="button button--quiet" aria-label=label>
                    {td_string!(locale, tokens.revoke)}
                </button>
            </form>
        </li>
    }
}

#[component]
fn NewToken(name: Option<String>, wrong: bool) -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="settings__part">
            <h2>{td_string!(locale, tokens.create)}</h2>
            <form method="post" action="/settings/tokens">
                <Field
                    name="name"
                    label=td_string!(locale, tokens.name)
                    kind=Kind::TEXT
                    hint=Some(td_string!(locale, tokens.name_hint))
                    value=name
                    problem=wrong.then(|| td_string!(locale, tokens.name_wrong))
                />
                <label class="scope">
                    {td_string!(locale, tokens.scope)}
                    <select name="scope">
                        <option value="read">{td_string!(locale, tokens.read)}</option>
                        <option value="write">{td_string!(locale, tokens.write)}</option>
                    </select>
                </label>
                <button class="button">{td_string!(locale, tokens.create)}</button>
            </form>
        </section>
    }
}
