//! What every component may ask for: the page it is on, the time, the rooms, and the state of the live socket.

mod clock;
mod course;
mod link;
mod page;
mod push;
mod rooms;

pub use clock::{Clock, use_clock};
pub use course::CourseItem;
pub use link::{Link, use_link};
pub use page::{Page, Theme, use_degrees, use_locale, use_page};
pub use push::PushHindrance;
pub use rooms::{LiveRoom, Reading, Rooms, use_rooms};

#[cfg(test)]
mod rooms_tests;
