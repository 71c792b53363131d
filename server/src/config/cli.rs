//! The command line of `templog`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::variables;

/// Watches the temperature and humidity of homes.
#[derive(Debug, Parser)]
#[command(name = "templog", version, after_help = variables::help())]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands; all of them read the same environment.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve pages, API and broker until told to stop.
    #[command(after_help = variables::help())]
    Serve,
    /// Ask the server that runs with these settings whether it can do its work; exit code 0 if so.
    Health,
    /// Copy an SQLite database into a new file while the server goes on; for MariaDB see `deploy/backup`.
    Backup {
        /// The file to make.
        #[arg(value_name = "FILE")]
        into: PathBuf,
    },
    /// Bring the database to this version and exit.
    Migrate,
    /// Put the files for the browser into a copy of this program, which then serves them wherever it is.
    Pack {
        /// The folder of the files, as they were built.
        #[arg(long, value_name = "FOLDER")]
        site: PathBuf,
        /// The program to make.
        #[arg(long, value_name = "FILE")]
        into: PathBuf,
    },
    /// Products: devices as they leave the shop.
    #[command(subcommand)]
    Product(ProductCommand),
    /// Accounts of people.
    #[command(subcommand)]
    User(UserCommand),
    /// Personal tokens for scripts.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Fill a demo household with the history of a recorded house.
    Demo(DemoArgs),
}

/// `templog product …`
#[derive(Debug, Subcommand)]
pub enum ProductCommand {
    /// Make new products and print their serials, claim codes and credentials as JSON.
    Create {
        /// How many (at most 100000 at once).
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        count: u32,
        /// Give them to this account at once.
        #[arg(long, value_name = "EMAIL")]
        owner: Option<String>,
        /// What the device is.
        #[arg(long, default_value = "DHT22-ESP32")]
        model: String,
    },
}

/// `templog user …`
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account, verified at once; its password is read from standard input.
    Create {
        /// The address it signs in with.
        email: String,
        /// May make and find products.
        #[arg(long)]
        operator: bool,
    },
}

/// `templog token …`
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a personal token and print it: it is shown this once.
    Create {
        /// Whose token.
        email: String,
        /// What it is for, to tell tokens apart.
        #[arg(long)]
        name: String,
    },
}

/// `templog demo …`
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Recorded rooms: `ts_utc,device,temperature_c,humidity_pct`.
    #[arg(long, value_name = "CSV")]
    pub file: PathBuf,
    /// How many days of history end now.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
    pub days: u16,
    /// Where to write the devices' credentials for the simulator.
    #[arg(long, value_name = "JSON")]
    pub credentials: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_lists_every_variable_with_its_default() {
        let help = Cli::command()
            .find_subcommand_mut("serve")
            .unwrap()
            .render_help()
            .to_string();
        for variable in variables::ALL {
            assert!(
                help.contains(variable.name) && help.contains(variable.default),
                "{help}"
            );
        }
    }
}
