//! A choice between a few views of the same thing: links, so it works without script and can be bookmarked.

use leptos::prelude::*;

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its name.
    pub name: &'static str,
    /// Where it leads.
    pub href: String,
    /// Whether it is the present one.
    pub chosen: bool,
}

/// Segments side by side.
#[component]
pub fn Segmented(
    /// What is chosen, for screen readers.
    label: &'static str,
    /// The choices.
    segments: Vec<Segment>,
) -> impl IntoView {
    let segment = |segment: Segment| {
        view! {
            <li>
                <a href=segment.href aria-current=segment.chosen.then_some("true")>
                    {segment.name}
                </a>
            </li>
        }
    };
    view! {
        <nav class="segmented" aria-label=label>
            <ul>{segments.into_iter().map(segment).collect_view()}</ul>
        </nav>
    }
}
