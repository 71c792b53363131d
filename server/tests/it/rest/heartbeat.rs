//! Somebody outside is told that all is well, and only then.

use server::clock::Clock;
use server::config::Secret;
use server::db::Db;
use server::heartbeat::{Beat, Heartbeat};
use server::mail::{Language, Mail};
use server::outbox::{Post, enqueue};

use crate::alerts::rig::NOW;
use crate::harness::push_service::{PushService, TAKE};
use crate::harness::test_app::{Options, TestApp};
use crate::store::rig::{Store, on_both};

fn heart(db: &Db, clock: &Clock, monitor: &PushService) -> Heartbeat {
    let url = Secret::new(monitor.endpoint("ping"));
    Heartbeat::new(url, db.clone(), clock.clone(), || true).unwrap()
}

async fn write(db: &Db, key: &str) {
    let mail = Mail::AlertTest {
        settings_url: "https://home.example",
    };
    let post = Post {
        mail,
        to: "ann@home.example",
        language: Language::Ko,
        key,
    };
    let mut tx = db.begin_write().await.unwrap();
    enqueue(&mut tx, db.dialect(), &post, NOW).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_well_tells_whoever_watches_it() {
    let monitor = PushService::start().await;
    let app = TestApp::spawn_with(Options {
        heartbeat_url: Some(monitor.endpoint("ping")),
        ..Options::default()
    })
    .await;
    assert_eq!(monitor.wait_for(1).await[0].path, "ping");
    app.stop().await;
}

on_both! {
    async fn a_letter_that_nobody_takes_up_stops_the_heart(db: Db) {
        let (clock, hand) = Clock::manual(NOW);
        let monitor = PushService::start().await;
        let heart = heart(&db, &clock, &monitor);
        write(&db, "changed:1").await;
        assert_eq!(heart.beat().await, Beat::Heard, "it is not late yet");
        hand.advance(2 * 60_000 + 1);
        assert_eq!(heart.beat().await, Beat::Withheld("outbox"));
        assert_eq!(monitor.taken().len(), 1);
    }

    async fn letters_that_are_tried_in_vain_stop_the_heart_unless_others_get_through(db: Db) {
        let (clock, hand) = Clock::manual(NOW);
        let monitor = PushService::start().await;
        let heart = heart(&db, &clock, &monitor);
        write(&db, "changed:1").await;
        hand.advance(10 * 60_000 + 1);
        let now = clock.now().as_millis();
        sqlx::query("UPDATE outbox SET attempts = 5, next_at = ?").bind(now).execute(db.pool()).await.unwrap();
        assert_eq!(heart.beat().await, Beat::Withheld("outbox"));
        write(&db, "changed:2").await;
        sqlx::query("UPDATE outbox SET state = 'accepted', next_at = ? WHERE dedupe_key = 'changed:2'")
            .bind(now).execute(db.pool()).await.unwrap();
        assert_eq!(heart.beat().await, Beat::Heard, "one address that refuses everything is no reason for alarm");
    }
}

#[tokio::test]
async fn no_database_and_no_intake_stop_the_heart() {
    let store = Store::sqlite().await;
    let (clock, _hand) = Clock::manual(NOW);
    let monitor = PushService::start().await;
    let url = Secret::new(monitor.endpoint("ping"));
    let deaf = Heartbeat::new(url, store.db.clone(), clock.clone(), || false).unwrap();
    assert_eq!(deaf.beat().await, Beat::Withheld("intake"));
    let heart = heart(&store.db, &clock, &monitor);
    store.db.close().await;
    assert_eq!(heart.beat().await, Beat::Withheld("database"));
    assert_eq!(monitor.attempts("ping"), 0);
}

#[tokio::test]
async fn a_watcher_that_is_away_does_no_harm() {
    let store = Store::sqlite().await;
    let (clock, _hand) = Clock::manual(NOW);
    let mut monitor = PushService::start().await;
    let heart = heart(&store.db, &clock, &monitor);
    monitor.behave(|_, attempt| if attempt == 1 { (500, None) } else { TAKE });
    assert_eq!(heart.beat().await, Beat::Unheard);
    assert_eq!(heart.beat().await, Beat::Heard);
    monitor.close().await;
    assert_eq!(heart.beat().await, Beat::Unheard);
}
