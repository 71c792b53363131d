//! What the kernel knows of a process and does to it: processor time, memory, a pause.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;

/// Kernel ticks per second as `/proc` counts them; 100 on every Linux that matters (`getconf CLK_TCK`).
const TICKS_PER_S: f64 = 100.0;

/// User and system time so far, µs, all threads.
///
/// # Errors
/// If the process is gone.
pub fn cpu_us(pid: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).context("the process has ended")?;
    parse_ticks(&text)
        .map(|ticks| ticks / TICKS_PER_S * 1e6)
        .context("/proc/{pid}/stat has another form")
}

/// Resident memory, KB.
///
/// # Errors
/// If the process is gone.
pub fn rss_kb(pid: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).context("the process has ended")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|kb| kb.parse().ok())
        .context("/proc/{pid}/status has another form")
}

/// Stops a process where it stands; its connections stay.
///
/// # Errors
/// If it is gone.
pub fn hold(pid: u32) -> Result<()> {
    signal("-STOP", pid)
}

/// Lets it go on.
///
/// # Errors
/// If it is gone.
pub fn go_on(pid: u32) -> Result<()> {
    signal("-CONT", pid)
}

fn signal(name: &str, pid: u32) -> Result<()> {
    command::run(Command::new("kill").args([name, &pid.to_string()]))
}

/// Fields 14 and 15; the name in field 2 may hold spaces, so counting starts behind its parenthesis.
fn parse_ticks(stat: &str) -> Option<f64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let user: f64 = fields.get(11)?.parse().ok()?;
    let system: f64 = fields.get(12)?.parse().ok()?;
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_behind_a_name_with_spaces() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 0 0 70 30 0 0 20 0 4 0 1 2 3";
        assert_eq!(parse_ticks(stat), Some(100.0));
    }

    #[test]
    fn this_very_process_has_used_time_and_memory() {
        let pid = std::process::id();
        assert!(cpu_us(pid).unwrap() >= 0.0);
        assert!(rss_kb(pid).unwrap() > 100.0);
    }
}
