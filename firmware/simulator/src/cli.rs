//! The command line, and what each command does with it.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args as Arguments, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::broker::Broker;
use crate::load;
use crate::portal;
use crate::replay;
use crate::stop;

/// Simulated devices: they replay recorded rooms, or load a server to measure it.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    replay: Option<Replay>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Publish as many readings as asked for, and tell what became of each.
    Load(Load),
    /// Serve the page by which a new device is set up, as the device itself does.
    Portal(Portal),
}

/// Where to serve it.
#[derive(Debug, Arguments)]
pub struct Portal {
    /// Address and port; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

/// What to replay, and where to.
#[derive(Debug, Arguments)]
pub struct Replay {
    /// mqtt://host:port or mqtts://host:port; without it, what the credentials say.
    #[arg(long)]
    pub broker: Option<Broker>,
    /// JSON as printed by `templog product create`.
    #[arg(long)]
    pub credentials: PathBuf,
    /// Recorded rooms: `ts_utc,device,temperature_c,humidity_pct`.
    #[arg(long)]
    pub file: PathBuf,
    /// How many devices; more devices than recorded rooms share them [default: one for each of the credentials].
    #[arg(long, visible_alias = "devices")]
    pub rooms: Option<usize>,
    /// How much faster than recorded. Readings always carry the present time.
    #[arg(long, default_value_t = 1.0, value_parser = positive)]
    pub speed: f64,
    /// Start at the recording's present time of day by the clock of this zone (say Asia/Seoul), 40 days before its end:
    /// where the history made by `templog demo` stops.
    #[arg(long, value_name = "ZONE")]
    pub wall_clock: Option<String>,
    /// Start over at the end of the recording instead of stopping.
    #[arg(long)]
    pub repeat: bool,
    /// What goes wrong with every device; may be given several times.
    #[arg(long, value_name = "FAULT", value_enum)]
    pub fault: Vec<replay::Fault>,
    /// Readings a device keeps until the server has them.
    #[arg(long, default_value_t = 2880)]
    pub capacity: usize,
}

/// How much to publish, and how.
#[derive(Debug, Arguments)]
pub struct Load {
    /// mqtt://host:port; without it, what the credentials say.
    #[arg(long)]
    pub broker: Option<Broker>,
    /// JSON as printed by `templog product create`, with a product for each connection.
    #[arg(long)]
    pub credentials: PathBuf,
    /// How many devices, each with a connection of its own [default: one for each of the credentials].
    #[arg(long)]
    pub connections: Option<usize>,
    /// Readings per second, all connections together, due by the clock however slow the server is; 0 is as many as the
    /// broker takes.
    #[arg(long, value_parser = positive_or_zero)]
    pub rate: f64,
    /// For how long readings are due, seconds.
    #[arg(long, value_parser = positive)]
    pub seconds: f64,
    /// Readings a connection may have published without a PUBACK.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..))]
    pub window: u16,
    /// 4 is MQTT 3.1.1, 5 is MQTT 5.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(4..=5))]
    pub protocol: u8,
    /// Be content with PUBACKs: do not wait for the server's acks and send nothing again for lack of one. So it is in
    /// any case as long as no ack has come at all: perhaps there is only a broker.
    #[arg(long)]
    pub puback_only: bool,
    /// A reading without the server's ack is sent again after this long, seconds.
    #[arg(long, default_value_t = 10.0, value_parser = positive)]
    pub resend: f64,
    /// How long to wait at the end for what is missing, seconds.
    #[arg(long, default_value_t = 20.0, value_parser = positive)]
    pub drain: f64,
    /// A line per event is appended to this file: `event,serial,boot,seq,at,unix_ms`.
    #[arg(long)]
    pub log: Option<PathBuf>,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(number) if f64::is_finite(number) && number > 0.0 => Ok(number),
        _ => Err("must be a number above 0".to_owned()),
    }
}

fn positive_or_zero(text: &str) -> Result<f64, String> {
    if text == "0" { Ok(0.0) } else { positive(text) }
}

/// Runs the command until it is done or told to stop by SIGINT or SIGTERM.
pub fn run(args: Args) -> Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,rumqttc=error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    // Fails only if a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let stop = stop::on_signal()?;
        match (args.command, args.replay) {
            (Some(Command::Load(load)), _) => {
                let report = load::run(&load, stop).await?;
                println!("{}", serde_json::to_string(&report)?);
                Ok(())
            }
            (Some(Command::Portal(args)), _) => portal::run(args.listen, stop).await,
            (None, Some(replay)) => replay::run(&replay, stop).await,
            (None, None) => Err(anyhow::anyhow!("nothing to do")).context("see --help"),
        }
    })
}
