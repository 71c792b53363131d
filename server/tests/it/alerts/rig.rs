//! An intake with rules, a clock in the test's hand, and the mail server where letters arrive.

use std::time::Duration;

use bytes::Bytes;
use domain::alert::{Metric, Rule};
use domain::time::Timestamp;
use server::alerts::clockwork::Clockwork;
use server::alerts::{Bell, Keeper, Wanted};
use server::clock::{Clock, ManualClock};
use server::config::{PublicUrl, SecretKey};
use server::db::alerts::{Alert, list_alerts_of};
use server::db::devices::Device;
use server::db::households::{Role, insert_membership};
use server::db::rules::{Channels, Terms};
use server::db::users::{NewUser, insert_user, update_locale};
use server::db::{Db, HouseholdId, UserId};
use server::ingest::{self, Intake};
use server::lifecycle::Lifecycle;
use server::listening::Listening;
use server::mail::Mailer;
use server::outbox::{Outbox, Policy, Worker};

use crate::harness::smtp::{SmtpServer, Taken};
use crate::store::rig::new_device;

/// 2026-11-20 08:00 UTC, 17:00 in Seoul.
pub const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

pub const ANN: &str = "ann@home.example";

/// A home with a person and a device that measures every minute.
pub struct Rig {
    pub db: Db,
    pub hand: ManualClock,
    pub clock: Clock,
    pub smtp: SmtpServer,
    pub device: Device,
    pub ann: UserId,
    pub bell: Bell,
    key: SecretKey,
    intake: Intake,
    clockwork: Clockwork,
    lifecycle: Lifecycle,
}

/// As people get them who choose nothing.
pub const TERMS: Terms = Terms {
    enabled: true,
    channels: Channels::ALL,
    danger: false,
    repeat_s: 0,
    quiet: None,
    lamp: None,
};

pub const RISE: Rule = Rule::Change {
    metric: Metric::T,
    delta: 5.0,
    window_s: 600,
};

pub const HOT: Rule = Rule::Above {
    metric: Metric::T,
    limit: 30.0,
    hysteresis: 1.0,
    hold_s: 0,
};

impl Rig {
    pub async fn new(db: &Db) -> Self {
        let (clock, hand) = Clock::manual(NOW);
        let device = new_device(db, "Asia/Seoul", 60).await;
        let (key, lifecycle) = (SecretKey::generate(), Lifecycle::new());
        let bell = bell(db, &key);
        let rig = Self {
            intake: ingest::start(db.clone(), clock.clone(), Some(bell.clone()), Vec::new(), &lifecycle),
            clockwork: Clockwork::new(db.clone(), clock.clone(), bell.clone(), Listening::from(NOW)),
            ann: UserId(0),
            db: db.clone(),
            smtp: SmtpServer::start().await,
            hand,
            clock,
            device,
            bell,
            key,
            lifecycle,
        };
        let ann = rig.member(ANN, Role::Owner).await;
        Self { ann, ..rig }
    }

    /// Somebody else in the same home.
    pub async fn member(&self, email: &str, role: Role) -> UserId {
        let user = NewUser {
            email,
            password_hash: None,
            verified_at: Some(NOW),
            operator: false,
        };
        let id = insert_user(&self.db, &user, NOW).await.unwrap();
        update_locale(&self.db, id, "ko").await.unwrap();
        let mut tx = self.db.begin_write().await.unwrap();
        insert_membership(&mut tx, self.home(), id, role).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Another device in the same home.
    pub async fn another_device(&self) -> Device {
        let device = new_device(&self.db, "Asia/Seoul", 60).await;
        sqlx::query("UPDATE devices SET household_id = ? WHERE id = ?")
            .bind(self.home().0)
            .bind(device.id.0)
            .execute(self.db.pool())
            .await
            .unwrap();
        Device {
            household: self.device.household,
            ..device
        }
    }

    pub fn home(&self) -> HouseholdId {
        self.device.household.unwrap()
    }

    pub async fn rule(&self, rule: Rule) {
        self.rule_for(&self.device, rule, TERMS).await;
    }

    pub async fn rule_for(&self, device: &Device, rule: Rule, terms: Terms) {
        self.keeper(device).add(vec![Wanted { rule, terms }]).await.unwrap();
    }

    pub fn keeper<'a>(&'a self, device: &'a Device) -> Keeper<'a> {
        Keeper {
            db: &self.db,
            device,
            now: self.clock.now(),
        }
    }

    /// A minute passes and the device measures.
    pub async fn minute(&self, t: f64) {
        self.hand.advance(60_000);
        self.measure(&self.device, t).await;
    }

    /// Measured now.
    pub async fn measure(&self, device: &Device, t: f64) {
        let now = self.clock.now().as_millis();
        self.send(device, &format!(r#"{{"at":{now},"t":{t},"h":50}}"#)).await;
    }

    pub async fn send(&self, device: &Device, payload: &str) {
        let payload = Bytes::copy_from_slice(payload.as_bytes());
        self.intake.telemetry(device.serial, payload, self.clock.now()).await;
    }

    /// Time passes without a reading, second by second as the clockwork sees it.
    pub async fn wait(&self, seconds: i64) {
        for _ in 0..seconds / 10 {
            self.hand.advance(10_000);
            self.clockwork.turn().await.unwrap();
        }
    }

    /// The broker is away: until now nobody could be heard.
    pub fn hear_nothing(&self) {
        self.clockwork.hear_nothing();
    }

    /// What the clock alone brings about.
    pub async fn turn(&self) {
        self.clockwork.turn().await.unwrap();
    }

    /// The intake and the clockwork of a new process on the same database.
    pub async fn restarted(self) -> Self {
        self.stop().await;
        let (lifecycle, bell) = (Lifecycle::new(), bell(&self.db, &self.key));
        Self {
            intake: ingest::start(
                self.db.clone(),
                self.clock.clone(),
                Some(bell.clone()),
                Vec::new(),
                &lifecycle,
            ),
            clockwork: Clockwork::new(
                self.db.clone(),
                self.clock.clone(),
                bell.clone(),
                Listening::from(self.clock.now()),
            ),
            bell,
            lifecycle,
            ..self
        }
    }

    pub async fn stop(&self) {
        assert!(self.lifecycle.drain(Duration::from_mins(1)).await, "the intake drains");
    }

    /// Sends what is due, and returns everything that has arrived so far.
    pub async fn post(&self) -> Vec<Taken> {
        let mailer = Mailer::new(&self.smtp.config()).unwrap();
        let worker = Worker::new(self.db.clone(), self.clock.clone(), mailer, Policy::default());
        worker.work_off().await.unwrap();
        self.smtp.taken()
    }

    /// The subjects of everything that has arrived so far.
    pub async fn subjects(&self) -> Vec<String> {
        self.post().await.iter().map(|mail| mail.header("Subject")).collect()
    }

    /// What the log tells, the newest first.
    pub async fn alerts(&self) -> Vec<Alert> {
        list_alerts_of(&self.db, self.ann, 100).await.unwrap()
    }
}

fn bell(db: &Db, key: &SecretKey) -> Bell {
    let url = PublicUrl::parse("https://home.example").unwrap();
    Bell::new(db.dialect(), key, url, Outbox::default())
}
