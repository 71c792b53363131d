//! Makes, changes and takes away rules. A device with rules always has one that watches its sensor for the others.

use domain::alert::{Moment, Rule, due};
use domain::time::Timestamp;

use super::lamp;
use crate::db::alerts::update_cleared;
use crate::db::devices::Device;
use crate::db::rule_states::{delete_memory, update_memories};
use crate::db::rules::{self, Channels, StoredRule, Terms};
use crate::db::states::{Known, lock_known};
use crate::db::{Db, DeviceId, RuleId, Tx};
use crate::error::{Error, Result};

/// Rules of one device; more are no help to anybody.
const MOST_RULES: usize = 20;

/// A rule somebody wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// What it watches for.
    pub rule: Rule,
    /// How people are told.
    pub terms: Terms,
}

/// Keeps the rules of one device.
#[derive(Clone, Copy, Debug)]
pub struct Keeper<'a> {
    /// The store.
    pub db: &'a Db,
    /// The device, as the asker sees it.
    pub device: &'a Device,
    /// The present moment.
    pub now: Timestamp,
}

impl Wanted {
    /// The same with the least hysteresis in place of less.
    ///
    /// # Errors
    /// [`Error::Invalid`] names the number that makes no sense.
    pub fn check(self) -> Result<Self> {
        let rule = self.rule.steadied();
        rule.check().map_err(|unfit| Error::Invalid {
            field: unfit.field,
            reason: unfit.reason,
        })?;
        if self.terms.repeat_s != 0 && !(60..=86_400).contains(&self.terms.repeat_s) {
            return Err(Error::Invalid {
                field: "repeat_s",
                reason: "0, or 60 to 86400 seconds".to_owned(),
            });
        }
        Ok(Self { rule, ..self })
    }
}

impl Keeper<'_> {
    /// Makes rules. One that is there already, word for word, is switched on instead of being made twice.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a number makes no sense or there are too many.
    pub async fn add(&self, wanted: Vec<Wanted>) -> Result<Vec<RuleId>> {
        let wanted = wanted.into_iter().map(Wanted::check).collect::<Result<Vec<_>>>()?;
        let (mut tx, _) = self.begin().await?;
        let there = rules::list_rules_in(&mut tx, self.device.id).await?;
        if there.len() + wanted.len() > MOST_RULES {
            return Err(Error::Invalid {
                field: "rules",
                reason: format!("a device has at most {MOST_RULES}"),
            });
        }
        if !there.iter().any(|stored| stored.rule == Rule::Fault {})
            && !wanted.iter().any(|one| one.rule == Rule::Fault {})
        {
            self.insert(&mut tx, &Wanted::watching_the_sensor()).await?;
        }
        let mut made = Vec::with_capacity(wanted.len());
        for one in wanted {
            match there.iter().find(|stored| stored.rule == one.rule) {
                Some(stored) => {
                    rules::update_rule(&mut tx, stored.id, &one.rule, &one.terms).await?;
                    made.push(stored.id);
                }
                None => made.push(self.insert(&mut tx, &one).await?),
            }
        }
        self.finish(tx).await?;
        Ok(made)
    }

    /// Changes a rule. What it remembered belongs to the old one; an alert under way ends without a word.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a number makes no sense.
    pub async fn change(&self, stored: &StoredRule, wanted: Wanted) -> Result<()> {
        let wanted = wanted.check()?;
        let (mut tx, _) = self.begin().await?;
        rules::update_rule(&mut tx, stored.id, &wanted.rule, &wanted.terms).await?;
        if wanted.rule != stored.rule || wanted.terms.enabled != stored.terms.enabled {
            delete_memory(&mut tx, stored.id).await?;
            let over = update_cleared(&mut tx, stored.id, self.now, None).await?;
            lamp::switch_back(&mut tx, self.device.id, &stored.terms, &over, self.now).await?;
        }
        self.finish(tx).await
    }

    /// Takes a rule away. The one that watches the sensor goes with the last of the others.
    pub async fn remove(&self, stored: &StoredRule) -> Result<()> {
        let (mut tx, _) = self.begin().await?;
        self.delete(&mut tx, stored).await?;
        let left = rules::list_rules_in(&mut tx, self.device.id).await?;
        if left.iter().all(|other| other.rule == Rule::Fault {}) {
            for other in left {
                self.delete(&mut tx, &other).await?;
            }
        }
        self.finish(tx).await
    }

    /// Holds the device, which must still be where the asker saw it.
    async fn begin(&self) -> Result<(Tx<'static>, Known)> {
        let mut tx = self.db.begin_write().await?;
        let known = lock_known(&mut tx, self.db.dialect(), &[self.device.id]).await?;
        let known = known.into_iter().next().ok_or(Error::NotFound)?;
        if known.household.is_none() || known.household != self.device.household {
            return Err(Error::NotFound);
        }
        Ok((tx, known))
    }

    async fn insert(&self, tx: &mut Tx<'_>, wanted: &Wanted) -> Result<RuleId> {
        rules::insert_rule(tx, self.device.id, &wanted.rule, &wanted.terms, self.now).await
    }

    async fn delete(&self, tx: &mut Tx<'_>, stored: &StoredRule) -> Result<()> {
        let over = update_cleared(tx, stored.id, self.now, None).await?;
        lamp::switch_back(tx, self.device.id, &stored.terms, &over, self.now).await?;
        rules::delete_rule(tx, stored.id).await
    }

    async fn finish(&self, mut tx: Tx<'static>) -> Result<()> {
        rules::update_watched(&mut tx, self.device.id).await?;
        arm(&mut tx, self.db, self.device.id, self.now).await?;
        tx.commit().await?;
        Ok(())
    }
}

impl Wanted {
    fn watching_the_sensor() -> Self {
        Self {
            rule: Rule::Fault {},
            terms: Terms {
                enabled: true,
                channels: Channels::ALL,
                danger: false,
                repeat_s: 0,
                quiet: None,
                lamp: None,
            },
        }
    }
}

/// Lets rules that wait for a time know when to be asked: a device may have fallen silent before it had any.
async fn arm(tx: &mut Tx<'_>, db: &Db, device: DeviceId, now: Timestamp) -> Result<()> {
    let known = lock_known(tx, db.dialect(), &[device]).await?;
    let Some(mut known) = known.into_iter().next() else {
        return Ok(());
    };
    let moment = Moment {
        now,
        interval_s: known.interval_s,
        heard_at: known.state.max_at,
        listening_since: now,
    };
    for watched in &mut known.rules {
        if watched.due_at.is_none() {
            watched.due_at = due(&watched.rule, &watched.state, &moment);
        }
    }
    let armed: Vec<_> = known.rules.iter().filter(|rule| rule.due_at.is_some()).collect();
    update_memories(tx, db.dialect(), &armed).await
}
