//! `bench history`: years of slots of a whole fleet, and how long people and scripts wait for them.
//!
//! The slots are written straight into the store, as rows; everything else is the server as it is. Client, server and
//! database share the machine, and a time is what the client sees.

use std::fs;
use std::path::Path;
use std::thread;

use anyhow::{Context as _, Result, anyhow};
use serde_json::Value;

use super::Scale;
use super::figures::Figures;
use super::ingest::database::Database;
use super::ingest::load::{Load, Pushed};
use super::ingest::programs::Programs;
use super::ingest::stack::{Door, Stack};
use crate::tools::Tools;

/// Homes of the sizes that are promised to be quick.
const TEN: (&str, usize) = ("ten@templog.example", 10);
const FIFTY: (&str, usize) = ("fifty@templog.example", 50);
/// Devices that report while the past is asked for, and how often.
const REPORTING: usize = 20;
const REPORTS_PER_S: u32 = 2_000;

/// How much past there is, and how often it is asked for.
#[derive(Clone, Copy)]
struct Extent {
    devices: usize,
    days: usize,
    requests: usize,
    seconds: u32,
}

impl Extent {
    fn of(scale: Scale) -> Self {
        match scale {
            Scale::Full => Self {
                devices: 10_000,
                days: 365,
                requests: 1_000,
                seconds: 15,
            },
            Scale::Quick => Self {
                devices: 200,
                days: 365,
                requests: 100,
                seconds: 6,
            },
        }
    }
}

/// Measures both databases, prints the table and writes it as JSON to `bench/results`.
///
/// # Errors
/// If something cannot be built, started or measured.
pub fn run(tools: &Tools, scale: Scale) -> Result<()> {
    let programs = Programs::build(tools)?;
    let folder = tools.target_directory()?.join("bench/history");
    fs::create_dir_all(&folder)?;
    let (mut figures, extent) = (Figures::default(), Extent::of(scale));
    measure(&programs, Database::sqlite(&folder)?, &folder, extent, &mut figures)?;
    measure(&programs, Database::mariadb(&folder)?, &folder, extent, &mut figures)?;
    figures.save(tools, "history", scale)
}

fn measure(
    programs: &Programs,
    database: Database,
    folder: &Path,
    extent: Extent,
    figures: &mut Figures,
) -> Result<()> {
    let name = format!("{}, {} devices, {} days", database.name(), extent.devices, extent.days);
    println!("\n{name}");
    figures.begin(&name);
    let mut stack = Stack::start(programs, Door::Embedded, database, folder, extent.devices)?;
    for (email, devices) in [TEN, FIFTY] {
        stack.add_household(programs, email, devices)?;
    }
    fill(programs, &stack, extent, figures)?;
    for (what, email, name, aim) in [
        ("year", None, "a device-year of daily averages", "aim ≤ 5"),
        (
            "rooms",
            Some(FIFTY.0),
            "50 rooms side by side over a month, the whole page",
            "aim ≤ 50",
        ),
        ("home", Some(TEN.0), "the home page of 10 rooms", "aim ≤ 10"),
    ] {
        // The API lets one person ask for history once a second in the long run.
        let requests = if what == "year" {
            extent.requests / 4
        } else {
            extent.requests
        };
        let times = stack.ask(programs, email, what, requests)?;
        figures.add(&format!("{name}, p50"), times["p50_ms"].as_f64(), "ms", None);
        figures.add(&format!("{name}, p99"), times["p99_ms"].as_f64(), "ms", Some(aim));
    }
    exports(programs, &mut stack, extent, figures)?;
    stack.stop();
    Ok(())
}

fn fill(programs: &Programs, stack: &Stack, extent: Extent, figures: &mut Figures) -> Result<()> {
    let (url, days) = (stack.database_url(), extent.days.to_string());
    let filled = programs.bench(&["slots", "--database-url", &url, "--days", &days, "--readings-of", TEN.0])?;
    figures.add("slots in the store", filled["rows"].as_f64(), "", None);
    Ok(())
}

/// What the intake loses while a year is exported twenty times at once.
fn exports(programs: &Programs, stack: &mut Stack, extent: Extent, figures: &mut Figures) -> Result<()> {
    let alone = push(programs, stack, extent)?;
    figures.add(
        "readings stored, nobody else there",
        Some(alone.arrived_per_s),
        "1/s",
        None,
    );
    let devices = load(stack, extent)?;
    let stack = &*stack;
    let (pushed, exported) = thread::scope(|scope| -> Result<(Pushed, Value)> {
        let pushing = scope.spawn(|| stack.push(programs, &devices));
        let exported = stack.ask(programs, Some(FIFTY.0), "export", 1)?;
        let pushed = pushing.join().map_err(|_| anyhow!("the generator has panicked"))??;
        Ok((pushed, exported))
    })?;
    let part = pushed.arrived_per_s / alone.arrived_per_s * 100.0;
    let note = format!("{part:.0} % of that");
    figures.add(
        "readings stored while a year is exported 20 ×",
        Some(pushed.arrived_per_s),
        "1/s",
        Some(&note),
    );
    figures.add("those 20 exports together", exported["seconds"].as_f64(), "s", None);
    exported["bytes"].as_f64().context("the exports gave nothing").map(drop)
}

fn push(programs: &Programs, stack: &mut Stack, extent: Extent) -> Result<Pushed> {
    let load = load(stack, extent)?;
    stack.push(programs, &load)
}

fn load(stack: &mut Stack, extent: Extent) -> Result<Load> {
    Ok(Load {
        credentials: stack.fresh_devices(REPORTING)?,
        devices: REPORTING,
        rate: REPORTS_PER_S,
        seconds: extent.seconds,
    })
}
