//! The processes that we started: they write into log files, end with us, and are told apart from all others.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::stopwatch::Stopwatch;

/// Time to end in good order after the first signal.
const PATIENCE: Duration = Duration::from_secs(10);
/// Ctrl-C in a terminal reaches the children too: time for them to end before they are told again.
const HEADSTART: Duration = Duration::from_secs(2);

/// One of ours.
pub struct Process {
    name: &'static str,
    log: PathBuf,
    child: Child,
}

impl Process {
    /// Starts it with its output in `logs/{name}.log`.
    ///
    /// # Errors
    /// If it cannot be started or the file not be written.
    pub fn start(name: &'static str, command: &mut Command, logs: &Path) -> Result<Self> {
        fs::create_dir_all(logs)?;
        let log = logs.join(format!("{name}.log"));
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name, log, child })
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its process number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    ///
    /// # Errors
    /// If the system does not know.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// The last lines that it wrote.
    pub fn last_words(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    /// Waits until it ended by itself, asks it to end, and at last makes it end.
    pub fn stop(&mut self) {
        if self.ends_within(HEADSTART) {
            return;
        }
        // The standard library can only kill; the shell knows how to ask.
        let ask = format!("kill -TERM {}", self.child.id());
        let asked = Command::new("sh").args(["-c", &ask]).status();
        if asked.is_ok() && self.ends_within(PATIENCE) {
            return;
        }
        println!("  {} did not end in time: killing it", self.name);
        self.kill();
    }

    fn kill(&mut self) {
        // It may have ended meanwhile; either way it is gone afterwards.
        self.child.kill().ok();
        self.child.wait().ok();
    }

    fn ends_within(&mut self, limit: Duration) -> bool {
        let watch = Stopwatch::start();
        while watch.elapsed() < limit {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return true;
            }
            sleep(Duration::from_millis(50));
        }
        false
    }
}

impl Drop for Process {
    /// Nothing that we started outlives us, whatever went wrong.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.kill();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, name: &'static str) -> Process {
        let logs = std::env::temp_dir().join(format!("templog-logs-{}", std::process::id()));
        Process::start(name, Command::new("sh").args(["-c", script]), &logs).unwrap()
    }

    #[test]
    fn a_process_that_failed_leaves_its_last_words() {
        let mut process = shell("echo out of luck >&2; exit 7", "unlucky");
        assert!(process.ends_within(PATIENCE));
        assert_eq!(process.ended().unwrap().and_then(|status| status.code()), Some(7));
        assert_eq!(process.last_words(), "out of luck");
    }

    #[test]
    fn a_process_is_asked_before_it_is_made_to_end() {
        let mut process = shell(
            "trap 'echo in good order; exit 0' TERM; echo up; while :; do sleep 0.05; done",
            "polite",
        );
        let watch = Stopwatch::start();
        while process.last_words() != "up" && watch.elapsed() < PATIENCE {
            sleep(Duration::from_millis(10));
        }
        process.stop();
        assert_eq!(process.last_words(), "up\nin good order");
    }
}
