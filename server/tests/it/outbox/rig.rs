//! A database, a clock in the test's hand, a mail server, and workers as many as a test wants.

use std::time::Duration;

use domain::time::Timestamp;
use server::clock::{Clock, ManualClock};
use server::db::Db;
use server::mail::{Language, Mail, Mailer, Patience};
use server::outbox::{self, Enqueued, Entry, Policy, Post, Worker};

use crate::harness::smtp::SmtpServer;

/// 2026-11-20 08:00 UTC.
pub const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Rig {
    pub db: Db,
    pub clock: Clock,
    pub hand: ManualClock,
    pub smtp: SmtpServer,
    pub mailer: Mailer,
}

impl Rig {
    pub async fn new(db: &Db) -> Self {
        Self::with(db, SmtpServer::start().await)
    }

    pub fn with(db: &Db, smtp: SmtpServer) -> Self {
        let (clock, hand) = Clock::manual(NOW);
        let mailer = Mailer::new(&smtp.config()).unwrap();
        Self {
            db: db.clone(),
            clock,
            hand,
            smtp,
            mailer,
        }
    }

    /// A worker that goes step by step.
    pub fn worker(&self) -> Worker {
        self.worker_with(Policy::default())
    }

    pub fn worker_with(&self, policy: Policy) -> Worker {
        Worker::new(self.db.clone(), self.clock.clone(), self.mailer.clone(), policy)
    }

    /// One whose mail server has less time than usual.
    pub fn hasty_worker(&self) -> Worker {
        let patience = Patience {
            step: Duration::from_millis(250),
            verdict: Duration::from_millis(250),
        };
        let mailer = Mailer::with_patience(&self.smtp.config(), patience).unwrap();
        Worker::new(self.db.clone(), self.clock.clone(), mailer, Policy::default())
    }

    /// Writes a letter that keeps its worth.
    pub async fn write(&self, to: &str, key: &str) -> Enqueued {
        write(&self.db, to, key, self.clock.now()).await
    }

    /// What has become of a letter.
    pub async fn entry(&self, key: &str) -> Entry {
        outbox::find_entry(&self.db, key)
            .await
            .unwrap()
            .expect("it was written")
    }

    /// Lets time pass until the letter is due again, and returns how long that was, ms.
    pub async fn advance_to_next_attempt(&self, key: &str) -> i64 {
        let wait = self.entry(key).await.next_at.since(self.clock.now());
        self.hand.advance(wait);
        wait
    }
}

/// Writes and commits a letter that keeps its worth.
pub async fn write(db: &Db, to: &str, key: &str, now: Timestamp) -> Enqueued {
    let mail = Mail::PasswordChanged {
        device: "Chrome · Windows",
        reset_url: "https://home.example/reset",
    };
    let mut tx = db.begin_write().await.unwrap();
    let post = Post {
        mail,
        to,
        language: Language::Ko,
        key,
    };
    let enqueued = outbox::enqueue(&mut tx, db.dialect(), &post, now).await.unwrap();
    tx.commit().await.unwrap();
    enqueued
}

/// Polls until `ready`, which asks the database, gives something.
pub async fn wait_until<T>(what: &str, mut ready: impl AsyncFnMut() -> Option<T>) -> T {
    let polling = async {
        loop {
            if let Some(found) = ready().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, polling)
        .await
        .unwrap_or_else(|_| panic!("never: {what}"))
}
