//! One letter to one person about everything that happens in one home at one time.

use std::collections::BTreeMap;

use domain::time::Timestamp;
use jiff::tz::TimeZone;

use super::Bell;
use super::bell::Inner;
use super::content::{Content, Links};
use super::quiet::quiet_until;
use crate::db::alerts::list_alerts_of_letter;
use crate::db::households::WatchedHome;
use crate::db::notices::{Sent, What, delete_notice, insert_notices, list_told};
use crate::db::notification_settings::Recipient;
use crate::db::outbox::{Channel, delete_unsent, find_unsent};
use crate::db::rules::{Channels, Terms};
use crate::db::{AlertId, PushSubscriptionId, Tx};
use crate::error::Result;
use crate::outbox::{enqueue_for, recipient_of, rewrite};
use crate::zone;

/// Where several devices are watched, the first letter waits so long for more to tell.
const GATHER_MS: i64 = 1_000;

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

impl Home {
    /// As its people call it.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// One way to a person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// To their address.
    Mail,
    /// To one of their browsers.
    Push(PushSubscriptionId),
}

impl Way {
    const fn channel(self) -> Channel {
        match self {
            Self::Mail => Channel::Mail,
            Self::Push(_) => Channel::Push,
        }
    }

    fn recipient(self, to: &Recipient) -> String {
        match self {
            Self::Mail => to.email.clone(),
            Self::Push(browser) => recipient_of(browser),
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

/// What may become one letter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    is_over: bool,
    leaves: Leaves,
    way: Way,
}

/// Writes to one person about one home, in one transaction.
struct Writer<'a, 't> {
    bell: &'a Inner,
    tx: &'a mut Tx<'t>,
    home: &'a Home,
    to: &'a Recipient,
    now: Timestamp,
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
        let bell = &*self.0;
        let mut writer = Writer {
            bell,
            tx,
            home,
            to,
            now,
        };
        let mut letters: BTreeMap<Kind, Vec<AlertId>> = BTreeMap::new();
        let mut whats = BTreeMap::new();
        for told in happened {
            let is_over = told.what == What::Over;
            let leaves = leaves(home, to, &told.terms, now);
            let channels = if is_over {
                // Whoever has not heard of it need not hear that it is over.
                writer.heard_by(told.alert).await?
            } else {
                chosen(to, told.terms.channels)
            };
            for way in ways(to, channels) {
                let kind = Kind { is_over, leaves, way };
                letters.entry(kind).or_default().push(told.alert);
                whats.entry(kind).or_insert(told.what);
            }
        }
        for (kind, alerts) in letters {
            writer.write(kind, whats[&kind], &alerts).await?;
        }
        Ok(())
    }
}

impl Writer<'_, '_> {
    /// By which ways letters that tell of the alert have left, or are leaving. Those that have not are taken back.
    async fn heard_by(&mut self, alert: AlertId) -> Result<Channels> {
        let mut heard = Channels {
            mail: false,
            push: false,
        };
        for (channel, letter) in list_told(self.tx, alert, self.to.user).await? {
            if self.take_back(alert, channel, &letter).await? {
                continue;
            }
            match channel {
                Channel::Mail => heard.mail = true,
                Channel::Push => heard.push = true,
            }
        }
        Ok(heard)
    }

    /// Takes an alert out of a letter. `false`: the letter has left.
    async fn take_back(&mut self, alert: AlertId, channel: Channel, letter: &str) -> Result<bool> {
        let mut rest = list_alerts_of_letter(self.tx, letter).await?;
        rest.retain(|other| other.id != alert);
        let done = if rest.is_empty() {
            delete_unsent(self.tx, letter).await?
        } else {
            let content = Content::of(self.home, self.to, &rest, false, self.now);
            // Which browser it goes to is written on the letter, and not in it.
            let way = match channel {
                Channel::Mail => Way::Mail,
                Channel::Push => Way::Push(PushSubscriptionId(0)),
            };
            let parcel = content.parcel(way, letter, &self.links(letter));
            rewrite(self.tx, &parcel).await?
        };
        if done {
            delete_notice(self.tx, alert, letter).await?;
        }
        Ok(done)
    }

