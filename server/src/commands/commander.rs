//! Asks a device, and waits for what it answers.

use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use domain::wire::command::{Command, Reply};
use tokio::time::timeout;

use super::courier::{Carrier, FIRST_RETRY_MS};
use super::error::CommandError;
use crate::auth::Asker;
use crate::auth::audit::{Action, record};
use crate::db::devices::Device;
use crate::db::errands::{NewErrand, insert_errand};
use crate::db::states::find_state;
use crate::db::{DeviceId, RequestId, UserId};
use crate::error::{Error, Result};
use crate::limits::{Limit, Quota, Shared};
use crate::replies::Answer;

/// How long a device has to answer.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// 20 commands to one device at once, then one in two seconds: more is no help, and a device has other things to do.
const PER_DEVICE: Quota = Quota::new(20, 2_000);
/// How long a setting waits for a device that is away, ms.
const SETTING_KEPT_MS: i64 = 30 * 24 * 3600 * 1000;
/// How often the store is asked whether a reading has come, and how long.
const STORED_LOOK: Duration = Duration::from_millis(20);
const STORED_PATIENCE: Duration = Duration::from_secs(2);

/// Has devices do things; cheap to clone.
#[derive(Clone)]
pub struct Commander {
    carrier: Carrier,
    asked: Arc<Limit>,
}

impl Commander {
    /// One that sends by the carrier's door, and counts together with other instances, if there are any.
    pub fn new(carrier: Carrier, shared: &Shared) -> Self {
        Self {
            carrier,
            asked: Arc::new(Limit::new("commands:device", PER_DEVICE, shared)),
        }
    }

    /// Has a device do something on behalf of a person who may, and returns what it says.
    ///
    /// # Errors
    /// Why there is no answer. A setting is kept all the same, and told when the device is back.
    pub async fn ask(
        &self,
        (who, asker): (UserId, &Asker),
        device: &Device,
        command: Command,
    ) -> Result<Reply, CommandError> {
        self.admit(device.id).await?;
        self.note(who, asker, device, command).await?;
        match command {
            Command::Set { .. } => self.set(device, command).await,
            _ => self.question(device, command, PATIENCE).await,
        }
    }

    /// Has a device measure at once, and waits until the reading is stored, so that whoever looks next sees it.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn read_now(&self, device: &Device, patience: Duration) -> Result<Reply, CommandError> {
        self.admit(device.id).await?;
        let reply = self.question(device, Command::ReadNow, patience).await?;
        if let Some(at) = reply.result.get("at").and_then(serde_json::Value::as_i64) {
            // A reading that comes late is on the page a moment later.
            let _ = timeout(STORED_PATIENCE, self.stored(device.id, Timestamp::from_millis(at))).await;
        }
        Ok(reply)
    }

    /// Asks, and forgets the question when the time is over.
    async fn question(&self, device: &Device, command: Command, patience: Duration) -> Result<Reply, CommandError> {
        if let Some(since) = self.away_since(device.id).await? {
            return Err(CommandError::Away(since));
        }
        let request = RequestId::of_question();
        let replies = &self.carrier.replies;
        let mut question = replies
            .open(device.serial, request)
            .map_err(|_| CommandError::Unreachable)?;
        self.send(device, command, request)?;
        timeout(patience, question.answer())
            .await
            .map_err(|_| CommandError::NoAnswer)
    }

    /// Keeps a setting, tells it at once if the device is there, and waits for its word.
    async fn set(&self, device: &Device, command: Command) -> Result<Reply, CommandError> {
        let away = self.away_since(device.id).await?;
        let request = RequestId::of_errand();
        let replies = &self.carrier.replies;
        let question = replies.open(device.serial, request);
        let mut question = question.map_err(|_| CommandError::Unreachable)?;
        let now = self.carrier.clock.now();
        let errand = NewErrand {
            device: device.id,
            alert: None,
            command,
            expires_at: now.plus_millis(SETTING_KEPT_MS),
            next_at: now.plus_millis(FIRST_RETRY_MS),
            request: away.is_none().then_some(request),
        };
        let mut tx = self.carrier.db.begin_write().await?;
        insert_errand(&mut tx, &errand, now).await?;
        tx.commit().await.map_err(Error::from)?;
        if let Some(since) = away {
            return Err(CommandError::Away(since));
        }
        self.send(device, command, request)?;
        let reply = timeout(PATIENCE, question.answer())
            .await
            .map_err(|_| CommandError::NoAnswer)?;
        let serial = device.serial;
        let answer = Answer { serial, request, reply };
        self.carrier.settle(&answer).await?;
        Ok(answer.reply)
    }

    fn send(&self, device: &Device, command: Command, request: RequestId) -> Result<(), CommandError> {
        let is_sent = self.carrier.publish(device.serial, command, request);
        is_sent.then_some(()).ok_or(CommandError::Unreachable)
    }

    async fn admit(&self, device: DeviceId) -> Result<(), CommandError> {
        let now = self.carrier.clock.now();
        let counted = self.asked.take(&device.0.to_string(), 1, now).await;
        counted.map_err(CommandError::Limited)
    }

    async fn away_since(&self, device: DeviceId) -> Result<Option<Timestamp>> {
        let state = find_state(&self.carrier.db, device).await?;
        Ok(state.and_then(|state| state.will_at))
    }

    async fn note(&self, who: UserId, asker: &Asker, device: &Device, command: Command) -> Result<()> {
        // Asking for a reading changes nothing, and is done all day.
        if command == Command::ReadNow {
            return Ok(());
        }
        let detail = format!("{} {} {}", device.serial, command.name(), command.payload(None));
        let now = self.carrier.clock.now();
        let mut tx = self.carrier.db.begin_write().await?;
        record(&mut tx, Some(who), Action::DeviceCommanded, asker, Some(&detail), now).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn stored(&self, device: DeviceId, at: Timestamp) {
        let mut looks = tokio::time::interval(STORED_LOOK);
        loop {
            looks.tick().await;
            let state = find_state(&self.carrier.db, device).await;
            match state {
                Ok(Some(state)) if state.max_at < Some(at) => {}
                _ => return,
            }
        }
    }
}
