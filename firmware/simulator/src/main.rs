//! The command `templog-simulator`.

use std::process::ExitCode;

use clap::Parser as _;
use simulator::cli::{Args, run};

fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("templog-simulator: {error:#}");
            ExitCode::FAILURE
        }
    }
}
