//! What every component may ask for: the page it is on, the time, and the live state of the rooms.

mod clock;
mod live;
mod page;
mod room;

pub use clock::{Clock, use_clock};
pub use live::{Latest, Link, Live, use_live};
pub use page::{Page, Theme, use_locale, use_page};
pub use room::{LiveRoom, Reading};
