//! Measurements that need a client of their own; `cargo xtask bench` starts the servers and calls these.
//!
//! Each prints one JSON object on standard output, so that the caller can put figure beside ceiling.

mod clock;
mod insert;
mod latency;

use anyhow::Result;
use clap::Parser;

/// One measurement.
#[derive(Parser)]
#[command(name = "templog-bench", about = "Measures one figure and prints it as JSON")]
enum Command {
    /// Publish at a fixed rate and time each reading until it arrives on the websocket.
    Latency(latency::Args),
    /// Insert bare rows in bulk: what the same database does without any of our logic.
    Insert(insert::Args),
}

#[tokio::main]
async fn main() -> Result<()> {
    rustls::crypto::ring::default_provider().install_default().ok();
    let figures = match Command::parse() {
        Command::Latency(args) => latency::run(args).await?,
        Command::Insert(args) => insert::run(args).await?,
    };
    #[expect(clippy::print_stdout, reason = "the figures are this program's output")]
    {
        println!("{figures}");
    }
    Ok(())
}
