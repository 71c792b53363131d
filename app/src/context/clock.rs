//! One clock for the whole page: it stands still on the server and ticks once a second in the browser.

use leptos::prelude::*;

/// The page's clock, in the server's time.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    served_at: i64,
    /// Unix ms; `None` until the browser's first tick, so that the first render equals the server's.
    ticked: RwSignal<Option<i64>>,
}

impl Clock {
    /// A clock that stands at the moment the document was rendered.
    pub fn new(served_at: i64) -> Self {
        Self {
            served_at,
            ticked: RwSignal::new(None),
        }
    }

    /// The server's clock when it rendered the document, Unix ms.
    pub const fn served_at(self) -> i64 {
        self.served_at
    }

    /// Now, Unix ms; before the first tick the moment of rendering.
    pub fn now(self) -> i64 {
        self.ticked.get().unwrap_or(self.served_at)
    }

    /// The same for code that does not render.
    pub fn now_untracked(self) -> i64 {
        self.ticked.get_untracked().unwrap_or(self.served_at)
    }

    /// Whether it runs, so that ages may be told in seconds.
    pub fn runs(self) -> bool {
        self.ticked.read().is_some()
    }

    /// Moves the hands to `now`, Unix ms.
    pub fn tick(self, now: i64) {
        self.ticked.set(Some(now));
    }
}

/// The page's clock.
pub fn use_clock() -> Clock {
    expect_context()
}
