//! The parts of a page that the server draws and nothing changes afterwards. Each takes plain props; each has a
//! style sheet of its name. What lives on in the browser is in [`islands`](crate::islands).
#![expect(
    clippy::needless_pass_by_value,
    reason = "components own their props, whether they consume them or not"
)]

mod app_offers;
mod band_plot;
mod compare_table;
mod course_table;
mod day_table;
mod demo_banner;
mod downloads;
mod empty_home;
mod export_form;
mod field;
mod footer;
mod header;
mod kakao_button;
mod line_plot;
mod notice;
mod pattern;
mod plot;
mod released;
mod segmented;
mod showcase;
mod slot_table;
mod sparkline;
mod today_line;
mod trouble;
mod zone_field;

pub use app_offers::{InstallOffer, UpdateToast};
pub use band_plot::BandPlot;
pub use compare_table::CompareTable;
pub use course_table::CourseTable;
pub use day_table::DayTable;
pub use demo_banner::DemoBanner;
pub use downloads::Downloads;
pub use empty_home::EmptyHome;
pub use export_form::ExportForm;
pub use field::{Field, Kind};
pub use footer::Footer;
pub use header::Header;
pub use kakao_button::{KakaoButton, KakaoFace};
pub use line_plot::LinePlot;
pub use notice::Notice;
pub use pattern::Pattern;
pub use released::ReleasedDevices;
pub use segmented::{Segment, Segmented};
pub use showcase::Showcase;
pub use slot_table::SlotTable;
pub use sparkline::Sparkline;
pub use today_line::TodayLine;
pub use trouble::Trouble;
pub use zone_field::ZoneField;
