//! `bench web`: what a phone downloads, how fast pages are there, and how many of them the server writes in a second.
//!
//! Each figure has a budget, and a broken one fails the bench after all figures are told.

mod budget;

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::Value;

use self::budget::Budgets;
use super::Scale;
use super::figures::Figures;
use super::ingest::database::Database;
use super::ingest::programs::{PASSWORD, Programs};
use super::ingest::stack::{Door, Stack};
use crate::command;
use crate::setup;
use crate::site::{self, Profile};
use crate::tools::Tools;

/// The home that is looked at: ten rooms with two months behind them.
const OWNER: &str = "ten@templog.example";
const ROOMS: usize = 10;
const DAYS: &str = "60";
/// Pages a second that the server writes.
const RATE: &str = "200";
/// All that the script of a page weighs when it arrives, bytes.
const SCRIPT_LIMIT: f64 = 200_000.0;

/// Measures everything, prints the table and writes it as JSON to `bench/results`.
///
/// # Errors
/// If something cannot be built, started or measured, or a budget is broken.
pub fn run(tools: &Tools, scale: Scale) -> Result<()> {
    setup::install_packages(tools, "bench/web")?;
    let page = site::build_page(tools, Profile::Release)?;
    let programs = Programs::build(tools)?.with_page(page.clone());
    let folder = tools.target_directory()?.join("bench/web");
    fs::create_dir_all(&folder)?;
    let (mut figures, mut budgets) = (Figures::default(), Budgets::default());

    figures.begin("what a phone downloads");
    let script = fs::metadata(page.join("pkg/templog_bg.wasm.br"))
        .or_else(|_| fs::metadata(page.join("pkg/templog.wasm.br")))
        .context("the page was built without compressed files")?;
    #[expect(clippy::cast_precision_loss, reason = "a file is far smaller than 2^52 bytes")]
    let bytes = script.len() as f64;
    budgets.at_most(&mut figures, "WebAssembly, brotli", bytes, "bytes", SCRIPT_LIMIT);

    let mut stack = Stack::start(&programs, Door::Embedded, Database::sqlite(&folder)?, &folder, 0)?;
    stack.add_household(&programs, OWNER, ROOMS)?;
    let url = stack.database_url();
    programs.bench(&["slots", "--database-url", &url, "--days", DAYS, "--readings-of", OWNER])?;
    rendering(&programs, &stack, scale, &mut figures, &mut budgets)?;
    phone(tools, &stack, scale, &mut figures, &mut budgets)?;
    stack.stop();
    figures.save(tools, "web", scale)?;
    budgets.verdict()
}

fn rendering(
    programs: &Programs,
    stack: &Stack,
    scale: Scale,
    figures: &mut Figures,
    budgets: &mut Budgets,
) -> Result<()> {
    figures.begin("the home page of 10 rooms, 200 requests a second");
    let seconds = if scale == Scale::Quick { "5" } else { "30" };
    let address = stack.address();
    let mut arguments = vec!["pages", "--http", &address, "--email", OWNER, "--password", PASSWORD];
    arguments.extend(["--rate", RATE, "--seconds", seconds]);
    let times = programs.bench(&arguments)?;
    figures.add("p50", times["p50_ms"].as_f64(), "ms", None);
    let p99 = times["p99_ms"].as_f64().context("no page was counted")?;
    budgets.at_most(figures, "p99", p99, "ms", 20.0);
    Ok(())
}

fn phone(tools: &Tools, stack: &Stack, scale: Scale, figures: &mut Figures, budgets: &mut Budgets) -> Result<()> {
    let runs = if scale == Scale::Quick { "1" } else { "5" };
    let mut node = tools.command("node");
    node.current_dir(tools.workspace.root.join("bench/web"));
    node.args(["measure.mjs", &stack.address(), OWNER, PASSWORD, runs]);
    let told: Value = serde_json::from_str(&command::output(&mut node)?).context("Lighthouse printed no figures")?;
    for name in ["landing", "sign-in", "home", "room"] {
        figures.begin(&format!("{name}, Lighthouse's mobile preset"));
        let page = &told[name];
        let number = |value: &Value| {
            value
                .as_f64()
                .with_context(|| format!("{name}: Lighthouse told too little"))
        };
        for category in ["performance", "accessibility", "best-practices", "seo"] {
            budgets.at_least(figures, category, number(&page["scores"][category])?, "of 100", 95.0);
        }
        budgets.at_most(
            figures,
            "largest contentful paint",
            number(&page["lcp_ms"])?,
            "ms",
            1_200.0,
        );
        budgets.at_most(figures, "total blocking time", number(&page["tbt_ms"])?, "ms", 150.0);
        budgets.at_most(figures, "cumulative layout shift", number(&page["cls"])?, "", 0.02);
        if let Some(lost) = page["lost"].as_array().filter(|lost| !lost.is_empty()) {
            println!("  what cost points: {}", Value::from(lost.clone()));
        }
    }
    Ok(())
}
