//! Waiting for something to become true, with an end.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::stopwatch::Stopwatch;

const PATIENCE: Duration = Duration::from_mins(2);

/// Polls until `ready` says so.
///
/// # Errors
/// After two minutes, or if `ready` fails.
pub fn until(what: &str, mut ready: impl FnMut() -> Result<bool>) -> Result<()> {
    let watch = Stopwatch::start();
    while !ready()? {
        if watch.elapsed() > PATIENCE {
            bail!("waited two minutes in vain: {what}");
        }
        sleep(Duration::from_millis(20));
    }
    Ok(())
}
