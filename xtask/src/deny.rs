//! Who may depend on whom, which licences come in, and which known holes are open.

use std::time::Duration;

use anyhow::Result;

use crate::command;
use crate::tools::Tools;

/// The list of known holes is fetched from the network; a test does not wait longer for it.
const PATIENCE: Duration = Duration::from_mins(1);

/// Layers, licences and sources must hold. Advisories are told where their list can be fetched: a hole that somebody
/// found today is news about yesterday's code, not a mistake in this change.
///
/// # Errors
/// If a rule of `deny.toml` is broken.
pub fn check(tools: &Tools) -> Result<()> {
    let deny = |arguments: &[&str]| {
        let mut deny = tools.command("cargo-deny");
        // `server` is wrapped by "nobody", who indeed is not there.
        deny.args(["--workspace", "check", "--allow=unused-wrapper"])
            .args(arguments);
        command::run(&mut deny)
    };
    deny(&["bans", "licenses", "sources"])?;
    let mut fetch = tools.command("cargo-deny");
    if let Err(error) = command::run_within(PATIENCE, fetch.args(["fetch", "db"])) {
        println!("  advisories: NOT checked, their database cannot be reached from here ({error:#})");
    } else if let Err(error) = deny(&["advisories"]) {
        println!("  advisories: please look at the above ({error:#})");
    }
    Ok(())
}
