//! Measurements that need a client of their own; `cargo xtask bench` starts the servers and calls these.
//!
//! Each prints one JSON object on standard output, so that the caller can put figure beside ceiling.

mod alert;
mod clock;
mod history;
mod insert;
mod latency;
mod pages;
mod percentile;
mod slots;

use anyhow::Result;
use clap::Parser;

/// One measurement.
#[derive(Parser)]
#[command(name = "templog-bench", about = "Measures one figure and prints it as JSON")]
enum Command {
    /// Publish at a fixed rate and time each reading until it arrives on the websocket.
    Latency(latency::Args),
    /// Publish readings that people want to be told of, and time each until its mail is accepted.
    Alert(alert::Args),
    /// Insert bare rows in bulk: what the same database does without any of our logic.
    Insert(insert::Args),
    /// Fill a server's store with years of slots.
    Slots(slots::Args),
    /// Ask for a page at a fixed rate and time each answer.
    Pages(pages::Args),
    /// Time what pages and scripts ask of years of slots.
    History(history::Args),
}

#[tokio::main]
async fn main() -> Result<()> {
    rustls::crypto::ring::default_provider().install_default().ok();
    let figures = match Command::parse() {
        Command::Latency(args) => latency::run(args).await?,
        Command::Alert(args) => alert::run(args).await?,
        Command::Insert(args) => insert::run(args).await?,
        Command::Slots(args) => slots::run(args).await?,
        Command::Pages(args) => pages::run(args).await?,
        Command::History(args) => history::run(args).await?,
    };
    #[expect(clippy::print_stdout, reason = "the figures are this program's output")]
    {
        println!("{figures}");
    }
    Ok(())
}
