//! When people must be told: rules over what a device measures, and the memory each rule keeps between readings.
//!
//! [`step`] decides for one rule, [`observe`] for all rules of a device, whose sensor must be believable first. Both
//! are pure: the same readings give the same events, live, after a restart and in a preview of the past. A reading that
//! is not newer than the last one, or too old to be news, changes nothing; so nothing ever alarms twice or late.

mod change;
mod doubt;
mod limit;
mod preset;
mod rehearse;
mod rule;
mod silence;
mod state;
mod step;
mod trace;

pub use preset::Preset;
pub use rehearse::{Past, rehearse};
pub use rule::{Metric, Rule, Unfit};
pub use state::{Event, Phase, Point, State};
pub use step::{Input, Moment, due, observe, step};
