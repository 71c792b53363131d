//! `cargo xtask bench`: each figure beside its ceiling, measured in the same run.

mod alert;
mod cluster;
mod crash;
mod figures;
mod history;
mod ingest;
mod reconnect;
mod web;

use anyhow::{Result, bail};

use crate::setup;
use crate::steps::Steps;
use crate::tools::Tools;

/// How much trouble to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// As often and as long as the figures are promised for.
    Full,
    /// Just enough to see that it works and where it stands.
    Quick,
}

/// What to call it, what it tells, and how it is measured.
type Bench = (&'static str, &'static str, fn(&Tools, Scale) -> Result<()>);

/// All there is to measure.
const BENCHES: &[Bench] = &[
    (
        "ingest",
        "what a reading costs, how many fit into a second, how soon a page shows one",
        ingest::run,
    ),
    (
        "history",
        "how long a year of the past takes to answer, and what exports cost the intake",
        history::run,
    ),
    (
        "alert",
        "how soon a reading that people want to be told of is told, in a storm too, and whatever is killed meanwhile",
        alert::run,
    ),
    (
        "web",
        "what a phone downloads, how fast pages are on it, how many the server writes",
        web::run,
    ),
    (
        "crash",
        "what is left of the readings that were told to be stored, when the server is killed again and again",
        crash::run,
    ),
    (
        "cluster",
        "how soon a cluster tells and overcomes that any of its parts is killed, and that nothing is lost",
        cluster::run,
    ),
    (
        "reconnect",
        "how soon ten thousand devices and as many open pages are back when the server is killed",
        reconnect::run,
    ),
];

/// Measures `name`, or lists what can be measured.
///
/// # Errors
/// If there is no such measurement, or it fails.
pub fn run(mut tools: Tools, name: Option<&str>, scale: Scale) -> Result<()> {
    let Some(name) = name else {
        for (name, purpose, _) in BENCHES {
            println!("{name:<12} {purpose}");
        }
        return Ok(());
    };
    let Some((_, _, measure)) = BENCHES.iter().find(|(known, ..)| *known == name) else {
        bail!("nothing called {name:?} can be measured; `cargo xtask bench` lists what can");
    };
    setup::for_benches(&mut Steps::new(), &mut tools)?;
    measure(&tools, scale)
}
