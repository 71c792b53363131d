//! What a page looks like while its data is on the way: its shape, and nothing that turns.

use leptos::prelude::*;

/// Placeholder blocks of about the size of what comes.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            <div class="skeleton__line"></div>
            <div class="skeleton__card"></div>
            <div class="skeleton__card"></div>
        </div>
    }
}
