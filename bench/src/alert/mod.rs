//! Publish → a mail server's "250": what a person waits for, in quiet times and in a storm.
//!
//! The mail server is ours, so that both ends of a time are read from one clock. It answers at once: what is measured is
//! the server under test.

mod device;
mod home;
mod mailbox;
mod quiet;
mod storm;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Result, ensure};
use serde_json::Value;

use home::Home;
use mailbox::Mailbox;

/// Whom to publish to, and where mails arrive.
#[derive(clap::Args)]
pub struct Args {
    /// Port of the broker on this machine.
    #[arg(long)]
    mqtt_port: u16,
    /// `http://host:port` of the server.
    #[arg(long)]
    http: String,
    /// Port on which the server under test finds its mail server.
    #[arg(long)]
    smtp_port: u16,
    /// JSON: a list of `{"email", "products"}`, products as printed by `templog product create`.
    #[arg(long)]
    homes: PathBuf,
    /// Everybody's password.
    #[arg(long)]
    password: String,
    /// `quiet` (one crossing at a time in every home) or `storm` (every device within one second).
    #[arg(long)]
    what: What,
    /// Crossings of each home in quiet times.
    #[arg(long, default_value_t = 20)]
    crossings: u32,
}

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum What {
    /// One crossing at a time in every home.
    Quiet,
    /// Every device within one second.
    Storm,
}

/// Measures, and returns the figures.
///
/// # Errors
/// If a part cannot be reached, or somebody who should be told is not.
pub async fn run(args: Args) -> Result<Value> {
    let mailbox = Mailbox::open(SocketAddr::from((Ipv4Addr::LOCALHOST, args.smtp_port))).await?;
    let homes = home::read(&args).await?;
    ensure!(!homes.is_empty(), "{} names no home", args.homes.display());
    let figures = match args.what {
        What::Quiet => quiet::measure(&args, &homes, &mailbox).await?,
        What::Storm => storm::measure(&args, &homes, &mailbox).await?,
    };
    Ok(figures)
}
