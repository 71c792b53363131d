//! Debian's own compiler, completed by the targets Debian does not package.
//!
//! Its source package matches the compiler exactly, so `-Zbuild-std` compiles the missing standard libraries; copied
//! beside those of the machine they make ordinary installed targets. Takes about a minute for the browser's.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::packages;
use super::toolchain::{LINKED, Target};
use crate::command;
use crate::tools::Tools;

const PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-clippy",
    "rustfmt-web",
];
/// Only ever compiled: its dependencies, the standard libraries, are what we want.
const MANIFEST: &str = "[package]\nname = \"templog_std\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n[workspace]\n";

/// Installs the compiler by apt, the libraries of `target`, the browser's linker, and tells rustup of it.
///
/// # Errors
/// If apt or a build fails, or without the right to write below `/usr`.
pub fn install(tools: &Tools, target: &Target) -> Result<()> {
    packages::install(&PACKAGES)?;
    let rustc = command::output(tools.command("/usr/bin/rustc").arg("-vV"))?;
    let llvm = field(&rustc, "LLVM version: ").context("rustc does not name its LLVM")?;
    let llvm = llvm.split('.').next().unwrap_or(llvm);
    packages::install(&[&format!("lld-{llvm}")])?;

    let sysroot = command::output(tools.command("/usr/bin/rustc").args(["--print", "sysroot"]))?;
    let rustlib = Path::new(sysroot.trim()).join("lib/rustlib");
    let host = field(&rustc, "host: ").context("rustc does not name its host")?;
    link(
        &PathBuf::from(format!("/usr/bin/wasm-ld-{llvm}")),
        &rustlib.join(host).join("bin/rust-lld"),
    )?;
    println!("  building {} for {}", target.libraries, target.name);
    let libraries = build(tools, target)?;
    put_in_place(&libraries, &rustlib.join(target.name).join("lib"))?;
    if tools.find(Path::new("rustup")).is_some() {
        command::run(tools.command("rustup").args(["toolchain", "link", LINKED, "/usr"]))?;
    }
    Ok(())
}

/// Compiles the standard libraries for one target; returns the files.
fn build(tools: &Tools, target: &Target) -> Result<Vec<PathBuf>> {
    let folder = tools.workspace.cache.join("std");
    let source = if target.libraries.contains("std") {
        ""
    } else {
        "#![no_std]\n"
    };
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("Cargo.toml"), MANIFEST)?;
    fs::write(folder.join("lib.rs"), source)?;
    let built = folder.join("target").join(target.name).join("release/deps");
    if built.exists() {
        // Libraries of an earlier compiler must not be taken for this one's.
        fs::remove_dir_all(&built)?;
    }
    let mut cargo = tools.command("/usr/bin/cargo");
    cargo
        .args(["build", "--quiet", "--release", "--target", target.name])
        .current_dir(&folder);
    cargo.arg(format!("-Zbuild-std={}", target.libraries));
    cargo
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env("CARGO_TARGET_DIR", folder.join("target"));
    command::run(&mut cargo)?;

    let mut libraries = Vec::new();
    for entry in fs::read_dir(&built)? {
        let file = entry?.path();
        let is_library = file.extension().is_some_and(|extension| extension == "rlib");
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        if is_library && !name.starts_with("libtemplog_std-") {
            libraries.push(file);
        }
    }
    if libraries.is_empty() {
        bail!("cargo built no library in {}", built.display());
    }
    Ok(libraries)
}

/// Replaces a target's libraries as a whole: two generations side by side would be ambiguous.
fn put_in_place(libraries: &[PathBuf], folder: &Path) -> Result<()> {
    let fresh = folder.with_extension("new");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    fs::create_dir_all(&fresh).with_context(|| format!("cannot write {}: run as root", fresh.display()))?;
    for library in libraries {
        fs::copy(library, fresh.join(library.file_name().unwrap_or_default()))?;
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::rename(&fresh, folder)?;
    Ok(())
}

fn link(program: &Path, place: &Path) -> Result<()> {
    if place.exists() {
        return Ok(());
    }
    fs::create_dir_all(place.parent().unwrap_or(place))?;
    symlink(program, place).with_context(|| format!("cannot link {}", place.display()))
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_replaced_as_a_whole() {
        let folder = std::env::temp_dir().join(format!("templog-xtask-{}", std::process::id()));
        let target = folder.join("lib");
        fs::create_dir_all(&target).unwrap();
        fs::write(target.join("libcore-old.rlib"), "old").unwrap();
        fs::write(folder.join("libcore-new.rlib"), "new").unwrap();

        put_in_place(&[folder.join("libcore-new.rlib")], &target).unwrap();

        let names: Vec<_> = fs::read_dir(&target)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["libcore-new.rlib"]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_rustc_says_of_itself_is_read_by_name() {
        let text = "rustc 1.96.0\nhost: x86_64-unknown-linux-gnu\nLLVM version: 22.1.8\n";
        assert_eq!(field(text, "LLVM version: "), Some("22.1.8"));
        assert_eq!(field(text, "host: "), Some("x86_64-unknown-linux-gnu"));
    }
}
