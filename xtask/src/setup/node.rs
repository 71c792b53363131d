//! What comes from npm: the optimiser for WebAssembly, the charts, the browser tests.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command;
use crate::tools::Tools;

/// The package that holds `wasm-opt`.
const BINARYEN: &str = "binaryen@132.0.0";

/// `wasm-opt` on the tools' path.
///
/// # Errors
/// If npm is missing or cannot install it.
pub fn ensure_wasm_opt(tools: &Tools) -> Result<()> {
    let folder = tools.workspace.cache.join("npm");
    when_changed(&folder.join("node_modules/.templog"), BINARYEN, || {
        println!("  npm install {BINARYEN}");
        fs::create_dir_all(&folder)?;
        let mut npm = npm(tools)?;
        command::run(
            npm.args(["install", "--loglevel=error", "--prefix"])
                .arg(&folder)
                .arg(BINARYEN),
        )
    })
}

/// The chart library, bundled into `public/`, where the site build picks it up.
///
/// # Errors
/// If npm is missing, or the bundle cannot be made.
pub fn ensure_echarts(tools: &Tools) -> Result<()> {
    install_packages(tools, "frontend")?;
    let root = &tools.workspace.root;
    let bundle = root.join("public/echarts.min.js");
    let mut inputs = String::new();
    for file in ["package.json", "package-lock.json", "echarts.js"] {
        inputs += &fs::read_to_string(root.join("frontend").join(file))?;
    }
    let stamp = root.join("frontend/node_modules/.templog-bundle");
    if !bundle.exists() && stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    when_changed(&stamp, &inputs, || {
        println!("  bundling public/echarts.min.js");
        fs::create_dir_all(root.join("public"))?;
        let mut npm = npm(tools)?;
        command::run(
            npm.args(["run", "--silent", "build"])
                .current_dir(root.join("frontend")),
        )
    })
}

/// Installs the packages that a folder's lock file names.
///
/// # Errors
/// If npm is missing or cannot install them.
pub fn install_packages(tools: &Tools, folder: &str) -> Result<()> {
    let folder = tools.workspace.root.join(folder);
    let lock = fs::read_to_string(folder.join("package-lock.json")).context("there is no package-lock.json")?;
    when_changed(&folder.join("node_modules/.templog"), &lock, || {
        println!("  npm ci");
        let mut npm = npm(tools)?;
        // The browser comes from the system, never from the test library's download servers.
        command::run(
            npm.args(["ci", "--loglevel=error"])
                .current_dir(&folder)
                .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
        )
    })
}

/// Does the work unless `stamp` says that it was already done for the same input.
fn when_changed(stamp: &Path, input: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    if fs::read_to_string(stamp).is_ok_and(|done| done == input) {
        return Ok(());
    }
    work()?;
    fs::write(stamp, input).with_context(|| format!("cannot write {}", stamp.display()))
}

/// `npm`, if Node.js is there and young enough for the browser tests.
fn npm(tools: &Tools) -> Result<Command> {
    let said = command::output(tools.command("node").arg("--version")).unwrap_or_default();
    if major(&said) < Some(20) {
        bail!("please install Node.js 20 or later (found: {:?})", said.trim());
    }
    Ok(tools.command("npm"))
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_once_per_input_and_again_after_a_failure() {
        let stamp = std::env::temp_dir().join(format!("templog-stamp-{}", std::process::id()));
        let mut done = 0;
        assert!(when_changed(&stamp, "a", || bail!("no network")).is_err());
        for input in ["a", "a", "b"] {
            when_changed(&stamp, input, || {
                done += 1;
                Ok(())
            })
            .unwrap();
        }
        assert_eq!(done, 2);
        fs::remove_file(stamp).unwrap();
    }

    #[test]
    fn an_old_or_missing_node_is_noticed() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert!(major("v18.0.0") < Some(20));
        assert!(major("") < Some(20));
    }
}
