//! Line icons, drawn in the colour of the text around them. Words always say the same beside them.

use leptos::prelude::*;

use crate::words::status::Level;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// All is well.
    Check,
    /// Look here.
    Exclamation,
    /// Danger.
    Triangle,
    /// Waiting.
    Dots,
    /// Warmer.
    Up,
    /// Colder.
    Down,
    /// No change.
    Level,
    /// Back.
    Back,
    /// Something is being replayed.
    Replay,
    /// To a file.
    Download,
    /// No connection.
    Broken,
    /// What was told.
    Bell,
    /// What can be set.
    Sliders,
}

impl Shape {
    /// The icon of a level.
    pub const fn of(level: Level) -> Self {
        match level {
            Level::Waiting => Self::Dots,
            Level::Calm => Self::Check,
            Level::Look => Self::Exclamation,
            Level::Danger => Self::Triangle,
        }
    }

    /// SVG path data in a 24 × 24 box.
    const fn path(self) -> &'static str {
        match self {
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::Exclamation => "M12 6v7.5M12 18h.01",
            Self::Triangle => "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2h.01",
            Self::Dots => "M5.5 12h.01M12 12h.01M18.5 12h.01",
            Self::Up => "M6 18 18 6M9 6h9v9",
            Self::Down => "M6 6l12 12M18 9v9H9",
            Self::Level => "M4 12h16M14 6l6 6-6 6",
            Self::Back => "M14.5 5.5 8 12l6.5 6.5",
            Self::Replay => "M4.5 5v5h5M5 10a8 8 0 1 1-.6 4.5",
            Self::Download => "M12 4v11M7 10.5l5 5 5-5M5 20h14",
            Self::Bell => "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 21h4",
            Self::Sliders => {
                "M4 8h9m4 0h3M4 16h3m4 0h9M13 8a2 2 0 1 0 4 0 2 2 0 1 0-4 0M7 16a2 2 0 1 0 4 0 2 2 0 1 0-4 0"
            }
            Self::Broken => {
                "M4 4l16 16M8.5 15.5a5 5 0 0 1 5-1.4M5.5 12a9 9 0 0 1 4-2.3M18.5 12a9 9 0 0 0-4.6-2.4M12 19h.01"
            }
        }
    }
}

/// One icon, hidden from screen readers.
#[component]
pub fn Icon(
    /// What it shows.
    #[prop(into)]
    shape: Signal<Shape>,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2.2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=move || shape.get().path()></path>
        </svg>
    }
}
