//! What all instances have counted together, in Redis.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::time::Timestamp;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, FromRedisValue, cmd};
use sha2::{Digest as _, Sha256};
use tokio::time::{Instant, timeout};

use super::Quota;
use crate::config::Secret;
use crate::error::{Error, Result};

/// Nobody waits longer for a count than for the page itself.
const PATIENCE: Duration = Duration::from_millis(250);
/// After a silence Redis is not asked for so long.
const LEAVE_ALONE: Duration = Duration::from_secs(2);

/// Counts, unless that would owe more than may be owed. A key is kept for as long as it means something.
const TAKE: &str = "\
local now, cost, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
if full + cost - now > most then return {0, full} end
redis.call('SET', KEYS[1], string.format('%.0f', full + cost), 'PX', string.format('%.0f', full + cost - now))
return {1, full + cost}";
/// A key that is gone owes nothing.
const GIVE_BACK: &str = "if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('DECRBY', KEYS[1], ARGV[1]) end";

/// What became of an attempt, and when the quota is full again.
pub(super) enum Verdict {
    /// It was counted.
    Taken(Timestamp),
    /// It was too much.
    Refused(Timestamp),
}

/// The place where instances count together; cheap to clone. The default one is of an instance without others.
#[derive(Clone, Default)]
pub struct Shared(Option<Arc<Line>>);

struct Line {
    redis: ConnectionManager,
    /// Until when Redis is left alone.
    away_until: Mutex<Option<Instant>>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Shared(Redis)"
        } else {
            "Shared(nobody)"
        })
    }
}

impl Shared {
    /// Connects when it is first needed.
    ///
    /// # Errors
    /// If the address cannot be used.
    pub fn open(url: Option<&Secret>) -> Result<Self> {
        let Some(url) = url else { return Ok(Self::default()) };
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_max_delay(LEAVE_ALONE);
        let redis = Client::open(url.expose())
            .and_then(|client| ConnectionManager::new_lazy_with_config(client, config))
            .map_err(|error| Error::Config(format!("TEMPLOG_REDIS_URL: {error} (example: redis://localhost:6379)")))?;
        let away_until = Mutex::default();
        Ok(Self(Some(Arc::new(Line { redis, away_until }))))
    }

    /// `None` if there is nobody to count with now.
    pub(super) async fn take(&self, name: &str, key: &str, quota: Quota, cost: i64, now: Timestamp) -> Option<Verdict> {
        let mut ask = script(TAKE, name, key);
        ask.arg(now.as_millis())
            .arg(cost * quota.refill_ms)
            .arg(quota.most_ms());
        let (taken, full_at) = self.ask::<(i64, i64)>(&ask).await?;
        let full_at = Timestamp::from_millis(full_at);
        Some(if taken == 1 {
            Verdict::Taken(full_at)
        } else {
            Verdict::Refused(full_at)
        })
    }

    pub(super) async fn give_back(&self, name: &str, key: &str, quota: Quota) {
        let mut ask = script(GIVE_BACK, name, key);
        self.ask::<Option<i64>>(ask.arg(quota.refill_ms)).await;
    }

    pub(super) async fn clear(&self, name: &str, key: &str) {
        self.ask::<i64>(cmd("DEL").arg(place(name, key))).await;
    }

    /// The outer `None` if there is nobody to ask.
    pub(super) async fn full_at(&self, name: &str, key: &str) -> Option<Option<Timestamp>> {
        let found = self.ask::<Option<i64>>(cmd("GET").arg(place(name, key))).await?;
        Some(found.map(Timestamp::from_millis))
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        let line = self.0.as_ref()?;
        if line.is_left_alone() {
            return None;
        }
        let mut redis = line.redis.clone();
        match timeout(PATIENCE, command.query_async(&mut redis)).await {
            Ok(Ok(answer)) => return Some(answer),
            Ok(Err(error)) => tracing::debug!(%error, "limits are counted here alone for a while"),
            Err(_) => tracing::debug!("Redis is too slow: limits are counted here alone for a while"),
        }
        line.leave_alone();
        None
    }
}

impl Line {
    fn is_left_alone(&self) -> bool {
        let until = *self.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    fn leave_alone(&self) {
        metrics::counter!("templog_limits_alone_total").increment(1);
        *self.away_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + LEAVE_ALONE);
    }
}

fn script(text: &str, name: &str, key: &str) -> Cmd {
    let mut ask = cmd("EVAL");
    ask.arg(text).arg(1).arg(place(name, key));
    ask
}

/// Keys are addresses of people: Redis is shown no more than a hash of them.
fn place(name: &str, key: &str) -> String {
    let hash = format!("{:x}", Sha256::digest(key));
    format!("templog:v1:limit:{name}:{}", &hash[..32])
}
