//! The page, the server and the simulator: one set of files for people, one for tests, never mixed up.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::command;
use crate::tools::Tools;

/// How the page is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build, large to load: for the browser tests.
    Dev,
    /// What people get: optimised, and compressed once instead of at every request.
    Release,
}

/// Builds the page; returns the folder of its files.
///
/// # Errors
/// If the build fails.
pub fn build_page(tools: &Tools, profile: Profile) -> Result<PathBuf> {
    let mut leptos = tools.command("cargo-leptos");
    leptos.args(["leptos", "build", "--frontend-only", "--cargo-locked"]);
    let folder = match profile {
        Profile::Dev => "target/site-test",
        Profile::Release => {
            leptos.args(["--release", "--precompress"]);
            "target/site"
        }
    };
    command::run(leptos.env("LEPTOS_SITE_ROOT", folder))?;
    let folder = tools.workspace.root.join(folder);
    if !folder.join("pkg").is_dir() {
        bail!("the build left no page in {}", folder.display());
    }
    Ok(folder)
}

/// Builds `templog` and `templog-simulator` as people run them; returns their folder.
///
/// # Errors
/// If the build fails.
pub fn build_programs(tools: &Tools) -> Result<PathBuf> {
    let arguments = [
        "build",
        "--release",
        "--locked",
        "--package=server",
        "--package=simulator",
    ];
    command::run(tools.cargo().args(arguments))?;
    Ok(tools.target_directory()?.join("release"))
}
