//! The programs that take part, and the people and devices they make.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::command;
use crate::site;
use crate::tools::Tools;

/// Everybody's password.
pub const PASSWORD: &str = "measured-not-guessed";

/// Release builds of all that takes part.
pub struct Programs {
    folder: PathBuf,
    page: Option<PathBuf>,
}

impl Programs {
    /// Builds them.
    ///
    /// # Errors
    /// If the build fails.
    pub fn build(tools: &Tools) -> Result<Self> {
        let folder = site::build_programs(tools)?;
        // Apart from the others: with the features its own dependencies want, the server would be another program.
        command::run(
            tools
                .cargo()
                .args(["build", "--release", "--locked", "--package=bench"]),
        )?;
        Ok(Self { folder, page: None })
    }

    /// The same, with this page for browsers.
    #[must_use]
    pub fn with_page(self, page: PathBuf) -> Self {
        let page = Some(page);
        Self { page, ..self }
    }

    /// `templog-simulator`
    pub fn simulator(&self) -> Command {
        Command::new(self.folder.join("templog-simulator"))
    }

    /// Runs `templog-bench` and returns the figures that it prints.
    ///
    /// # Errors
    /// If it fails.
    pub fn bench(&self, arguments: &[&str]) -> Result<Value> {
        let text = command::output(Command::new(self.folder.join("templog-bench")).args(arguments))?;
        serde_json::from_str(&text).context("the bench printed no figures")
    }

    /// `templog`
    pub fn templog(&self) -> Command {
        let mut templog = Command::new(self.folder.join("templog"));
        templog.envs(self.page.iter().map(|page| ("TEMPLOG_SITE_DIR", page)));
        templog
    }
}

/// An account and its devices, made by the same commands an operator would use.
///
/// # Errors
/// If one of them fails.
pub fn provision(programs: &Programs, settings: &[(&str, String)], email: &str, devices: usize) -> Result<Vec<Value>> {
    let settings = || settings.iter().map(|(name, value)| (*name, value));
    let mut user = programs.templog();
    user.args(["user", "create", email]).envs(settings());
    let mut user = user.stdin(Stdio::piped()).spawn()?;
    let mut input = user.stdin.take().context("standard input was asked for")?;
    writeln!(input, "{PASSWORD}")?;
    drop(input);
    ensure!(user.wait()?.success(), "the account could not be made");

    let mut products = Vec::new();
    while products.len() < devices {
        let count = (devices - products.len()).min(1_000).to_string();
        let mut create = programs.templog();
        create
            .args(["product", "create", "--count", &count, "--owner", email])
            .envs(settings());
        let batch: Vec<Value> = serde_json::from_str(&command::output(&mut create)?)?;
        products.extend(batch);
    }
    Ok(products)
}