    /// Adds to a letter that has not left, or writes one.
    async fn write(&mut self, kind: Kind, what: What, alerts: &[AlertId]) -> Result<()> {
        let (prefix, channel) = (self.prefix(kind), kind.way.channel());
        let recipient = kind.way.recipient(self.to);
        if let Some(letter) = find_unsent(self.tx, channel, &recipient, &prefix).await?
            && self.add(kind, what, alerts, &letter).await?
        {
            return Ok(());
        }
        let letter = format!("{prefix}{:016x}", rand::random::<u64>());
        self.note(kind, what, alerts, &letter).await?;
        let told = list_alerts_of_letter(self.tx, &letter).await?;
        let due_at = match kind.leaves {
            Leaves::At(at) => Some(at),
            Leaves::Now if self.home.is_large => Some(self.now.plus_millis(GATHER_MS)),
            Leaves::Now => None,
        };
        let content = Content::of(self.home, self.to, &told, kind.is_over, self.now);
        let parcel = content.parcel(kind.way, &letter, &self.links(&letter));
        enqueue_for(self.tx, self.bell.dialect, parcel, due_at, self.now).await?;
        Ok(())
    }

    /// Adds to a letter. `false`: it has left.
    async fn add(&mut self, kind: Kind, what: What, alerts: &[AlertId], letter: &str) -> Result<bool> {
        let there = list_alerts_of_letter(self.tx, letter).await?;
        let is_new = |id: &AlertId| there.iter().all(|alert| alert.id != *id);
        let new: Vec<_> = alerts.iter().copied().filter(is_new).collect();
        self.note(kind, what, &new, letter).await?;
        let told = list_alerts_of_letter(self.tx, letter).await?;
        let content = Content::of(self.home, self.to, &told, kind.is_over, self.now);
        let parcel = content.parcel(kind.way, letter, &self.links(letter));
        if rewrite(self.tx, &parcel).await? {
            return Ok(true);
        }
        for id in &new {
            delete_notice(self.tx, *id, letter).await?;
        }
        Ok(false)
    }

    async fn note(&mut self, kind: Kind, what: What, alerts: &[AlertId], letter: &str) -> Result<()> {
        let sent = Sent {
            key: letter,
            channel: kind.way.channel(),
        };
        insert_notices(self.tx, alerts, self.to.user, &sent, what, self.now).await
    }

    fn links(&self, letter: &str) -> Links {
        let token = self.bell.links.sign(letter);
        let url = &self.bell.public_url;
        Links {
            ack_url: url.join(&format!("/alerts/acknowledge?letter={token}")),
            log_url: url.join("/alerts"),
            token,
        }
    }

    /// What the keys of letters begin with that may become one.
    fn prefix(&self, kind: Kind) -> String {
        let noun = if kind.is_over { "over" } else { "alert" };
        let when = match kind.leaves {
            Leaves::Now => "now".to_owned(),
            Leaves::At(at) => at.to_string(),
        };
        format!("{noun}-{}-{}-{when}-", self.to.household.0, self.to.user.0)
    }
}

/// By which ways of a rule somebody wants to be told.
const fn chosen(to: &Recipient, of_rule: Channels) -> Channels {
    Channels {
        mail: of_rule.mail && to.settings.by_mail,
        push: of_rule.push && to.settings.by_push,
    }
}

fn ways(to: &Recipient, channels: Channels) -> impl Iterator<Item = Way> {
    let mail = channels.mail.then_some(Way::Mail);
    let browsers = to.browsers.iter().filter(move |_| channels.push);
    mail.into_iter().chain(browsers.map(|browser| Way::Push(*browser)))
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
