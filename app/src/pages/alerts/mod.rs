//! Alerts: the rules of a room, what happened, and the button that a letter leads to.

mod acknowledge;
mod filled;
mod item;
mod log;
mod rule_form;
mod rules;

pub use acknowledge::AcknowledgePage;
pub use log::AlertsPage;
pub use rules::RulesPage;
