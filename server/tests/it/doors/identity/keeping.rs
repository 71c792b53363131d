//! The server keeps Mosquitto's accounts: at once, no more than it must, and when it can.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{AT_ONCE, QUIET, SHOP, hello, order, shop, shop_at, take_back, wait_accounts, wait_let_in};
use crate::doors::raw::{Heard, Level, PUBACK, PUBLISH, Raw};
use crate::doors::site::poll;
use crate::harness::dynsec::Dynsec;
use crate::harness::mosquitto::Mosquitto;

#[tokio::test(flavor = "multi_thread")]
async fn a_product_connects_to_mosquitto_at_once_and_a_return_cuts_it() {
    let broker = Dynsec::start();
    let app = shop_at(&broker).await;
    let product = order(&app, 1).await.remove(0);
    let mut device = Raw::connect(app.mqtt_addr, &hello(&product, Level::V5));
    let status = format!("templog/v1/{}/status", product.serial);
    device.publish(&status, b"{\"online\":true}", 1, 1, true);
    device.expect(PUBACK);

    let began = Instant::now();
    let renewed = take_back(&app, &product).await;
    while device.hear(AT_ONCE) != Heard::Closed {}
    assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());

    assert_ne!(Raw::refusal(app.mqtt_addr, &hello(&product, Level::V5)), 0);
    let mut device = Raw::connect(app.mqtt_addr, &hello(&renewed, Level::V5));
    device.subscribe(&status);
    let heard = device.hear(QUIET);
    assert!(
        !matches!(&heard, Heard::Packet(packet) if packet.kind() == PUBLISH),
        "a status was kept: {heard:?}"
    );
    let text = broker.accounts().to_string();
    assert!(!text.contains(&renewed.mqtt.password));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_needs_no_change_keeps_its_connection() {
    let broker = Dynsec::start();
    let app = shop_at(&broker).await;
    let products = order(&app, 2).await;
    let mut device = Raw::connect(app.mqtt_addr, &hello(&products[0], Level::V5));
    take_back(&app, &products[1]).await;
    order(&app, 1).await;
    assert!(device.answers_ping());
    // Another server that starts compares everything, and changes nothing.
    let other = shop_at(&broker).await;
    assert!(device.answers_ping());
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_down_is_told_when_it_is_back() {
    let mut broker = Dynsec::start();
    let app = shop_at(&broker).await;
    broker.kill9();
    wait_accounts(&app, "unreachable").await;
    let product = order(&app, 1).await.remove(0);
    let path = format!("/api/v1/products/{}", product.serial);
    let state = async || {
        let request = app.browser().request(Method::GET, &path).bearer_auth(SHOP);
        request.send().await.unwrap().json::<Value>().await.unwrap()["broker"].clone()
    };
    assert_eq!(state().await, "pending");
    broker.restart_with(|_| {});
    wait_let_in(&app, &product, true).await;
    let confirmed = poll(async || (state().await == "confirmed").then_some(()));
    assert!(confirmed.await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_rights_and_a_broker_kept_by_hand_are_told_apart() {
    let mut broker = Dynsec::start();
    broker.restart_with(|accounts| {
        for role in accounts["roles"].as_array_mut().unwrap() {
            role["acls"] = json!([
                {"acltype": "publishClientSend", "topic": "templog/#", "priority": 0, "allow": true},
                {"acltype": "subscribePattern", "topic": "templog/#", "priority": 0, "allow": true},
                {"acltype": "subscribePattern", "topic": "$share/templog/#", "priority": 0, "allow": true},
            ]);
        }
    });
    let app = shop(Some((broker.url(), broker.address))).await;
    wait_accounts(&app, "no rights").await;
    let answer: Value = app.browser().json("/readyz").await;
    assert_eq!(
        (&answer["status"], &answer["broker"]),
        (&json!("degraded"), &json!("ok"))
    );

    let by_hand = Mosquitto::start(&[]);
    let app = shop(Some((by_hand.url(), by_hand.address))).await;
    wait_accounts(&app, "managed by hand").await;
}
