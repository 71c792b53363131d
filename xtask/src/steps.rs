//! A task as numbered steps, each announced, timed and remembered for the table at the end.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::stopwatch::{Stopwatch, in_words};

/// How a step ended.
enum End {
    Passed(Duration),
    Failed(Duration),
    NotRun(String),
}

/// The steps of one task so far.
pub struct Steps {
    began: Stopwatch,
    rows: Vec<(String, End)>,
}

impl Steps {
    /// Starts the clock of the whole task.
    pub fn new() -> Self {
        Self {
            began: Stopwatch::start(),
            rows: Vec::new(),
        }
    }

    /// Runs one step that the following ones need: its error ends the task.
    pub fn must<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("▸ {name}");
        let watch = Stopwatch::start();
        let result = work();
        let time = watch.elapsed();
        match &result {
            Ok(_) => {
                println!("  ✓ {}", in_words(time));
                self.rows.push((name.to_owned(), End::Passed(time)));
            }
            Err(error) => {
                println!("  ✗ {name} failed after {}: {error:#}", in_words(time));
                self.rows.push((name.to_owned(), End::Failed(time)));
            }
        }
        result
    }

    /// Runs one step whose failure is remembered, but does not keep the others from being tried. True if it passed.
    pub fn attempt(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        self.must(name, work).is_ok()
    }

    /// Notes a step that makes no sense after an earlier failure. It counts as failed.
    pub fn not_run(&mut self, name: &str, why: &str) {
        println!("▸ {name}\n  ✗ not run: {why}");
        self.rows.push((name.to_owned(), End::NotRun(why.to_owned())));
    }

    /// Time since the task began, in words.
    pub fn time(&self) -> String {
        in_words(self.began.elapsed())
    }

    /// Prints the table and the closing line.
    ///
    /// # Errors
    /// If any step failed or could not be run.
    pub fn finish(self, task: &str) -> Result<()> {
        println!("\n{}", self.table());
        let failed: Vec<&str> = self
            .rows
            .iter()
            .filter(|(_, end)| !matches!(end, End::Passed(_)))
            .map(|(name, _)| name.as_str())
            .collect();
        if failed.is_empty() {
            println!("{task}: all {} steps passed in {}.", self.rows.len(), self.time());
            return Ok(());
        }
        bail!(
            "{task}: {} of {} steps failed ({}) in {}",
            failed.len(),
            self.rows.len(),
            failed.join(", "),
            self.time()
        );
    }

    fn table(&self) -> String {
        let width = self
            .rows
            .iter()
            .map(|(name, _)| name.chars().count())
            .max()
            .unwrap_or(0);
        let mut table = String::new();
        for (name, end) in &self.rows {
            let (sign, remark) = match end {
                End::Passed(time) => ('✓', in_words(*time)),
                End::Failed(time) => ('✗', format!("{}  FAILED", in_words(*time))),
                End::NotRun(why) => ('✗', format!("not run: {why}")),
            };
            let _ = writeln!(table, "  {sign} {name:<width$}  {remark:>8}");
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_step_fails_the_task_but_not_the_steps_after_it() {
        let mut steps = Steps::new();
        assert!(!steps.attempt("first", || bail!("broken")));
        assert!(steps.attempt("second", || Ok(())));
        let error = steps.finish("test").unwrap_err().to_string();
        assert!(error.contains("1 of 2 steps failed (first)"), "{error}");
    }

    #[test]
    fn a_step_that_was_not_run_is_not_a_pass() {
        let mut steps = Steps::new();
        steps.not_run("browser", "there is no site");
        assert!(steps.table().contains("not run: there is no site"));
        assert!(steps.finish("test").is_err());
    }

    #[test]
    fn a_task_whose_steps_all_passed_passes() {
        let mut steps = Steps::new();
        assert_eq!(steps.must("count", || Ok(3)).unwrap(), 3);
        assert!(steps.finish("test").is_ok());
    }
}
