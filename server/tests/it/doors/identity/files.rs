//! Whatever happens to Mosquitto's file, after a restart the broker equals the database.

use serde_json::{Value, json};
use server::products::Product;

use super::{hello, order, shop_at, take_back, wait_accounts, wait_let_in};
use crate::doors::raw::{Level, Raw};
use crate::doors::site::poll;
use crate::harness::dynsec::Dynsec;
use crate::harness::mosquitto::SERVER;

fn client_of(broker: &Dynsec, product: &Product) -> Value {
    let accounts = broker.accounts();
    let clients = accounts["clients"].as_array().unwrap();
    let found = clients
        .iter()
        .find(|client| client["username"] == product.serial.to_string());
    found.cloned().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_or_old_file_is_filled_again() {
    let mut broker = Dynsec::start();
    let app = shop_at(&broker).await;
    let products = order(&app, 3).await;
    let old = broker.accounts();
    let renewed = take_back(&app, &products[0]).await;

    broker.restart_with(|accounts| {
        accounts["clients"]
            .as_array_mut()
            .unwrap()
            .retain(|client| client["username"] == SERVER.0);
        accounts["roles"]
            .as_array_mut()
            .unwrap()
            .retain(|role| role["rolename"] == "admin");
    });
    for product in [&renewed, &products[1], &products[2]] {
        wait_let_in(&app, product, true).await;
    }
    wait_accounts(&app, "forgetful").await;

    broker.restart_with(|accounts| *accounts = old);
    wait_let_in(&app, &renewed, true).await;
    wait_let_in(&app, &products[0], false).await;
}

/// Gives every device the rights of an administrator, opens every role, and adds somebody we do not know.
fn tamper(accounts: &mut Value) {
    let clients = accounts["clients"].as_array_mut().unwrap();
    let mut stranger = clients
        .iter()
        .find(|client| client["username"] != SERVER.0)
        .cloned()
        .unwrap();
    (stranger["username"], stranger["clientid"]) = (json!("TL-ZZZZZZZZ"), json!("x"));
    clients.push(stranger);
    for client in clients.iter_mut().filter(|client| client["username"] != SERVER.0) {
        client["roles"] = json!([{"rolename": "admin"}]);
    }
    let is_device = |role: &&mut Value| {
        role["rolename"]
            .as_str()
            .is_some_and(|name| name.starts_with("device-"))
    };
    for role in accounts["roles"].as_array_mut().unwrap().iter_mut().filter(is_device) {
        role["acls"] = json!([{"acltype": "subscribePattern", "topic": "#", "priority": 9, "allow": true}]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_has_changed_by_hand_is_put_right_and_strangers_are_left_alone() {
    let mut broker = Dynsec::start();
    let app = shop_at(&broker).await;
    let product = order(&app, 1).await.remove(0);
    broker.restart_with(tamper);
    let role = format!("device-{}", product.serial);
    let is_right = async || {
        let client = client_of(&broker, &product);
        let roles = client["roles"].as_array()?;
        (roles.len() == 1 && roles[0]["rolename"] == role).then_some(())
    };
    assert!(poll(is_right).await.is_some(), "{}", client_of(&broker, &product));
    wait_accounts(&app, "forgetful").await;
    let mut device = Raw::connect(app.mqtt_addr, &hello(&product, Level::V5));
    assert!(device.subscribe("templog/#") >= 0x80);
    let accounts = broker.accounts();
    let mut clients = accounts["clients"].as_array().unwrap().iter();
    assert!(
        clients.any(|client| client["username"] == "TL-ZZZZZZZZ"),
        "a stranger is told, not deleted"
    );
}
