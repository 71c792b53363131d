//! The server's side: the circumstances of a page come from the request, and nothing moves.

mod languages;
mod request;

use leptos::html::Div;
use leptos::prelude::{NodeRef, RwSignal};

use crate::context::{Clock, Live};

pub use crate::backend::set_status;
pub use request::{leave_for_sign_in, page};

/// A rendered page stands still.
pub const fn start_clock(_: Clock) {}

/// A rendered page hears nothing.
pub const fn connect(_: Live) {}

/// A rendered page has its still chart.
pub const fn draw_chart(_: NodeRef<Div>, _: RwSignal<Option<String>>, _: RwSignal<bool>) {}
