//! Numbers, moments and states as words: pure functions of a value and a language.

pub mod age;
#[cfg(feature = "ssr")]
pub mod check;
#[cfg(feature = "ssr")]
pub mod command;
#[cfg(feature = "ssr")]
pub mod coverage;
pub mod degrees;
#[cfg(feature = "ssr")]
pub mod history;
pub mod josa;
#[cfg(feature = "ssr")]
pub mod metric;
pub mod moment;
pub mod number;
#[cfg(feature = "ssr")]
pub mod rule;
pub mod status;

#[cfg(test)]
mod completeness;
