//! `cargo xtask bench`: each figure beside its ceiling, measured in the same run.

mod ingest;

use anyhow::{Result, bail};

use crate::setup;
use crate::steps::Steps;
use crate::tools::Tools;

/// What to call it, what it tells, and how it is measured.
type Bench = (&'static str, &'static str, fn(&Tools) -> Result<()>);

/// All there is to measure.
const BENCHES: &[Bench] = &[(
    "ingest",
    "what a reading costs, how many fit into a second, how soon a page shows one",
    ingest::run,
)];

/// Measures `name`, or lists what can be measured.
///
/// # Errors
/// If there is no such measurement, or it fails.
pub fn run(mut tools: Tools, name: Option<&str>) -> Result<()> {
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
    measure(&tools)
}
