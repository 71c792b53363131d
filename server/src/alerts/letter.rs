//! One letter to one person about everything that happens in one home at one time.

use std::collections::BTreeMap;

use app::Degrees;
use domain::time::Timestamp;
use jiff::tz::TimeZone;

use super::Bell;
use super::quiet::quiet_until;
use super::words::{self, Reader, Tale};
use crate::db::alerts::{Alert, list_alerts_of_letter};
use crate::db::households::WatchedHome;
use crate::db::notices::{What, delete_notice, insert_notices, list_told};
use crate::db::notification_settings::Recipient;
use crate::db::outbox::{Channel, delete_unsent, find_unsent};
use crate::db::rules::Terms;
use crate::db::{AlertId, Tx};
use crate::error::Result;
use crate::mail::{Language, Mail};
use crate::outbox::{Post, enqueue_for, rewrite};
use crate::zone;

/// Where several devices are watched, the first letter waits so long for more to tell.
const GATHER_MS: i64 = 1_000;
/// Sentences in a letter; whatever more there is is counted.
const MOST_SENTENCES: usize = 20;

/// An alert that people are to be told of.
#[derive(Clone, Copy)]
pub(super) struct Told {
    pub alert: AlertId,
    pub what: What,
    pub terms: Terms,
}

/// A home, as letters want to know it.
pub(super) struct Home {
    name: String,
    zone: TimeZone,
    /// Whether several of its devices are watched.
    is_large: bool,
}

impl From<WatchedHome> for Home {
    fn from(home: WatchedHome) -> Self {
        Self {
            zone: zone::find_or_utc(&home.zone),
            name: home.name,
            is_large: home.watched > 1,
        }
    }
}

/// When a letter leaves.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Leaves {
    Now,
    /// At the end of quiet hours.
    At(Timestamp),
}

impl Bell {
    /// Writes to one person what they are to hear of.
    pub(super) async fn write_to(
        &self,
        tx: &mut Tx<'_>,
        home: &Home,
        to: &Recipient,
        happened: &[Told],
        now: Timestamp,
    ) -> Result<()> {
        let mut begun: BTreeMap<Leaves, Vec<Told>> = BTreeMap::new();
        let mut over: BTreeMap<Leaves, Vec<Told>> = BTreeMap::new();
        for told in happened {
            let leaves = leaves(home, to, &told.terms, now);
            if told.what == What::Over {
                // Whoever has not heard of it need not hear that it is over.
                if self.has_heard(tx, home, to, told.alert, now).await? {
                    over.entry(leaves).or_default().push(*told);
                }
            } else if to.settings.by_mail && told.terms.channels.mail {
                begun.entry(leaves).or_default().push(*told);
            }
        }
        for (leaves, told) in begun {
            self.write(tx, home, to, leaves, &told, now).await?;
        }
        for (leaves, told) in over {
            self.write(tx, home, to, leaves, &told, now).await?;
        }
        Ok(())
    }

    /// Whether a letter that tells of the alert has left, or is leaving. One that has not is taken back.
    async fn has_heard(
        &self,
        tx: &mut Tx<'_>,
        home: &Home,
        to: &Recipient,
        alert: AlertId,
        now: Timestamp,
    ) -> Result<bool> {
        let mut heard = false;
        for (user, letter) in list_told(tx, alert).await? {
            if user == to.user {
                heard |= !self.take_back(tx, home, to, alert, &letter, now).await?;
            }
        }
        Ok(heard)
    }

    /// Takes an alert out of a letter. `false`: the letter has left.
    async fn take_back(
        &self,
        tx: &mut Tx<'_>,
        home: &Home,
        to: &Recipient,
        alert: AlertId,
        letter: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut rest = list_alerts_of_letter(tx, letter).await?;
        rest.retain(|other| other.id != alert);
        let done = if rest.is_empty() {
            delete_unsent(tx, letter).await?
        } else {
            self.compose(tx, home, to, letter, &rest, false, now).await?
        };
        if done {
            delete_notice(tx, alert, letter).await?;
        }
        Ok(done)
    }

