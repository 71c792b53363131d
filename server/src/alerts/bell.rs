//! Writes alerts and their letters into the transaction that made them true.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use domain::alert::{Event, Rule};
use domain::time::Timestamp;

use super::letter::{Home, Told};
use super::{AckLinks, News, lamp};
use crate::config::{PublicUrl, SecretKey};
use crate::db::alerts::{NewAlert, insert_alert, update_cleared};
use crate::db::households::list_watched_homes;
use crate::db::notices::What;
use crate::db::notification_settings::list_recipients;
use crate::db::{AlertId, Dialect, HouseholdId, Tx};
use crate::error::Result;
use crate::outbox::Outbox;

/// Tells people; cheap to clone.
#[derive(Clone)]
pub struct Bell(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub dialect: Dialect,
    pub links: AckLinks,
    pub public_url: PublicUrl,
    outbox: Outbox,
}

/// What happened in one home.
type Happened = Vec<Told>;

impl Bell {
    /// A bell whose letters `outbox` sends.
    pub fn new(dialect: Dialect, key: &SecretKey, public_url: PublicUrl, outbox: Outbox) -> Self {
        Self(Arc::new(Inner {
            dialect,
            links: AckLinks::new(key),
            public_url,
            outbox,
        }))
    }

    /// Signs and reads the links in letters.
    pub fn links(&self) -> &AckLinks {
        &self.0.links
    }

    /// Sends the letters.
    pub fn outbox(&self) -> &Outbox {
        &self.0.outbox
    }

    /// After the commit: there may be letters to send.
    pub fn wake(&self) {
        self.0.outbox.wake();
    }

    /// Writes alerts, and letters to everybody who is to know. `true`: wake after the commit.
    pub async fn ring(&self, tx: &mut Tx<'_>, news: &[News], now: Timestamp) -> Result<bool> {
        if news.is_empty() {
            return Ok(false);
        }
        let mut homes: BTreeMap<HouseholdId, Happened> = BTreeMap::new();
        for one in news {
            let told = self.record(tx, one, now).await?;
            homes.entry(one.household).or_default().extend(told);
        }
        homes.retain(|_, happened| !happened.is_empty());
        self.tell(tx, &homes, now).await?;
        Ok(true)
    }

    /// Says again what nobody has acknowledged.
    pub(super) async fn remind(&self, tx: &mut Tx<'_>, again: Vec<(HouseholdId, Told)>, now: Timestamp) -> Result<()> {
        let mut homes: BTreeMap<HouseholdId, Happened> = BTreeMap::new();
        for (household, told) in again {
            homes.entry(household).or_default().push(told);
        }
        self.tell(tx, &homes, now).await
    }

    async fn record(&self, tx: &mut Tx<'_>, news: &News, now: Timestamp) -> Result<Vec<Told>> {
        let told = |alert, what| Told {
            alert,
            what,
            terms: news.terms,
        };
        match news.event {
            Event::Fired { at, value, from } => {
                if matches!(news.rule, Rule::Change { .. }) {
                    // A change the other way takes the place of the one before it.
                    update_cleared(tx, news.rule_id, at, value).await?;
                }
                let alert = NewAlert {
                    rule_id: news.rule_id,
                    rule: &news.rule,
                    device: news.device,
                    household: news.household,
                    danger: news.terms.danger,
                    repeat_s: news.terms.repeat_s,
                    fired_at: at,
                    value,
                    from,
                };
                metrics::counter!("templog_alerts_total", "kind" => news.rule.kind()).increment(1);
                let id = insert_alert(tx, self.0.dialect, &alert, now).await?;
                lamp::switch(tx, news.device, &news.terms, id, now).await?;
                Ok(vec![told(id, What::Fired)])
            }
            Event::Cleared { at, value } => {
                let over = update_cleared(tx, news.rule_id, at, value).await?;
                lamp::switch_back(tx, news.device, &news.terms, &over, now).await?;
                Ok(over.into_iter().map(|id: AlertId| told(id, What::Over)).collect())
            }
        }
    }

    async fn tell(&self, tx: &mut Tx<'_>, homes: &BTreeMap<HouseholdId, Happened>, now: Timestamp) -> Result<()> {
        let households: Vec<_> = homes.keys().copied().collect();
        let recipients = list_recipients(tx, &households).await?;
        let known: BTreeMap<_, _> = list_watched_homes(tx, &households)
            .await?
            .into_iter()
            .map(|home| (home.id, Home::from(home)))
            .collect();
        for recipient in recipients {
            let (Some(home), Some(happened)) = (known.get(&recipient.household), homes.get(&recipient.household))
            else {
                continue;
            };
            self.write_to(tx, home, &recipient, happened, now).await?;
        }
        let nobody: HashSet<_> = homes.keys().filter(|home| !known.contains_key(home)).collect();
        if !nobody.is_empty() {
            tracing::error!(homes = nobody.len(), "alerts of homes that are gone");
        }
        Ok(())
    }
}
