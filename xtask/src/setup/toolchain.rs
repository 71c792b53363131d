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

/// Chooses a compiler that can build for `target`, and installs one if there is none.
///
/// # Errors
/// If none of the ways works here; the message says what was tried.
pub fn ensure(tools: &mut Tools, target: &Target) -> Result<()> {
    if use_what_is_there(tools, target) {
        return Ok(());
    }
    let Err(refusal) = install_by_rustup(tools, target) else {
        return Ok(());
    };
    println!("  rustup cannot provide it ({refusal:#}): completing Debian's compiler instead");
    debian::install(tools, target).context("neither rustup nor Debian's packages could provide the compiler")?;
    if !use_what_is_there(tools, target) {
        bail!("Debian's compiler was completed, but cannot build for {}", target.name);
    }
    Ok(())
}

/// Sets the first compiler that is fit: the user's own, then those that an earlier set-up made.
fn use_what_is_there(tools: &mut Tools, target: &Target) -> bool {
    let named = |name: &str| Tools {
        toolchain: Some(name.to_owned()),
        ..tools.clone()
    };
    let mut candidates = vec![tools.clone()];
    if has_rustup(tools) {
        candidates.extend([named(LINKED), named(&pinned())]);
    } else {
        candidates.push(tools.clone());
        candidates[1].path.push("/usr/bin".into());
    }
    let Some(fit) = candidates
        .into_iter()
        .find(|candidate| fitness(candidate, target).is_ok())
    else {
        return false;
    };
    *tools = fit;
    true
}

/// Adds what is missing to the user's own toolchain, or fetches the pinned one beside it if that is too old.
fn install_by_rustup(tools: &mut Tools, target: &Target) -> Result<()> {
    if !has_rustup(tools) {
        bail!("there is no rustup");
    }
    if tools.toolchain.as_deref() == Some(LINKED) {
        bail!("the compiler is Debian's already");
    }
    let mut candidate = tools.clone();
    let rustup = |arguments: &[&str]| command::run_within(PATIENCE, tools.command("rustup").args(arguments));
    if version(tools)? >= VERSION {
        rustup(&["component", "add", "clippy", "rustfmt"])?;
        rustup(&["target", "add", target.name])?;
    } else {
        let name = pinned();
        println!("  your compiler is older than {name}: fetching that one beside it");
        let parts = ["--profile=minimal", "--component=clippy,rustfmt", "--no-self-update"];
        rustup(&[&["toolchain", "install", &name, "--target", target.name][..], &parts].concat())?;
        candidate.toolchain = Some(name);
    }
    fitness(&candidate, target)?;
    *tools = candidate;
    Ok(())
}

fn has_rustup(tools: &Tools) -> bool {
    tools.find(Path::new("rustup")).is_some()
}

/// An error that says what the chosen compiler lacks.
fn fitness(tools: &Tools, target: &Target) -> Result<()> {
    if version(tools)? < VERSION {
        bail!("the compiler is older than {}", pinned());
    }
    for part in ["clippy", "fmt"] {
        command::output(tools.cargo().args([part, "--version"]))?;
    }
    let folder = tools.workspace.cache.join("probe");
    let source = folder.join(format!("{}.rs", target.name));
    fs::create_dir_all(&folder)?;
    fs::write(&source, target.probe)?;
    let mut rustc = tools.command("rustc");
    rustc.args(["--edition=2024", "--crate-name=probe", "-Cpanic=abort"]);
    rustc.args(["--target", target.name, "--crate-type", target.crate_type]);
    command::output(rustc.arg("--out-dir").arg(&folder).arg(&source))?;
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
