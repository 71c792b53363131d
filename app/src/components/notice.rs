//! What became of the form as a whole: done, or not accepted. Read out by screen readers as soon as the page is there.

use leptos::prelude::*;

/// One sentence above a form.
#[component]
pub fn Notice(
    /// What has been done.
    #[prop(optional_no_strip)]
    done: Option<&'static str>,
    /// What is wrong with the form as a whole.
    #[prop(optional_no_strip)]
    problem: Option<&'static str>,
) -> impl IntoView {
    view! {
        {done.map(|words| view! { <p class="notice" role="status">{words}</p> })}
        {problem.map(|words| view! { <p class="notice notice--problem" role="alert" id="problem">{words}</p> })}
    }
}
