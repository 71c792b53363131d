//! A Rust compiler with the targets we need, proved by compiling something for each of them.
//!
//! The ordinary way is rustup. Where its servers cannot be reached, Debian's compiler is completed by `debian`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::debian;
use crate::command;
use crate::tools::Tools;

/// The oldest compiler that builds all of our tools (cargo-leptos asks for it), and the one fetched if yours is older.
const VERSION: (u32, u32, u32) = (1, 96, 0);
/// What rustup calls Debian's compiler once we linked it.
pub const LINKED: &str = "templog";
/// A machine that cannot reach rustup's servers may wait for them rather than be refused.
const PATIENCE: Duration = Duration::from_mins(4);

/// Something to compile for.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// As rustc calls it.
    pub name: &'static str,
    /// What of the standard library it has.
    pub libraries: &'static str,
    /// A program that compiles only with those libraries (and, for a `cdylib`, a linker) in place.
    probe: &'static str,
    crate_type: &'static str,
}

/// The browser.
pub const WASM: Target = Target {
    name: "wasm32-unknown-unknown",
    libraries: "std,panic_abort",
    probe: "#[unsafe(no_mangle)] pub extern \"C\" fn probe() -> u64 { std::env::args().count() as u64 }",
    crate_type: "cdylib",
};

/// A microcontroller: proves that `domain` and `device` need no operating system.
pub const BARE_METAL: Target = Target {
    name: "riscv32imc-unknown-none-elf",
    libraries: "core,alloc",
    probe: "#![no_std] extern crate alloc; pub fn probe() -> alloc::string::String { alloc::string::String::new() }",
    crate_type: "rlib",
};

/// Chooses a compiler that can build for all `targets`, and installs one if there is none.
///
/// # Errors
/// If none of the ways works here; the message says what was tried.
pub fn ensure(tools: &mut Tools, targets: &[Target]) -> Result<()> {
    let rustup = tools.find(Path::new("rustup")).is_some();
    if use_what_is_there(tools, targets, rustup) {
        return Ok(());
    }
    let by_rustup = if rustup {
        install_by_rustup(tools, targets)
    } else {
        Err(anyhow::anyhow!("there is no rustup"))
    };
    let Err(refusal) = by_rustup else {
        return Ok(());
    };
    println!("  rustup cannot provide it ({refusal:#}): completing Debian's compiler instead");
    debian::install(tools, targets)
        .context("neither rustup nor Debian's packages could provide the compiler")?;
    if use_what_is_there(tools, targets, rustup) {
        return Ok(());
    }
    tools.toolchain = rustup.then(|| LINKED.to_owned());
    fitness(tools, targets).context("Debian's compiler was installed, but does not do")
}

/// Sets the first compiler that is fit: the user's own, then those that an earlier set-up made.
fn use_what_is_there(tools: &mut Tools, targets: &[Target], rustup: bool) -> bool {
    if fitness(tools, targets).is_ok() {
        return true;
    }
    if rustup {
        for name in [LINKED.to_owned(), pinned()] {
            let candidate = Tools {
                toolchain: Some(name),
                ..tools.clone()
            };
            if fitness(&candidate, targets).is_ok() {
                *tools = candidate;
                return true;
            }
        }
        return false;
    }
    let mut candidate = tools.clone();
    candidate.path.push("/usr/bin".into());
    let fit = fitness(&candidate, targets).is_ok();
    if fit {
        *tools = candidate;
    }
    fit
}

/// Adds what is missing to the user's own toolchain, or fetches the pinned one beside it if that is too old.
fn install_by_rustup(tools: &mut Tools, targets: &[Target]) -> Result<()> {
    let mut candidate = tools.clone();
    let names = targets.iter().map(|target| target.name);
    if version(tools)? >= VERSION {
        let components = ["component", "add", "clippy", "rustfmt"];
        command::run_within(PATIENCE, tools.command("rustup").args(components))?;
        command::run_within(
            PATIENCE,
            tools.command("rustup").args(["target", "add"]).args(names),
        )?;
    } else {
        let name = pinned();
        println!("  your compiler is older than {name}: fetching that one beside it");
        let install = [
            "toolchain",
            "install",
            &name,
            "--profile=minimal",
            "--component=clippy,rustfmt",
        ];
        let targets = format!("--target={}", names.collect::<Vec<_>>().join(","));
        command::run_within(
            PATIENCE,
            tools
                .command("rustup")
                .args(install)
                .args([&targets, "--no-self-update"]),
        )?;
        candidate.toolchain = Some(name);
    }
    fitness(&candidate, targets)?;
    *tools = candidate;
    Ok(())
}

/// An error that says what the chosen compiler lacks.
fn fitness(tools: &Tools, targets: &[Target]) -> Result<()> {
    if version(tools)? < VERSION {
        bail!("the compiler is older than {}", pinned());
    }
    for part in ["clippy", "fmt"] {
        command::output(tools.cargo().args([part, "--version"]))?;
    }
    let folder = tools.workspace.cache.join("probe");
    fs::create_dir_all(&folder)?;
    for target in targets {
        let source = folder.join(format!("{}.rs", target.name));
        fs::write(&source, target.probe)?;
        let mut rustc = tools.command("rustc");
        rustc.args([
            "--edition=2024",
            "--crate-name=probe",
            "-Cpanic=abort",
            "--target",
            target.name,
        ]);
        rustc
            .args(["--crate-type", target.crate_type])
            .arg("--out-dir")
            .arg(&folder)
            .arg(&source);
        command::output(&mut rustc)?;
    }
    Ok(())
}

fn version(tools: &Tools) -> Result<(u32, u32, u32)> {
    let text = command::output(tools.command("rustc").arg("--version"))?;
    parse_version(&text).with_context(|| format!("cannot read the version in {text:?}"))
}

fn pinned() -> String {
    let (major, minor, patch) = VERSION;
    format!("{major}.{minor}.{patch}")
}

fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let number = text.strip_prefix("rustc ")?.split([' ', '-']).next()?;
    let mut parts = number.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_compilers_compare_as_numbers() {
        assert_eq!(
            parse_version("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"),
            Some((1, 96, 0))
        );
        assert_eq!(
            parse_version("rustc 1.101.0-nightly (abc 2026-11-01)"),
            Some((1, 101, 0))
        );
        assert_eq!(parse_version("clang 19"), None);
        assert!((1, 101, 0) > VERSION);
        assert_eq!(pinned(), "1.96.0");
    }
}
