//! `cargo xtask build`: program and files for the browser in one folder, ready to be copied onto a server.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::setup;
use crate::site::{self, Profile};
use crate::steps::Steps;
use crate::tools::Tools;

/// The whole command. What an earlier build left in `folder/site` is replaced.
///
/// # Errors
/// If something cannot be built or written.
pub fn run(mut tools: Tools, folder: &Path) -> Result<()> {
    let mut steps = Steps::new();
    setup::for_build(&mut steps, &mut tools)?;
    let page = steps.must("page, release build", || site::build_page(&tools, Profile::Release))?;
    let programs = steps.must("server, release build", || site::build_programs(&tools))?;
    steps.must("copy", || install(&programs.join("templog"), &page, folder))?;
    println!("{} serves what lies beside it", folder.join("templog").display());
    Ok(())
}

/// The program finds its files in `site` beside it.
fn install(program: &Path, page: &Path, folder: &Path) -> Result<()> {
    let site = folder.join("site");
    if site.exists() {
        fs::remove_dir_all(&site).with_context(|| format!("cannot replace {}", site.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::copy(program, folder.join("templog")).with_context(|| format!("cannot write into {}", folder.display()))?;
    copy_folder(page, &site)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_build_replaces_the_site_and_keeps_nothing_of_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let (page, out) = (dir.path().join("page"), dir.path().join("out"));
        fs::create_dir_all(page.join("pkg")).unwrap();
        fs::write(page.join("pkg/a.wasm"), "a").unwrap();
        let program = dir.path().join("templog");
        fs::write(&program, "program").unwrap();
        install(&program, &page, &out).unwrap();

        fs::rename(page.join("pkg/a.wasm"), page.join("pkg/b.wasm")).unwrap();
        install(&program, &page, &out).unwrap();
        assert!(out.join("templog").is_file() && out.join("site/pkg/b.wasm").is_file());
        assert!(!out.join("site/pkg/a.wasm").exists());
    }
}
