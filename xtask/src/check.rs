//! `cargo xtask check`: what one wants to know every few minutes. Under a minute when little has changed.

use std::process::Command;

use anyhow::Result;

use crate::command;
use crate::setup;
use crate::steps::Steps;
use crate::tools::Tools;

/// The crates that run on this machine. `frontend` is only ever built for the browser.
pub const NATIVE: [&str; 8] = [
    "domain",
    "app",
    "server",
    "device",
    "portal",
    "simulator",
    "xtask",
    "bench",
];

/// Format, and lints for both targets.
pub fn style(steps: &mut Steps, tools: &Tools) {
    steps.attempt("format", || {
        command::run(tools.cargo().args(["fmt", "--all", "--check"]))
    });
    steps.attempt("lints: native", || {
        command::run(denying_warnings(
            native(tools.cargo().arg("clippy")).arg("--all-targets"),
        ))
    });
    steps.attempt("lints: browser", || {
        let arguments = ["clippy", "--package=frontend", "--target=wasm32-unknown-unknown"];
        command::run(denying_warnings(tools.cargo().args(arguments)))
    });
}

/// The whole command.
///
/// # Errors
/// If any step fails.
pub fn run(mut tools: Tools) -> Result<()> {
    let mut steps = Steps::new();
    setup::for_checks(&mut steps, &mut tools)?;
    style(&mut steps, &tools);
    steps.attempt("unit tests", || {
        let mut cargo = tools.cargo();
        cargo.args([
            "test",
            "--quiet",
            "--package=domain",
            "--package=device",
            "--package=portal",
            "--package=app",
            "--features=app/ssr",
        ]);
        command::run(&mut cargo)
    });
    steps.finish("check")
}

/// Selects every native crate, and the half of `app` that the server uses.
pub fn native(cargo: &mut Command) -> &mut Command {
    for package in NATIVE {
        cargo.arg(format!("--package={package}"));
    }
    cargo.arg("--features=app/ssr")
}

fn denying_warnings(cargo: &mut Command) -> &mut Command {
    cargo.args(["--quiet", "--", "-Dwarnings"])
}
