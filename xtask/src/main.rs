//! `cargo xtask run | test | check | bench`: set-up, build, start, test, measure.
//!
//! The only place that knows about tools, so that a fresh machine needs nothing but Rust and Node.js.

mod bench;
mod check;
mod command;
mod deny;
mod firmware;
mod package;
mod run;
mod setup;
mod site;
mod steps;
mod stopwatch;
mod test;
mod tools;
mod workspace;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Sets up, builds, starts, tests and measures TempLog")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing, build, and start everything with three rooms of a real house
    Run,
    /// Install what is missing, then run every test there is
    Test,
    /// Only install what is missing
    SetUp,
    /// Build what is installed on a server: one program, with the files for the browser in it
    Build {
        /// The folder to put it into
        #[arg(long, value_name = "FOLDER")]
        into: PathBuf,
    },
    /// The fast loop: format, lints, unit tests
    Check,
    /// Measure what is promised; without a name, list what can be measured
    Bench {
        /// What to measure
        name: Option<String>,
        /// Measure less: for a first look, not for figures to publish
        #[arg(long)]
        quick: bool,
    },
}

fn main() -> Result<()> {
    let task = Arguments::parse().task;
    let tools = tools::Tools::new(workspace::Workspace::find()?);
    match task {
        Task::Run => run::run(tools),
        Task::Test => test::run(tools),
        Task::SetUp => setup::run(tools),
        Task::Build { into } => package::run(tools, &into),
        Task::Check => check::run(tools),
        Task::Bench { name, quick } => {
            let scale = if quick { bench::Scale::Quick } else { bench::Scale::Full };
            bench::run(tools, name.as_deref(), scale)
        }
    }
}
