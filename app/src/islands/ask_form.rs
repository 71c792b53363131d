//! A form whose answer appears on the page it is on. Without script it is a form like any other.

use leptos::prelude::*;

use crate::context::Rooms;
use crate::platform;

/// Sends itself by script: the page stays, is renewed, and says what became of it.
#[island]
pub fn AskForm(
    /// Where it is sent, unless the button that is pressed says otherwise.
    action: String,
    /// If nobody answers at all.
    trouble: String,
    /// Its buttons.
    children: Children,
) -> impl IntoView {
    let (is_busy, is_lost) = (RwSignal::new(false), RwSignal::new(false));
    let rooms = use_context::<Rooms>();
    let send = move |event| platform::send_form(&event, rooms, is_busy, is_lost);
    view! {
        <form method="post" class="ask" action=action aria-busy=move || is_busy.get().to_string() on:submit=send>
            {children()}
            <p class="ask__trouble" role="alert" hidden=move || !is_lost.get()>
                {trouble}
            </p>
        </form>
    }
}