    async fn write(
        &self,
        tx: &mut Tx<'_>,
        home: &Home,
        to: &Recipient,
        leaves: Leaves,
        told: &[Told],
        now: Timestamp,
    ) -> Result<()> {
        let (Some(first), ids) = (told.first(), told.iter().map(|told| told.alert).collect::<Vec<_>>()) else {
            return Ok(());
        };
        let is_over = first.what == What::Over;
        let prefix = prefix(to, is_over, leaves);
        if let Some(letter) = find_unsent(tx, Channel::Mail, &to.email, &prefix).await? {
            let there = list_alerts_of_letter(tx, &letter).await?;
            let is_new = |id: &AlertId| there.iter().all(|alert| alert.id != *id);
            let new: Vec<_> = ids.iter().copied().filter(is_new).collect();
            insert_notices(tx, &new, to.user, &letter, first.what, now).await?;
            let alerts = list_alerts_of_letter(tx, &letter).await?;
            if self.compose(tx, home, to, &letter, &alerts, is_over, now).await? {
                return Ok(());
            }
            for id in &new {
                delete_notice(tx, *id, &letter).await?;
            }
        }
        let letter = format!("{prefix}{:016x}", rand::random::<u64>());
        insert_notices(tx, &ids, to.user, &letter, first.what, now).await?;
        let alerts = list_alerts_of_letter(tx, &letter).await?;
        let due_at = match leaves {
            Leaves::At(at) => Some(at),
            Leaves::Now if home.is_large => Some(now.plus_millis(GATHER_MS)),
            Leaves::Now => None,
        };
        let content = Content::of(home, to, &alerts, is_over, now);
        let (ack_url, log_url) = self.urls(&letter);
        let post = content.post(to, &letter, &ack_url, &log_url);
        enqueue_for(tx, self.0.dialect, &post, due_at, now).await?;
        Ok(())
    }

    /// Writes a letter anew. `false`: it has left.
    #[expect(clippy::too_many_arguments, reason = "all of them are what a letter is made of")]
    async fn compose(
        &self,
        tx: &mut Tx<'_>,
        home: &Home,
        to: &Recipient,
        letter: &str,
        alerts: &[Alert],
        is_over: bool,
        now: Timestamp,
    ) -> Result<bool> {
        let content = Content::of(home, to, alerts, is_over, now);
        let (ack_url, log_url) = self.urls(letter);
        rewrite(tx, &content.post(to, letter, &ack_url, &log_url)).await
    }

    fn urls(&self, letter: &str) -> (String, String) {
        let token = self.0.links.sign(letter);
        let url = &self.0.public_url;
        (
            url.join(&format!("/alerts/acknowledge?letter={token}")),
            url.join("/alerts"),
        )
    }
}

/// What a letter says.
struct Content {
    headline: String,
    sentences: Vec<String>,
    is_over: bool,
}

impl Content {
    fn of(home: &Home, to: &Recipient, alerts: &[Alert], is_over: bool, now: Timestamp) -> Self {
        let reader = Reader {
            language: Language::of(to.locale.as_deref()),
            degrees: Degrees::named(to.degrees.as_deref().unwrap_or_default()),
        };
        let tales: Vec<_> = alerts.iter().map(Tale::of).collect();
        let mut sentences: Vec<_> = tales
            .iter()
            .take(MOST_SENTENCES)
            .map(|tale| words::sentence(tale, reader, is_over, now))
            .collect();
        if let Some(more) = tales.len().checked_sub(MOST_SENTENCES).filter(|more| *more > 0) {
            sentences.push(words::and_more(more, reader.language));
        }
        Self {
            headline: words::headline(&home.name, &tales, reader, is_over),
            sentences,
            is_over,
        }
    }

    fn post<'a>(&'a self, to: &'a Recipient, letter: &'a str, ack_url: &'a str, log_url: &'a str) -> Post<'a> {
        let (headline, sentences) = (self.headline.as_str(), self.sentences.as_slice());
        let mail = if self.is_over {
            Mail::AlertOver {
                headline,
                sentences,
                log_url,
            }
        } else {
            Mail::Alert {
                headline,
                sentences,
                ack_url,
                log_url,
            }
        };
        Post {
            mail,
            to: &to.email,
            language: Language::of(to.locale.as_deref()),
            key: letter,
        }
    }
}

fn leaves(home: &Home, to: &Recipient, terms: &Terms, now: Timestamp) -> Leaves {
    let own = to
        .settings
        .quiet
        .filter(|_| !(terms.danger && to.settings.danger_wakes));
    let of_rule = terms.quiet.filter(|_| !terms.danger);
    let ends = own.into_iter().chain(of_rule);
    let end = ends.filter_map(|quiet| quiet_until(quiet, &home.zone, now)).max();
    end.map_or(Leaves::Now, Leaves::At)
}

/// What the keys of letters begin with that may become one.
fn prefix(to: &Recipient, is_over: bool, leaves: Leaves) -> String {
    let kind = if is_over { "over" } else { "alert" };
    let when = match leaves {
        Leaves::Now => "now".to_owned(),
        Leaves::At(at) => at.to_string(),
    };
    format!("{kind}-{}-{}-{when}-", to.household.0, to.user.0)
}
