//! Makes the broker's accounts of some devices what they must be: read, repair what differs, read again.

use serde_json::json;

use super::line::{Fault, Line};
use super::wanted::{Client, Differences, compare, read_rules, repair, role_of};
use super::wire::Command;
use crate::db::Db;
use crate::db::provisions::{Provision, update_confirmed};
use crate::error::Error;
use crate::products::open_password;
use crate::seal::Seal;

/// Devices per message.
pub(super) const AT_ONCE: usize = 25;

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Accounts that are now as they must be, and were waiting for it.
    pub confirmed: usize,
    /// Accounts that the broker had confirmed and has lost, or that somebody else has changed.
    pub forgotten: usize,
    /// Accounts whose password nobody knows any more.
    pub unknown_passwords: usize,
    /// Accounts that the broker does not want as they must be.
    pub refused: usize,
    /// What it said about one of them.
    pub reason: Option<String>,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.confirmed += other.confirmed;
        self.forgotten += other.forgotten;
        self.unknown_passwords += other.unknown_passwords;
        self.refused += other.refused;
        self.reason = other.reason.or(self.reason.take());
    }
}

/// Why it could not be done.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The broker.
    Line(Fault),
    /// The database.
    Store(Error),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Line(fault)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// Settles the accounts of these devices, at most [`AT_ONCE`].
pub(super) async fn settle(line: &mut Line, db: &Db, seal: &Seal, accounts: &[Provision]) -> Result<Tally, Trouble> {
    let mut tally = Tally::default();
    let before = read(line, accounts).await?;
    let mut commands = Vec::new();
    for (account, found) in accounts.iter().zip(before.iter().copied()) {
        if found.is_none() {
            continue;
        }
        if !account.pending {
            tally.forgotten += 1;
        }
        let password = found
            .need_password()
            .then(|| open_password(seal, account.serial, account.sealed.as_deref()));
        if password == Some(None) {
            tally.unknown_passwords += 1;
            continue;
        }
        commands.extend(repair(
            account.serial,
            &account.mark,
            found,
            password.flatten().as_deref(),
        ));
    }
    let mut after = before.clone();
    if !commands.is_empty() {
        let answers = line.ask(commands).await?;
        tally.reason = answers.into_iter().find_map(|answer| answer.error);
        after = read(line, accounts).await?;
    }
    for (account, left) in accounts.iter().zip(after) {
        if left.is_none() {
            if account.pending {
                update_confirmed(db, account).await?;
                tally.confirmed += 1;
            }
        } else if !left.need_password() || account.sealed.is_some() {
            tally.refused += 1;
        }
    }
    Ok(tally)
}

async fn read(line: &mut Line, accounts: &[Provision]) -> Result<Vec<Differences>, Fault> {
    let ask = |account: &Provision| {
        [
            Command::new("getClient", json!({"username": account.serial.as_str()})),
            Command::new("getRole", json!({"rolename": role_of(account.serial)})),
        ]
    };
    let answers = line.ask(accounts.iter().flat_map(ask).collect()).await?;
    let pairs = accounts.iter().zip(answers.chunks(2));
    Ok(pairs
        .map(|(account, pair)| {
            let (client, rules) = (Client::read(&pair[0]), read_rules(&pair[1]));
            compare(account.serial, &account.mark, client.as_ref(), rules.as_ref())
        })
        .collect())
}
