//! The server's side: the circumstances of a page come from the request, and nothing moves.

mod languages;
mod request;

use leptos::html::{Div, Form, Input};
use leptos::prelude::{NodeRef, RwSignal, Signal};
use web_sys::SubmitEvent;

use crate::context::{CourseItem, PushHindrance, Rooms};

pub use request::{locale_of, page};

/// A rendered page has its still chart.
pub fn draw_chart(_: NodeRef<Div>, _: String, _: RwSignal<bool>, _: Option<Signal<Option<CourseItem>>>) {}

/// A rendered page has only asked nobody yet.
pub fn ask_for_passkey(_: String, _: bool, _: NodeRef<Form>, _: NodeRef<Input>, _: RwSignal<bool>) {}

/// A rendered page sends its forms itself.
pub fn send_form(_: &SubmitEvent, _: Option<Rooms>, _: RwSignal<bool>, _: RwSignal<bool>) {}

/// Nothing is known of the browser yet.
pub const fn find_push_hindrance() -> Option<PushHindrance> {
    None
}

/// As [`ask_for_passkey`].
pub fn switch_push_on(
    _: String,
    _: NodeRef<Form>,
    _: [NodeRef<Input>; 3],
    _: RwSignal<Option<PushHindrance>>,
    _: RwSignal<bool>,
) {
}
