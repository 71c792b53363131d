//! The cable to Redis: pages and limits go on without it, whatever is wrong with it.

use std::time::Duration;

use super::rig::wait_told;
use crate::auth::limits::try_once;
use crate::harness::redis::Redis;
use crate::harness::test_app::{Options, PASSWORD, TestApp};
use crate::harness::wire::{Fault, Wire};

/// A page that waits for Redis would take longer.
const SOON: Duration = Duration::from_secs(5);

async fn pages_do_without(fault: Fault) {
    let redis = Redis::start();
    let wire = Wire::to(redis.address()).await;
    let app = TestApp::spawn_with(Options {
        redis_url: Some(format!("redis://{}", wire.address)),
        ..Options::default()
    })
    .await;
    let mina = app.resident("mina@home.example", 1).await;
    wait_told(&app, 200, "relay", "ok").await;

    wire.set(fault);
    wait_told(&app, 200, "relay", "unreachable").await;
    let looking = async {
        let signed_in = app.signed_in(&mina).await;
        assert_eq!(signed_in.get("/").await.status(), 200);
        assert_eq!(try_once(&app, "nobody@home.example", PASSWORD).await.status(), 401);
    };
    tokio::time::timeout(SOON, looking)
        .await
        .expect("nobody waits for Redis");

    wire.set(Fault::Clear);
    wait_told(&app, 200, "relay", "ok").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_do_without_a_redis_that_is_cut_off() {
    pages_do_without(Fault::Reset).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_do_without_a_redis_that_swallows_everything() {
    pages_do_without(Fault::Blackhole).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_do_without_a_redis_that_is_gone_without_a_word() {
    pages_do_without(Fault::HalfOpen).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_do_without_a_redis_of_a_byte_a_second() {
    pages_do_without(Fault::Trickle).await;
}
