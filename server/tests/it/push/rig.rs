//! A home whose person has a browser at a push service.

use serde_json::Value;
use server::config::{PushHosts, SecretKey};
use server::db::outbox::{Entry, State, list_entries};
use server::db::push_subscriptions::insert_push_subscription;
use server::db::push_subscriptions::{NewPushSubscription, PushSubscription, find_push_subscription};
use server::db::{Db, PushSubscriptionId, UserId};
use server::outbox::{Policy, Worker};
use server::push::{Herald, Vapid};
use server::seal::Seal;

use crate::alerts::rig::{NOW, Rig as Home};
use crate::harness::push_browser::PushBrowser;
use crate::harness::push_service::PushService;

pub struct Rig {
    pub home: Home,
    pub service: PushService,
    pub browser: PushBrowser,
    pub id: PushSubscriptionId,
    pub herald: Herald,
}

impl Rig {
    pub async fn new(db: &Db) -> Self {
        let home = Home::new(db).await;
        let (service, browser) = (PushService::start().await, PushBrowser::new());
        let seal = Seal::new(&SecretKey::generate());
        let vapid = Vapid::open(db, &seal, "https://home.example".to_owned(), NOW)
            .await
            .unwrap();
        let id = subscribe(db, home.ann, &service.endpoint("ann"), &browser).await;
        Self {
            herald: Herald::new(vapid, PushHosts::AlsoLoopback).unwrap(),
            home,
            service,
            browser,
            id,
        }
    }

    /// Another browser of somebody.
    pub async fn subscribe(&self, user: UserId, name: &str, browser: &PushBrowser) -> PushSubscriptionId {
        subscribe(&self.home.db, user, &self.service.endpoint(name), browser).await
    }

    /// Sends what is due; returns how many messages that were.
    pub async fn work_off(&self) -> usize {
        let (db, clock) = (self.home.db.clone(), self.home.clock.clone());
        let worker = Worker::new(db, clock, self.herald.clone(), Policy::default());
        worker.work_off().await.unwrap()
    }

    /// Sends what is due; returns everything that Ann's browser has been told so far.
    pub async fn told(&self) -> Vec<Value> {
        self.work_off().await;
        let taken = self.service.taken();
        let own = taken.iter().filter(|taken| taken.path == "ann");
        own.map(|taken| self.browser.read(taken)).collect()
    }

    /// What is known of Ann's browser.
    pub async fn known(&self) -> Option<PushSubscription> {
        find_push_subscription(&self.home.db, self.id).await.unwrap()
    }

    /// Messages in this state. Mails are left out.
    pub async fn letters(&self, state: State) -> Vec<Entry> {
        let mut letters = list_entries(&self.home.db, state, 100).await.unwrap();
        letters.retain(|letter| letter.recipient.starts_with("push:"));
        letters
    }
}

async fn subscribe(db: &Db, user: UserId, endpoint: &str, browser: &PushBrowser) -> PushSubscriptionId {
    let (p256dh, auth) = (browser.p256dh(), browser.auth());
    let new = NewPushSubscription {
        user,
        session: 1,
        endpoint,
        p256dh: &p256dh,
        auth: &auth,
        user_agent: "Mozilla/5.0 (Linux; Android 15) Chrome/141.0",
    };
    let mut tx = db.begin_write().await.unwrap();
    let id = insert_push_subscription(&mut tx, db, &new, NOW).await.unwrap();
    tx.commit().await.unwrap();
    id
}
