//! What each command of `templog` does; results go to standard output.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use domain::time::Timestamp;
use tokio::signal::unix::{SignalKind, signal};

use crate::auth::{MAX_CHARS, MIN_CHARS, Passwords, PersonalToken, Scope};
use crate::clock::Clock;
use crate::config::{Command, Config, DemoArgs, ProductCommand, TokenCommand, UserCommand};
use crate::db::tokens::{NewToken, insert_token};
use crate::db::users::{self, NewUser};
use crate::db::{self, Db, UserId};
use crate::demo;
use crate::error::{Error, Result};
use crate::products::{self, Order};
use crate::server::{Server, open_shop, open_store};
use crate::site;

/// Longer than `/readyz` waits for the database.
const HEALTH_PATIENCE: Duration = Duration::from_secs(4);

/// Does what the command line says.
///
/// # Errors
/// Whatever stopped it, in words for the operator.
pub async fn run(command: Command, config: Config) -> Result<()> {
    for name in &config.unknown_variables {
        tracing::warn!("{name} is set, but there is no such variable: see `templog serve --help`");
    }
    if config.has_weak_operator_token() {
        tracing::warn!("TEMPLOG_OPERATOR_TOKEN is short enough to be guessed: take 32 characters or more");
    }
    match command {
        Command::Serve => serve(config).await,
        Command::Health => ask_health(config.http_addr).await,
        Command::Pack { site, into } => site::pack(&own_program()?, &site, &into),
        other => {
            let db = open_store(&config).await?;
            let done = run_on(&db, other, &config, Clock::system().now()).await;
            db.close().await;
            done
        }
    }
}

async fn run_on(db: &Db, command: Command, config: &Config, now: Timestamp) -> Result<()> {
    match command {
        // Opening the store has done what `migrate` asks for.
        Command::Serve | Command::Health | Command::Pack { .. } | Command::Migrate => Ok(()),
        Command::Backup { into } => db::backup(db, &into).await,
        Command::Product(ProductCommand::Create { count, owner, model }) => {
            create_products(db, config, count, owner.as_deref(), &model, now).await
        }
        Command::User(UserCommand::Create { email, operator }) => create_user(db, &email, operator, now).await,
        Command::Token(TokenCommand::Create { email, name }) => create_token(db, &email, &name, now).await,
        Command::Demo(args) => fill_demo(db, config, &args, now).await,
    }
}

fn own_program() -> Result<PathBuf> {
    std::env::current_exe().map_err(|source| Error::Io {
        context: "find this program".to_owned(),
        source,
    })
}

/// Prints what `/readyz` says.
async fn ask_health(mut addr: SocketAddr) -> Result<()> {
    if addr.ip().is_unspecified() {
        addr.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let unwell = |what: String| Error::Io {
        context: format!("the server at {addr}"),
        source: io::Error::other(what),
    };
    let client = reqwest::Client::builder().timeout(HEALTH_PATIENCE).no_proxy().build();
    let asking = client
        .map_err(|error| unwell(error.to_string()))?
        .get(format!("http://{addr}/readyz"))
        .send();
    let answer = asking.await.map_err(|_| unwell("does not answer".to_owned()))?;
    let status = answer.status();
    let said = answer.text().await.unwrap_or_default();
    println!("{said}");
    if status.is_success() {
        Ok(())
    } else {
        Err(unwell(format!("is not ready: {status}")))
    }
}

async fn create_products(
    db: &Db,
    config: &Config,
    count: u32,
    owner: Option<&str>,
    model: &str,
    now: Timestamp,
) -> Result<()> {
    let owner = match owner {
        Some(email) => Some(find_account(db, email).await?),
        None => None,
    };
    let shop = open_shop(config, db)?;
    let mut made = Vec::new();
    // In portions, so that a server beside us is not kept waiting for the write lock.
    let outcome = loop {
        let missing = count - u32::try_from(made.len()).unwrap_or(count);
        if missing == 0 {
            break Ok(());
        }
        let portion = missing.min(products::MOST);
        match shop.create(&Order::new(portion, model)?, owner, now).await {
            Ok(products) => made.extend(products),
            Err(error) => break Err(error),
        }
    };
    // Whatever is made is told, even if the rest failed: its secrets are nowhere else.
    if outcome.is_ok() || !made.is_empty() {
        let json = serde_json::to_string_pretty(&made).expect("plain text can be encoded");
        println!("{json}");
    }
    outcome
}

async fn fill_demo(db: &Db, config: &Config, args: &DemoArgs, now: Timestamp) -> Result<()> {
    let options = demo::Options {
        file: &args.file,
        days: args.days,
        credentials: &args.credentials,
        shop: &open_shop(config, db)?,
    };
    let added = demo::seed(db, &options, now).await?;
    println!(
        "{added} readings added; sign in as {} with {}",
        demo::EMAIL,
        demo::PASSWORD
    );
    Ok(())
}

async fn create_user(db: &Db, email: &str, operator: bool, now: Timestamp) -> Result<()> {
    if !looks_like_an_address(email) {
        return Err(Error::Invalid {
            field: "EMAIL",
            reason: "is not a mail address".to_owned(),
        });
    }
    let password = read_password()?;
    let Some(hash) = Passwords::new().hash(password).await else {
        let reason = format!("must have {MIN_CHARS} to {MAX_CHARS} characters");
        return Err(Error::Invalid {
            field: "password",
            reason,
        });
    };
    let user = NewUser {
        email,
        password_hash: Some(&hash),
        verified_at: Some(now),
        operator,
    };
    match users::insert_user(db, &user, now).await {
        Err(Error::Conflict) => Err(Error::Invalid {
            field: "EMAIL",
            reason: "has an account already".to_owned(),
        }),
        inserted => inserted.map(drop),
    }
}

/// The first line of standard input, so that no password shows in the list of processes.
fn read_password() -> Result<String> {
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(|source| Error::Io {
        context: "password on standard input".to_owned(),
        source,
    })?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn create_token(db: &Db, email: &str, name: &str, now: Timestamp) -> Result<()> {
    let owner = find_account(db, email).await?;
    let token = PersonalToken::generate();
    let mut tx = db.begin_write().await?;
    let new = NewToken {
        user: owner,
        name,
        scope: Scope::Write.as_str(),
        hash: &token.hash(),
    };
    insert_token(&mut tx, &new, now).await?;
    tx.commit().await?;
    println!("{}", token.expose());
    Ok(())
}

async fn find_account(db: &Db, email: &str) -> Result<UserId> {
    let user = users::find_user_by_email(db, email).await?;
    let unknown = || Error::Invalid {
        field: "EMAIL",
        reason: format!("{email} has no account"),
    };
    user.map(|user| user.id).ok_or_else(unknown)
}

fn looks_like_an_address(email: &str) -> bool {
    let is_plain = !email.contains(|c: char| c.is_whitespace() || c.is_control());
    is_plain
        && email.len() <= 254
        && email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
}

async fn serve(mut config: Config) -> Result<()> {
    if config.site_dir.is_file() {
        config.site_dir = site::unpack(&config.site_dir, &config.data_dir)?;
    }
    let public_url = config.public_url.origin();
    let server = Server::build(config, Clock::system()).await?;
    tracing::info!(http = %server.addr(), mqtt = ?server.mqtt_addr(), "serving {public_url}");
    server.run(stop_signal()?).await
}

/// Resolves at the first SIGTERM or SIGINT.
fn stop_signal() -> Result<impl Future<Output = ()>> {
    let listen = |kind| {
        signal(kind).map_err(|source| Error::Io {
            context: "signals".to_owned(),
            source,
        })
    };
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
