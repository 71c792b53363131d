//! `cargo xtask test`: everything a change must survive, on any machine, with nothing assumed to be running.

use std::path::Path;

use anyhow::Result;

use crate::check;
use crate::command;
use crate::deny;
use crate::firmware;
use crate::setup;
use crate::site::{self, Profile};
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
    steps.attempt("domain, device and portal without an operating system", || {
        needs_no_system(&bare_metal)
    });
    steps.attempt("build: firmware for the ESP32-C3", || firmware::build(&bare_metal));
    steps.attempt("layers, licences, sources", || deny::check(&tools));

    let built = steps.attempt("build: server and tests", || native_tests(&tools, &["--no-run"]));
    let page = steps.must("build: page", || site::build_page(&tools, Profile::Dev));
    if built {
        steps.attempt("tests: unit, property, real services", || native_tests(&tools, &[]));
    } else {
        steps.not_run("tests: unit, property, real services", "they were not built");
    }
    match page {
        Ok(page) if built => {
            steps.attempt("tests: browser", || browser(&tools, &page));
        }
        _ => steps.not_run("tests: browser", "there is no server or no page to open"),
    }
    steps.finish("test")
}

fn needs_no_system(tools: &Tools) -> Result<()> {
    let arguments = [
        "check",
        "--quiet",
        "--package=domain",
        "--package=device",
        "--package=portal",
        "--target=riscv32imc-unknown-none-elf",
    ];
    command::run(tools.cargo().args(arguments))
}

fn native_tests(tools: &Tools, arguments: &[&str]) -> Result<()> {
    let mut cargo = tools.cargo();
    cargo
        .args(["test", "--quiet", "--locked", "--no-fail-fast"])
        .args(arguments);
    command::run(check::native(&mut cargo))
}

/// Playwright drives a real Chromium against the very server that the other tests were built with.
fn browser(tools: &Tools, page: &Path) -> Result<()> {
    let server = tools.target_directory()?.join("debug/templog");
    let mut npm = tools.command("npm");
    npm.args(["test", "--silent"])
        .current_dir(tools.workspace.root.join("end2end"));
    command::run(npm.env("TEMPLOG_PROGRAM", server).env("TEMPLOG_SITE_DIR", page))
}
