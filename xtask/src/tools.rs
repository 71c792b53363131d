//! The surroundings every child command gets: the same compiler, our tools first, nothing of `cargo run` left over.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::command;
use crate::workspace::Workspace;

/// How to call the other programs.
#[derive(Debug, Clone)]
pub struct Tools {
    /// Where things are.
    pub workspace: Workspace,
    /// The rustup toolchain to use, if not the one that `cargo` would choose itself.
    pub toolchain: Option<String>,
    /// Folders searched before `PATH`.
    pub path: Vec<PathBuf>,
}

impl Tools {
    /// The tools as they are found, before any set-up.
    pub fn new(workspace: Workspace) -> Self {
        let path = vec![
            workspace.cache.join("tools/bin"),
            workspace.cache.join("npm/node_modules/.bin"),
        ];
        Self {
            workspace,
            toolchain: None,
            path,
        }
    }

    /// A command that runs in the checkout.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(
            self.find(program.as_ref())
                .unwrap_or_else(|| program.as_ref().to_owned()),
        );
        command
            .current_dir(&self.workspace.root)
            .env("PATH", self.search_path());
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(is_left_over) {
                command.env_remove(&name);
            }
        }
        if let Some(libraries) = env::var_os("LD_LIBRARY_PATH") {
            command.env("LD_LIBRARY_PATH", without_toolchains(&libraries));
        }
        if let Some(toolchain) = &self.toolchain {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        command
    }

    /// `cargo` with the chosen compiler.
    pub fn cargo(&self) -> Command {
        self.command("cargo")
    }

    /// Where cargo puts what it builds.
    ///
    /// # Errors
    /// If `cargo metadata` fails.
    pub fn target_directory(&self) -> Result<PathBuf> {
        let text = command::output(self.cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
        let metadata: Value = serde_json::from_str(&text)?;
        let folder = metadata["target_directory"]
            .as_str()
            .context("cargo metadata names no target directory")?;
        Ok(folder.into())
    }

    /// The full path of a program, as [`Tools::command`] would start it.
    pub fn find(&self, program: &Path) -> Option<PathBuf> {
        env::split_paths(&self.search_path())
            .map(|folder| folder.join(program))
            .find(|file| file.is_file())
    }

    fn search_path(&self) -> OsString {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let folders = self.path.iter().cloned().chain(env::split_paths(&inherited));
        env::join_paths(folders).unwrap_or(inherited)
    }
}

/// Variables that `cargo run` set for us and that would make an inner cargo rebuild, or run another compiler.
fn is_left_over(name: &str) -> bool {
    matches!(
        name,
        "CARGO" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE" | "OUT_DIR" | "RUST_RECURSION_COUNT"
    ) || ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_BIN_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// A library path without the folders of a compiler: Debian's rustc must not load rustup's libraries.
fn without_toolchains(libraries: &OsString) -> OsString {
    let kept = env::split_paths(libraries).filter(|folder| {
        let folder = folder.to_string_lossy();
        !["/toolchains/", "/rustlib/", "/debug", "/release"]
            .iter()
            .any(|part| folder.contains(part))
    });
    env::join_paths(kept).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_of_xtask_is_hidden_from_inner_builds_but_the_users_settings_are_not() {
        for name in ["CARGO", "CARGO_PKG_VERSION", "CARGO_MANIFEST_DIR", "OUT_DIR"] {
            assert!(is_left_over(name), "{name}");
        }
        for name in [
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_NET_OFFLINE",
            "CARGO_PROFILE_DEV_DEBUG",
            "PATH",
        ] {
            assert!(!is_left_over(name), "{name}");
        }
    }

    #[test]
    fn libraries_of_a_toolchain_are_not_handed_on() {
        let libraries = OsString::from("/opt/lib:/home/a/.rustup/toolchains/stable/lib:/b/target/debug/deps");
        assert_eq!(without_toolchains(&libraries), "/opt/lib");
    }
}
