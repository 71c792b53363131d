//! The page and the server, built together: one set of files for people, one for tests, never mixed up.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::command;
use crate::tools::Tools;

/// How it is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build, large to load: for the browser tests.
    Dev,
    /// What people get.
    Release,
}

/// What was built.
#[derive(Debug, Clone)]
pub struct Site {
    /// The server's program, `templog`.
    pub server: PathBuf,
    /// The files of the page.
    pub files: PathBuf,
    /// Where the other programs of the same profile are.
    pub programs: PathBuf,
}

/// Builds both.
///
/// # Errors
/// If the build fails.
pub fn build(tools: &Tools, profile: Profile) -> Result<Site> {
    let (folder, files) = match profile {
        Profile::Dev => ("debug", "target/site-test"),
        Profile::Release => ("release", "target/site"),
    };
    let mut leptos = tools.command("cargo-leptos");
    leptos
        .args(["leptos", "build", "--cargo-locked"])
        .env("LEPTOS_SITE_ROOT", files);
    if profile == Profile::Release {
        leptos.args(["--release", "--precompress"]);
    }
    command::run(&mut leptos)?;

    let programs = tools.target_directory()?.join(folder);
    let site = Site {
        server: programs.join("templog"),
        files: tools.workspace.root.join(files),
        programs,
    };
    for file in [&site.server, &site.files.join("pkg")] {
        if !file.exists() {
            bail!("the build left no {}", file.display());
        }
    }
    Ok(site)
}
