//! `cargo xtask build`: one program, with the files for the browser in it, ready to be copied onto a server.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::command;
use crate::setup;
use crate::site::{self, Profile};
use crate::steps::Steps;
use crate::tools::Tools;

/// The whole command.
///
/// # Errors
/// If something cannot be built or written.
pub fn run(mut tools: Tools, folder: &Path) -> Result<()> {
    let mut steps = Steps::new();
    setup::for_build(&mut steps, &mut tools)?;
    let page = steps.must("page, release build", || site::build_page(&tools, Profile::Release))?;
    let programs = steps.must("server, release build", || site::build_programs(&tools))?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let program = folder.join("templog");
    steps.must("pack", || {
        let mut pack = Command::new(programs.join("templog"));
        pack.arg("pack").arg("--site").arg(&page).arg("--into").arg(&program);
        command::run(&mut pack)
    })?;
    println!("{} serves wherever it is copied to", program.display());
    Ok(())
}
