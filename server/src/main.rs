//! The program `templog`: reads command line and environment, then does one thing.

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use server::config::{Cli, Command, Config, ConfigError, with_env_file};
use server::error::Error;
use server::subcommands;
use tracing_subscriber::EnvFilter;

/// The exit code of wrong settings, as for a wrong command line.
const USAGE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    // Before any TLS: no library may pick another provider. An error means there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = Cli::parse();
    let config = match read_config(&cli.command) {
        Ok(config) => config,
        Err(error) => return fail(&error, USAGE),
    };
    start_log();
    match subcommands::run(cli.command, config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error @ Error::Config(_)) => fail(&error, USAGE),
        Err(error) => fail(&error, 1),
    }
}

/// A server that is being developed keeps its settings in `.env`; other commands are scripts' and see no files.
fn read_config(command: &Command) -> Result<Config, ConfigError> {
    let real = std::env::vars_os();
    match command {
        Command::Serve => Config::from_vars(with_env_file(real, Path::new(".env"))?),
        _ => Config::from_vars(real),
    }
}

/// `RUST_LOG` decides what is written; standard output is for results only.
fn start_log() {
    let quiet = format!("info,sqlx=warn,{}", server::mqtt::LOG_FILTER);
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(quiet));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

fn fail(error: &dyn std::error::Error, code: u8) -> ExitCode {
    eprintln!("templog: {error}");
    ExitCode::from(code)
}
