//! The parts pages are made of. Each takes plain props; each has a style sheet of its name.
#![expect(
    clippy::needless_pass_by_value,
    reason = "components own their props, whether they consume them or not"
)]

mod band_plot;
mod daily_chart;
mod day_table;
mod demo_banner;
mod downloads;
mod empty_home;
mod footer;
mod freshness;
mod header;
mod icon;
mod plot;
mod reading_now;
mod room_card;
mod segmented;
mod skeleton;
mod slot_table;
mod sparkline;
mod status_line;
mod today_line;
mod trend_mark;
mod trouble;

pub use daily_chart::DailyChart;
pub use day_table::DayTable;
pub use demo_banner::DemoBanner;
pub use downloads::Downloads;
pub use empty_home::EmptyHome;
pub use footer::Footer;
pub use freshness::Freshness;
pub use header::Header;
pub use icon::{Icon, Shape};
pub use reading_now::ReadingNow;
pub use room_card::RoomCardView;
pub use segmented::{Segment, Segmented};
pub use skeleton::Skeleton;
pub use slot_table::SlotTable;
pub use status_line::StatusLine;
pub use today_line::TodayLine;
pub use trend_mark::TrendMark;
pub use trouble::Trouble;
