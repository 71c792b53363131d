//! The parts of a page that live on in the browser, and the pieces they are made of. Everything else is
//! rendered by the server and stays as it is, so a phone downloads code for these alone.

mod ask_form;
mod chart;
mod course_chart;
mod freshness;
mod icon;
mod link_state;
mod passkey;
mod push_switch;
mod reading_now;
mod room_card;
mod room_now;
mod status_line;
mod trend_mark;

pub use ask_form::AskForm;
pub use chart::Chart;
pub use course_chart::CourseChart;
pub use freshness::{Freshness, measured};
pub use icon::{Icon, Shape};
pub use link_state::LinkState;
pub use passkey::PasskeyButton;
pub use push_switch::{PushSwitch, PushWords};
pub use reading_now::ReadingNow;
pub use room_card::LiveCard;
pub use room_now::RoomNow;
pub use status_line::StatusLine;
pub use trend_mark::TrendMark;
