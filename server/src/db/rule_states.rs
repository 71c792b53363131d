//! Table `rule_states`: what each rule remembers. Belongs to whoever holds the device's row in `device_states`.

use std::sync::LazyLock;

use domain::alert::{Rule, State};
use domain::time::Timestamp;
use sqlx::{FromRow as _, Row as _};

use super::bulk::{Bulk, PerDialect, marks};
use super::rules::{COLUMNS, StoredRule, Terms};
use super::{Db, DeviceId, Dialect, RuleId, Tx};
use crate::error::{Error, Result};

/// A rule with its memory, as the intake works with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// Row number.
    pub id: RuleId,
    /// What it watches for.
    pub rule: Rule,
    /// How people are told.
    pub terms: Terms,
    /// What it remembers.
    pub state: State,
    /// When it wants to be asked even if nothing is measured.
    pub due_at: Option<Timestamp>,
    /// Whether the memory has to be written.
    pub changed: bool,
}

static LIST: LazyLock<Bulk> = LazyLock::new(|| {
    let head = format!(
        "SELECT {COLUMNS}, s.memory, s.due_at FROM rules r LEFT JOIN rule_states s ON s.rule_id = r.id \
         WHERE r.device_id IN ("
    );
    Bulk::new(&head, "?", ") ORDER BY r.id")
});
static OVERWRITE: LazyLock<PerDialect> = LazyLock::new(|| {
    PerDialect::new(|dialect| {
        let (head, tail) = dialect.overwrite("rule_states", &["rule_id", "memory", "due_at"], 1);
        Bulk::new(&head, &marks(3), &tail)
    })
});

/// The rules of these devices that are to be asked. Hold the devices' state rows.
pub async fn list_watched(tx: &mut Tx<'_>, devices: &[DeviceId]) -> Result<Vec<(DeviceId, Watched)>> {
    let mut watched = Vec::new();
    for (statement, devices) in LIST.cut(devices) {
        let mut query = sqlx::query(statement);
        for device in devices {
            query = query.bind(device.0);
        }
        for row in query.fetch_all(&mut **tx).await? {
            let stored = StoredRule::from_row(&row)?;
            // The fault rule watches for the others even if nobody wants its letters.
            if !stored.terms.enabled && stored.rule != (Rule::Fault {}) {
                continue;
            }
            watched.push((
                stored.device,
                Watched {
                    id: stored.id,
                    rule: stored.rule,
                    terms: stored.terms,
                    state: parse(row.try_get("memory")?)?,
                    due_at: row.try_get::<Option<i64>, _>("due_at")?.map(Timestamp::from_millis),
                    changed: false,
                },
            ));
        }
    }
    Ok(watched)
}

/// Stores what rules remember.
pub async fn update_memories(tx: &mut Tx<'_>, dialect: Dialect, rules: &[&Watched]) -> Result<()> {
    for (statement, rules) in OVERWRITE.of(dialect).cut(rules) {
        let mut query = sqlx::query(statement);
        for watched in rules {
            query = query
                .bind(watched.id.0)
                .bind(serde_json::to_string(&watched.state).expect("numbers and names make valid JSON"))
                .bind(watched.due_at.map(Timestamp::as_millis));
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Makes a rule forget, and asks it at its next turn.
pub async fn delete_memory(tx: &mut Tx<'_>, rule: RuleId) -> Result<()> {
    sqlx::query("DELETE FROM rule_states WHERE rule_id = ?")
        .bind(rule.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Devices with a rule that wants to be asked by now, the longest overdue first.
pub async fn list_due_devices(db: &Db, now: Timestamp, limit: u32) -> Result<Vec<DeviceId>> {
    let ids: Vec<i64> = sqlx::query_scalar(
        "SELECT r.device_id FROM rule_states s JOIN rules r ON r.id = s.rule_id WHERE s.due_at <= ? \
         GROUP BY r.device_id ORDER BY MIN(s.due_at) LIMIT ?",
    )
    .bind(now.as_millis())
    .bind(i64::from(limit))
    .fetch_all(db.pool())
    .await?;
    Ok(ids.into_iter().map(DeviceId).collect())
}

/// What rules of a device remember, for its page.
pub async fn list_memories(db: &Db, device: DeviceId) -> Result<Vec<(RuleId, State)>> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT s.rule_id, s.memory FROM rule_states s JOIN rules r ON r.id = s.rule_id WHERE r.device_id = ?",
    )
    .bind(device.0)
    .fetch_all(db.pool())
    .await?;
    let read = |(id, memory): (i64, String)| Ok((RuleId(id), parse(Some(memory))?));
    rows.into_iter().map(read).collect()
}

/// A rule without a memory begins with an empty one.
fn parse(memory: Option<String>) -> Result<State> {
    let Some(memory) = memory else {
        return Ok(State::default());
    };
    serde_json::from_str(&memory).map_err(|error| Error::Corrupt {
        what: "rule_states.memory",
        detail: error.to_string(),
    })
}
