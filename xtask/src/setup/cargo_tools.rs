//! Programs that come as crates, in exactly the version we build with, kept in our cache beside the user's own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command;
use crate::tools::Tools;
use crate::workspace::Workspace;

/// One program.
#[derive(Debug)]
pub struct CargoTool {
    package: &'static str,
    program: &'static str,
    version: String,
    purpose: &'static str,
}

impl CargoTool {
    /// Builds the page and the server together.
    pub fn leptos() -> Self {
        Self {
            package: "cargo-leptos",
            program: "cargo-leptos",
            version: "0.3.11".into(),
            purpose: "builds page and server together",
        }
    }

    /// Joins WebAssembly and JavaScript; refuses to work with another version of the library than its own.
    ///
    /// # Errors
    /// If `Cargo.lock` cannot be read.
    pub fn wasm_bindgen(workspace: &Workspace) -> Result<Self> {
        let version = workspace.locked_version("wasm-bindgen")?;
        Ok(Self {
            package: "wasm-bindgen-cli",
            program: "wasm-bindgen",
            version,
            purpose: "joins WebAssembly and JavaScript",
        })
    }

    /// Checks who depends on whom, and under which licence.
    pub fn deny() -> Self {
        Self {
            package: "cargo-deny",
            program: "cargo-deny",
            version: "0.20.2".into(),
            purpose: "checks dependencies and licences",
        }
    }

    /// What to call the step.
    pub fn title(&self) -> String {
        format!("{} {}: {}", self.program, self.version, self.purpose)
    }

    /// Whether the right version is on the path.
    pub fn is_there(&self, tools: &Tools) -> bool {
        let said = command::output(tools.command(self.program).arg("--version")).unwrap_or_default();
        says_version(&said, &self.version)
    }

    /// Installs it if it is not there.
    ///
    /// # Errors
    /// If neither a ready-made program nor its source can be installed.
    pub fn ensure(&self, tools: &Tools) -> Result<()> {
        if self.is_there(tools) {
            return Ok(());
        }
        if tools.find(Path::new("cargo-binstall")).is_some() && self.fetch(tools).is_ok() && self.is_there(tools) {
            return Ok(());
        }
        println!("  compiling {} {} (some minutes, once)", self.package, self.version);
        // One of them has pinned a dependency that a registry mirror did not have yet.
        self.compile(tools, true).or_else(|_| self.compile(tools, false))?;
        fs::remove_dir_all(build_folder(tools)).context("cannot tidy up")
    }

    fn fetch(&self, tools: &Tools) -> Result<()> {
        let wanted = format!("{}@{}", self.package, self.version);
        let mut binstall = tools.command("cargo-binstall");
        binstall
            .args(["--no-confirm", "--root"])
            .arg(tools.workspace.cache.join("tools"))
            .arg(wanted);
        command::run(&mut binstall)
    }

    fn compile(&self, tools: &Tools, locked: bool) -> Result<()> {
        let cache = &tools.workspace.cache;
        let mut cargo = tools.cargo();
        cargo.args([
            "install",
            "--quiet",
            self.package,
            "--version",
            &format!("={}", self.version),
        ]);
        cargo.arg("--root").arg(cache.join("tools"));
        if locked {
            cargo.arg("--locked");
        }
        // They do their job as well unoptimised, and are there three times sooner.
        cargo
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off");
        cargo
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "64")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
        cargo.env("CARGO_TARGET_DIR", build_folder(tools));
        command::run(&mut cargo)
    }
}

/// Where tools are compiled; gone when they are installed, there to go on from when that was interrupted.
fn build_folder(tools: &Tools) -> PathBuf {
    tools.workspace.cache.join("tools/target")
}

/// Whether `program 1.2.3 (…)` names this version.
fn says_version(said: &str, version: &str) -> bool {
    said.split_whitespace().nth(1) == Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exactly_the_wanted_version_will_do() {
        assert!(says_version("wasm-bindgen 0.2.130\n", "0.2.130"));
        assert!(says_version("cargo-leptos 0.3.11 (abc)", "0.3.11"));
        assert!(!says_version("wasm-bindgen 0.2.13", "0.2.130"));
        assert!(!says_version("", "0.2.130"));
    }
}
