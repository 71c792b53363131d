//! Guesses count wherever they are made, and never for nothing.

use redis::{Client, Commands as _};

use super::pair::Pair;
use crate::auth::limits::try_once;
use crate::doors::site::poll;
use crate::harness::test_app::{PASSWORD, TestApp};

const MINA: &str = "mina@home.example";

async fn guess(app: &TestApp) -> u16 {
    try_once(app, MINA, "a guess").await.status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_one_instance_count_at_the_other() {
    let pair = Pair::start().await;
    for app in [&pair.first, &pair.second].repeat(5) {
        assert_eq!(guess(app).await, 401);
    }
    for app in [&pair.first, &pair.second] {
        let refused = try_once(app, MINA, PASSWORD).await;
        assert_eq!(refused.status(), 429, "also the right password waits");
        assert_eq!(refused.headers()["retry-after"], "60");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_redis_is_away_each_instance_counts_on_alone_and_nobody_sees_an_error() {
    let mut pair = Pair::start().await;
    for app in [&pair.first; 4] {
        assert_eq!(guess(app).await, 401);
    }
    pair.redis.kill9();
    for app in [&pair.first; 6] {
        assert_eq!(guess(app).await, 401, "what was counted together is remembered");
    }
    assert_eq!(guess(&pair.first).await, 429);
    assert_eq!(guess(&pair.second).await, 401, "the other knows only its own");

    pair.redis.restart();
    let mut redis = Client::open(pair.redis.url()).unwrap().get_connection().unwrap();
    let mut counted = || -> Vec<String> { redis.keys("templog:v1:limit:passwords:*").unwrap() };
    let counted_together = poll(async || {
        guess(&pair.second).await;
        (!counted().is_empty()).then_some(())
    });
    assert!(counted_together.await.is_some());
}
