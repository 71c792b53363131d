//! What scripts may ask, for people who write them: made from the very description that programs read.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::operations::Operation;
use crate::backend::find_backend;
use crate::context::use_locale;
use crate::i18n::{Locale, td_string};

/// `/api`
#[component]
pub fn ApiPage() -> impl IntoView {
    let locale = use_locale();
    let operations = find_backend().map(|backend| backend.operations()).unwrap_or_default();
    let items = operations.into_iter().map(|operation| item(locale, operation));
    view! {
        <Title text=td_string!(locale, tokens.api_title) />
        <section class="operations">
            <h1 class="page-title">{td_string!(locale, tokens.api_title)}</h1>
            <p>
                {td_string!(locale, tokens.api_lead)} " "
                <a href="/api/v1/openapi.json" rel="external">"/api/v1/openapi.json"</a>
            </p>
            // The description itself is in English, whatever the language of the page.
            <div lang="en">{items.collect_view()}</div>
        </section>
    }
}

/// Erased, so that the compiler need not spell out the type of a whole page.
fn item(locale: Locale, operation: Operation) -> AnyView {
    let parameters = operation.parameters.into_iter().map(|parameter| {
        let name = if parameter.required {
            parameter.name
        } else {
            format!("[{}]", parameter.name)
        };
        view! { <div><dt><code>{name}</code></dt><dd>{parameter.text}</dd></div> }
    });
    let answers = operation.answers.into_iter();
    let answers =
        answers.map(|answer| view! { <div><dt><code>{answer.status}</code></dt><dd>{answer.text}</dd></div> });
    view! {
        <article class="panel operation">
            <h2><code>{operation.method}</code>" "<code>{operation.path}</code></h2>
            <p><strong>{operation.title}</strong></p>
            <p>{operation.text}</p>
            <details>
                <summary>{td_string!(locale, tokens.parameters)}" · "{td_string!(locale, tokens.answers)}</summary>
                <dl>{parameters.collect_view()}</dl>
                <dl>{answers.collect_view()}</dl>
            </details>
        </article>
    }
    .into_any()
}
