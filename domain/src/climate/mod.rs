//! Temperature, humidity and what they mean together for people and walls.

mod comfort;
mod moisture;
mod mould;
mod units;

pub use comfort::Comfort;
pub use moisture::{absolute_humidity, dew_point};
pub use mould::{MouldRisk, corner_humidity};
pub use units::{Celsius, OutOfRange, RelativeHumidity};
