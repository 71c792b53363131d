//! `cargo xtask test`: everything a change must survive, on any machine, with nothing assumed to be running.

use std::path::Path;

use anyhow::Result;

use crate::check;
use crate::command;
use crate::deny;
use crate::setup;
use crate::site::{self, Profile, Site};
use crate::steps::Steps;
use crate::tools::Tools;

/// The whole command. A failed step does not keep the independent ones from being tried.
///
/// # Errors
/// If any step fails.
pub fn run(mut tools: Tools) -> Result<()> {
    let mut steps = Steps::new();
    let bare_metal = setup::for_tests(&mut steps, &mut tools)?;
    check::style(&mut steps, &tools);
    steps.attempt("domain and device without an operating system", || {
        needs_no_system(&bare_metal)
    });
    steps.attempt("tests: unit, property, real services", || {
        command::run(check::native(tools.cargo().args(["test", "--no-fail-fast", "--quiet"])))
    });
    match steps.must("build: page and server", || site::build(&tools, Profile::Dev)) {
        Ok(site) => {
            steps.attempt("tests: browser", || browser(&tools, &site));
        }
        Err(_) => steps.not_run("tests: browser", "there is no page to open"),
    }
    steps.attempt("layers, licences, sources", || deny::check(&tools));
    steps.finish("test")
}

fn needs_no_system(tools: &Tools) -> Result<()> {
    let arguments = [
        "check",
        "--quiet",
        "--package=domain",
        "--package=device",
        "--target=riscv32imc-unknown-none-elf",
    ];
    command::run(tools.cargo().args(arguments))
}

/// Playwright drives a real Chromium against the server that was just built.
fn browser(tools: &Tools, site: &Site) -> Result<()> {
    let folder = tools.workspace.root.join("end2end");
    let mut playwright = tools.command(Path::new("node_modules/.bin/playwright"));
    playwright.arg("test").current_dir(&folder);
    playwright
        .env("TEMPLOG_PROGRAM", &site.server)
        .env("TEMPLOG_SITE_DIR", &site.files);
    command::run(&mut playwright)
}
