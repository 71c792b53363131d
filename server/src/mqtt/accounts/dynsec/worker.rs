//! The task that keeps the broker's accounts equal to the database.

use std::sync::Arc;
use std::time::Duration;

use domain::serial::Serial;
use rand::Rng as _;
use serde_json::json;
use tokio::sync::{Notify, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::line::{Fault, Line};
use super::settle::{AT_ONCE, Tally, Trouble, settle};
use super::wanted::{Client, Rule, read_rules, write_rule};
use super::wire::Command;
use crate::clock::Clock;
use crate::config::BrokerUrl;
use crate::db::devices::find_serials;
use crate::db::provisions::{list_pending, list_provisions};
use crate::db::{Db, DeviceId};
use crate::duty::Duty;
use crate::mqtt::accounts::{AccountsState, Standing};
use crate::seal::Seal;

/// How often it is looked whether somebody else (the command line, another server) has made or taken back devices.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often everything is compared.
const COMPARE_EVERY: Duration = Duration::from_hours(1);
/// Accounts per page, of the database and of the broker.
const PAGE: u32 = 500;
/// Names of strangers that are told.
const NAMES: usize = 20;
/// The first and the longest wait before the broker is tried again; a person has to act on the others.
const FIRST_MS: u64 = 500;
const LONGEST_MS: u64 = 10_000;
const BY_HAND: Duration = Duration::from_mins(1);
const NO_RIGHTS: Duration = Duration::from_secs(15);
/// The role that lets the server itself speak and hear.
const OWN_ROLE: &str = "templog-server";

pub(super) struct Worker {
    pub db: Db,
    pub seal: Seal,
    pub clock: Clock,
    pub url: BrokerUrl,
    /// Somebody is waiting.
    pub poke: Arc<Notify>,
    pub state: watch::Sender<AccountsState>,
    /// Whether this instance compares and looks after what others have made.
    pub duty: Duty,
}

impl Worker {
    /// Works for ever. Stop it by dropping: what is not confirmed is told again.
    pub async fn run(self) {
        let mut failures = 0_u32;
        loop {
            let trouble = self.session(&mut failures).await;
            let wait = self.note(&trouble, failures);
            failures = failures.saturating_add(1);
            tokio::time::sleep(wait).await;
        }
    }

    /// Serves one connection until something goes wrong.
    async fn session(&self, failures: &mut u32) -> Trouble {
        let mut line = match Line::open(&self.url).await {
            Ok(line) => line,
            Err(fault) => return fault.into(),
        };
        if let Err(trouble) = self.claim_own_rights(&mut line).await {
            return trouble;
        }
        *failures = 0;
        loop {
            self.stand_by();
            tokio::select! {
                trouble = self.serve_own(&mut line) => return trouble,
                () = self.duty.begins() => {}
            }
            if let Some(trouble) = self.serve_all(&mut line).await {
                return trouble;
            }
        }
    }

    /// Tells the broker of what was made here: whoever made it waits for it.
    async fn serve_own(&self, line: &mut Line) -> Trouble {
        loop {
            let done = tokio::select! {
                fault = line.idle() => return fault.into(),
                () = self.poke.notified() => self.settle_pending(line).await,
            };
            if let Err(trouble) = done {
                return trouble;
            }
        }
    }

    /// Tells it of everything, and compares, for as long as that is ours to do.
    async fn serve_all(&self, line: &mut Line) -> Option<Trouble> {
        let (mut look, mut compare) = (timer(LOOK_EVERY), timer(COMPARE_EVERY));
        loop {
            // The first comparison is immediate.
            let done = tokio::select! {
                fault = line.idle() => return Some(fault.into()),
                () = self.duty.ends() => return None,
                _ = compare.tick() => self.compare_all(line).await,
                () = self.poke.notified() => self.settle_pending(line).await,
                _ = look.tick() => self.settle_pending(line).await,
            };
            if let Err(trouble) = done {
                return Some(trouble);
            }
        }
    }

    /// The line is open; whether the accounts agree another instance knows, unless it is about to be us.
    fn stand_by(&self) {
        let standing = if self.duty.is_mine() {
            Standing::Comparing
        } else {
            Standing::Elsewhere
        };
        let now = self.clock.now();
        self.state.send_if_modified(|state| {
            let is_news = state.standing != standing;
            if is_news {
                (state.standing, state.since, state.detail) = (standing, now, None);
            }
            is_news
        });
    }

    async fn settle_pending(&self, line: &mut Line) -> Result<(), Trouble> {
        loop {
            let accounts = list_pending(&self.db, u32::try_from(AT_ONCE).unwrap_or(u32::MAX)).await?;
            if accounts.is_empty() {
                return Ok(());
            }
            let tally = settle(line, &self.db, &self.seal, &accounts).await?;
            // Wakes whoever waits for these.
            self.state.send_modify(|_| {});
            if tally.confirmed == 0 {
                tracing::warn!(reason = ?tally.reason, "the MQTT broker does not take the accounts of devices");
                return Ok(());
            }
        }
    }

    /// Compares every account, page by page, and tells what was found.
    async fn compare_all(&self, line: &mut Line) -> Result<(), Trouble> {
        let began = self.clock.now();
        let (mut total, mut after) = (Tally::default(), DeviceId(0));
        let mut count = 0;
        loop {
            let page = list_provisions(&self.db, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.device;
            count += page.len();
            for accounts in page.chunks(AT_ONCE) {
                total.add(settle(line, &self.db, &self.seal, accounts).await?);
            }
        }
        let (names, stranger_count) = self.strangers(line).await?;
        let (standing, detail) = verdict(&total);
        let now = self.clock.now();
        tracing::info!(
            devices = count,
            confirmed = total.confirmed,
            forgotten = total.forgotten,
            strangers = stranger_count,
            ms = now.since(began),
            "compared the accounts of the MQTT broker"
        );
        self.state.send_modify(|state| {
            if state.standing != standing {
                state.since = now;
            }
            state.standing = standing;
            state.detail = detail;
            state.compared_at = Some(now);
            state.strangers = names;
            state.stranger_count = stranger_count;
            state.unknown_passwords = total.unknown_passwords;
        });
        Ok(())
    }

    /// Clients that are called like devices and are none of ours.
    async fn strangers(&self, line: &mut Line) -> Result<(Vec<String>, usize), Trouble> {
        let (mut names, mut count, mut offset) = (Vec::new(), 0, 0);
        loop {
            let question = json!({"verbose": false, "count": PAGE, "offset": offset});
            let answers = line.ask(vec![Command::new("listClients", question)]).await?;
            let data = answers.into_iter().next().map(|answer| answer.data).unwrap_or_default();
            let page: Vec<Serial> = data["clients"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|client| Serial::from_canonical(client.as_str()?).ok())
                .collect();
            let known = find_serials(&self.db, &page).await?;
            for stranger in page.iter().filter(|serial| !known.contains(serial)) {
                count += 1;
                if names.len() < NAMES {
                    names.push(stranger.to_string());
                }
            }
            let given = data["clients"].as_array().map_or(0, Vec::len);
            offset += given;
            let total = data["totalCount"].as_u64().unwrap_or(0);
            if given == 0 || offset as u64 >= total {
                return Ok((names, count));
            }
        }
    }

    /// An account fresh from `mosquitto_ctrl dynsec init` may change accounts, but not speak to devices. It helps itself.
    async fn claim_own_rights(&self, line: &mut Line) -> Result<(), Trouble> {
        let own = &self.url.username;
        let answers = line
            .ask(vec![Command::new("getClient", json!({"username": own}))])
            .await?;
        let Some(client) = answers.first().and_then(Client::read) else {
            return Ok(());
        };
        let questions = client
            .roles()
            .iter()
            .map(|role| Command::new("getRole", json!({"rolename": role})));
        let roles = line.ask(questions.collect()).await?;
        let may_speak = roles
            .iter()
            .filter_map(read_rules)
            .flatten()
            .any(|(kind, topic, _, allow)| {
                kind == "publishClientSend" && allow && matches!(topic.as_str(), "#" | "templog/#" | "templog/v1/#")
            });
        if may_speak {
            return Ok(());
        }
        tracing::info!("giving the server's own account at the MQTT broker the right to speak to devices");
        let rules: Vec<_> = own_rules().iter().map(write_rule).collect();
        // Whatever of it is there already is answered with an error that does not matter.
        line.ask(vec![
            Command::new("createRole", json!({"rolename": OWN_ROLE, "acls": rules})),
            Command::new("modifyRole", json!({"rolename": OWN_ROLE, "acls": rules})),
            Command::new(
                "addClientRole",
                json!({"username": own, "rolename": OWN_ROLE, "priority": 0}),
            ),
        ])
        .await?;
        Ok(())
    }

    /// Tells what is wrong, and how long to wait.
    fn note(&self, trouble: &Trouble, failures: u32) -> Duration {
        let longest = (FIRST_MS << failures.min(10)).min(LONGEST_MS);
        let soon = Duration::from_millis(rand::rng().random_range(longest / 2..=longest));
        let (standing, detail, wait) = match trouble {
            Trouble::Line(Fault::NoPlugin) => (Standing::ByHand, None, BY_HAND),
            Trouble::Line(Fault::NoRights(text)) => (Standing::NoRights, Some(text.clone()), NO_RIGHTS),
            Trouble::Line(Fault::Lost(text)) => (Standing::Unreachable, Some(text.clone()), soon),
            Trouble::Store(error) => {
                tracing::warn!(%error, "the accounts of the MQTT broker cannot be compared with the database");
                return soon;
            }
        };
        let now = self.clock.now();
        self.state.send_if_modified(|state| {
            let is_news = state.standing != standing;
            if is_news {
                tracing::warn!(standing = standing.as_str(), ?detail, "the accounts of the MQTT broker");
                state.standing = standing;
                state.since = now;
            }
            state.detail = detail;
            is_news
        });
        wait
    }
}

/// What is to be said of a comparison.
fn verdict(total: &Tally) -> (Standing, Option<String>) {
    if total.refused > 0 {
        let reason = total.reason.as_deref().unwrap_or("no reason given");
        let detail = format!("{} accounts are not as they must be: {reason}", total.refused);
        return (Standing::NoRights, Some(detail));
    }
    if total.forgotten > 0 {
        let detail = format!(
            "{} accounts it had confirmed were lost or changed, and have been told again: \
             can the broker write dynamic-security.json and the folder it is in?",
            total.forgotten
        );
        return (Standing::Forgetful, Some(detail));
    }
    (Standing::Agreed, None)
}

/// What the server does at the broker.
fn own_rules() -> [Rule; 4] {
    let allow = |kind: &str, topic: &str| (kind.to_owned(), topic.to_owned(), 0, true);
    [
        allow("publishClientSend", "templog/v1/#"),
        allow("publishClientReceive", "templog/v1/#"),
        allow("subscribePattern", "templog/v1/#"),
        allow("subscribePattern", "$share/templog/templog/v1/#"),
    ]
}

fn timer(period: Duration) -> Interval {
    let mut timer = interval(period);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    timer
}
