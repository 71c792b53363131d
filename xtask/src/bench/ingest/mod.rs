//! `bench ingest`: what a reading costs, how many fit into a second, how soon a page shows one.
//!
//! Every figure stands beside its ceiling from the same run: what the same broker delivers to a bare subscriber, and
//! what the same database takes in bare rows. Generator, broker, server and database share the machine.

mod broker;
mod ceiling;
pub mod database;
pub mod load;
mod process;
pub mod programs;
pub mod stack;
mod wait;

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Scale;
use super::figures::Figures;
use crate::tools::Tools;
use database::Database;
use load::Load;
use programs::Programs;
use stack::{Door, Stack};

/// A rate a busy server has every second, far below its limit: for the cost of one reading.
const STEADY_PER_S: u32 = 5_000;
/// The rate at which latency is promised.
const LATENCY_PER_S: u32 = 2_000;
/// How much waits at the broker when a server that was away comes back: 300,000 readings.
const BACKLOG_PER_S: u32 = 20_000;
/// A few busy devices: batches are made of many readings of each.
const FEW: usize = 20;
/// As many as the embedded door is promised to serve at once.
const CONNECTIONS: usize = 1_000;
/// Many quiet devices: nearly every reading of a batch belongs to another slot.
const MANY: usize = 2_000;

/// How long each load lasts, and with how many devices each figure is taken.
#[derive(Clone, Copy)]
struct Extent {
    seconds: u32,
    runs: &'static [usize],
}

impl Extent {
    fn of(scale: Scale) -> Self {
        match scale {
            Scale::Full => Self {
                seconds: 15,
                runs: &[FEW, CONNECTIONS, MANY],
            },
            Scale::Quick => Self {
                seconds: 6,
                runs: &[FEW, CONNECTIONS],
            },
        }
    }
}

/// Measures all three stacks, prints the table and writes it as JSON to `bench/results`.
///
/// # Errors
/// If something cannot be built, started or measured.
pub fn run(tools: &Tools, scale: Scale) -> Result<()> {
    let programs = Programs::build(tools)?;
    let folder = tools.target_directory()?.join("bench/ingest");
    fs::create_dir_all(&folder)?;
    let mut figures = Figures::default();
    let extent = Extent::of(scale);
    let sqlite = || Database::sqlite(&folder);
    measure(&programs, Door::Embedded, sqlite()?, &folder, extent, &mut figures)?;
    measure(&programs, Door::Mosquitto, sqlite()?, &folder, extent, &mut figures)?;
    let mariadb = Database::mariadb(&folder)?;
    measure(&programs, Door::Mosquitto, mariadb, &folder, extent, &mut figures)?;
    figures.save(tools, "ingest", scale)
}

fn measure(
    programs: &Programs,
    door: Door,
    database: Database,
    folder: &Path,
    extent: Extent,
    figures: &mut Figures,
) -> Result<()> {
    let name = format!("{} + {}", door.name(), database.name());
    println!("\n{name}");
    figures.begin(&name);

    let rows = programs.bench(&["insert", "--database-url", &database.scratch_url()])?["rows_per_s"].as_f64();
    figures.add("ceiling: bare rows into this database", rows, "1/s", None);
    let reported = extent.runs.iter().sum::<usize>();
    let devices = reported * 2 + FEW * 2;
    let mut stack = Stack::start(programs, door, database, folder, devices)?;
    let idle_kb = stack.server_rss_kb()?;
    figures.add("memory, idle", Some(idle_kb / 1024.0), "MB", Some("aim ≤ 60"));
    for devices in extent.runs {
        steady(programs, &mut stack, *devices, extent, figures)?;
    }
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let per_device_kb = (stack.server_rss_kb()? - idle_kb) / reported as f64;
    figures.add(
        "memory per device that has reported",
        Some(per_device_kb),
        "KB",
        Some("aim ≤ 2"),
    );
    for devices in extent.runs {
        full_speed(programs, &mut stack, *devices, extent, folder, figures)?;
    }
    if door == Door::Mosquitto {
        backlog(programs, &mut stack, extent, figures)?;
    }
    latency(programs, &mut stack, extent, figures)?;
    stack.stop();
    Ok(())
}

/// Processor time per reading at a rate far below the limit: what every small commit costs shows here.
fn steady(programs: &Programs, stack: &mut Stack, devices: usize, extent: Extent, figures: &mut Figures) -> Result<()> {
    let load = load(stack, devices, STEADY_PER_S, extent)?;
    let before = stack.cpu_us()?;
    let pushed = stack.push(programs, &load)?;
    let cost = (stack.cpu_us()? - before) / pushed.acked;
    let name = format!("processor time per reading, {STEADY_PER_S}/s of {devices} devices");
    figures.add(&name, Some(cost), "µs", None);
    Ok(())
}

/// Stored readings per second, and the processor time of each, when as many come as the broker takes.
fn full_speed(
    programs: &Programs,
    stack: &mut Stack,
    devices: usize,
    extent: Extent,
    folder: &Path,
    figures: &mut Figures,
) -> Result<()> {
    let load = load(stack, devices, 0, extent)?;
    let bare = match stack.door() {
        Door::Embedded => None,
        Door::Mosquitto => Some(ceiling::bare_subscriber(programs, folder, &load)?),
    };
    if bare.is_some() {
        let name = format!("ceiling: bare subscriber, {devices} connections");
        figures.add(&name, bare, "1/s", None);
    }
    let before = stack.cpu_us()?;
    let pushed = stack.push(programs, &load)?;
    let cost = (stack.cpu_us()? - before) / pushed.acked;
    let stored = pushed.arrived_per_s;
    let note = bare.map(|bare| format!("{:.0} % of the bare subscriber, aim ≥ 90", stored / bare * 100.0));
    let name = format!("readings stored, {devices} connections");
    figures.add(&name, Some(stored), "1/s", note.as_deref());
    let name = format!("processor time per reading, full speed, {devices} connections");
    figures.add(&name, Some(cost), "µs", Some("aim ≤ 10"));
    Ok(())
}

/// How fast the server takes what has waited for it, and whether it does so without losing its connection.
fn backlog(programs: &Programs, stack: &mut Stack, extent: Extent, figures: &mut Figures) -> Result<()> {
    let load = load(stack, FEW, BACKLOG_PER_S, extent)?;
    let taken = stack.take_backlog(programs, &load)?;
    let name = format!("readings stored out of a backlog of {:.0}", taken.readings);
    figures.add(&name, Some(taken.readings / taken.seconds), "1/s", None);
    figures.add("connections lost meanwhile", Some(taken.reconnects), "", Some("aim 0"));
    Ok(())
}

fn load(stack: &mut Stack, devices: usize, rate: u32, extent: Extent) -> Result<Load> {
    Ok(Load {
        credentials: stack.fresh_devices(devices)?,
        devices,
        rate,
        seconds: extent.seconds,
    })
}

/// How soon an open page could show a reading.
fn latency(programs: &Programs, stack: &mut Stack, extent: Extent, figures: &mut Figures) -> Result<()> {
    let devices = stack.fresh_devices(FEW)?;
    let times = stack.latency(programs, &devices, LATENCY_PER_S, extent.seconds)?;
    for (key, share, aim) in [
        ("p50_ms", "p50", None),
        ("p99_ms", "p99", Some("aim ≤ 25")),
        ("p999_ms", "p99.9", None),
    ] {
        figures.add(
            &format!("publish → websocket at {LATENCY_PER_S}/s, {share}"),
            times[key].as_f64(),
            "ms",
            aim,
        );
    }
    Ok(())
}
