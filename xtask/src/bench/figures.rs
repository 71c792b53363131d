//! The table: each figure with its unit and what it is to be compared with.

use std::fs;

use anyhow::Result;
use serde_json::{Value, json};

use super::Scale;
use crate::tools::Tools;

/// Figures of several stacks, in the order they were measured.
#[derive(Default)]
pub struct Figures {
    stack: String,
    rows: Vec<Value>,
}

impl Figures {
    /// The figures that follow belong to this stack.
    pub fn begin(&mut self, stack: &str) {
        stack.clone_into(&mut self.stack);
    }

    /// Adds a figure and prints it at once; `None` was not to be had.
    pub fn add(&mut self, name: &str, value: Option<f64>, unit: &str, note: Option<&str>) {
        let shown = value.map_or_else(|| "-".to_owned(), in_digits);
        println!("  {name:<58} {shown:>10} {unit:<7} {}", note.unwrap_or_default());
        self.rows.push(json!({
            "stack": self.stack, "figure": name, "value": value, "unit": unit, "note": note,
        }));
    }

    /// Writes them to `bench/results/{bench}.json`, with the command that measures them anew.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, tools: &Tools, bench: &str, scale: Scale) -> Result<()> {
        let folder = tools.workspace.root.join("bench/results");
        fs::create_dir_all(&folder)?;
        let quick = if scale == Scale::Quick { " --quick" } else { "" };
        let report = json!({ "command": format!("cargo xtask bench {bench}{quick}"), "figures": self.rows });
        let file = folder.join(format!("{bench}.json"));
        fs::write(&file, serde_json::to_string_pretty(&report)? + "\n")?;
        println!("\nwritten to {}", file.display());
        Ok(())
    }
}

/// Three digits that matter.
fn in_digits(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_their_stack_and_unit() {
        let mut figures = Figures::default();
        figures.begin("embedded + SQLite");
        figures.add("memory, idle", Some(41.25), "MB", Some("aim ≤ 60"));
        let rows = &figures.rows;
        assert_eq!(rows[0]["stack"], "embedded + SQLite");
        assert_eq!(
            (rows[0]["value"].as_f64(), rows[0]["unit"].as_str()),
            (Some(41.25), Some("MB"))
        );
    }

    #[test]
    fn digits_follow_size() {
        assert_eq!(
            [in_digits(52_700.4), in_digits(41.25), in_digits(8.123)],
            ["52700", "41.2", "8.12"]
        );
    }
}
