//! The state of the live socket, for the page to tell.

use leptos::prelude::*;

/// Whether readings stream in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not needed, or the page runs without script.
    Idle,
    /// Opening for the first time.
    Connecting,
    /// Readings arrive as they are stored.
    Open,
    /// It was there or could not be reached; the next attempt is planned.
    Lost,
}

/// The state of this page's socket.
pub fn use_link() -> RwSignal<Link> {
    expect_context()
}
