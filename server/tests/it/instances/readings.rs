//! No reading is lost or doubled while instances come and go.

use serde_json::json;

use super::pair::Pair;
use crate::doors::site::poll;
use crate::harness::test_app::TestApp;

async fn stored(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM readings")
        .fetch_one(app.db.pool())
        .await
        .expect("readings can be counted")
}

async fn wait_stored(app: &TestApp, count: i64) {
    let reached = poll(async || (stored(app).await >= count).then_some(())).await;
    let found = stored(app).await;
    assert!(
        reached.is_some() && found == count,
        "{found} readings are stored, not {count}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reading_is_stored_once_whichever_instance_takes_it() {
    let pair = Pair::start().await;
    let device = &pair.mina.devices[0];
    for seq in 1..=30 {
        pair.first
            .publish(device, json!({"boot": 1, "seq": seq, "t": 21.5}))
            .await;
    }
    wait_stored(&pair.first, 30).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_stops_leaves_its_share_to_the_other() {
    let pair = Pair::start().await;
    let device = pair.mina.devices[0].clone();
    pair.first
        .publish(&device, json!({"boot": 1, "seq": 1, "t": 21.5}))
        .await;
    pair.second.stop().await;
    for seq in 2..=20 {
        pair.first
            .publish(&device, json!({"boot": 1, "seq": seq, "t": 21.5}))
            .await;
    }
    wait_stored(&pair.first, 20).await;
}
