//! A broker that asks the server about each client, as EMQX does: the same attempts, the same answers.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::products::Product;

use super::hostile::{foreign_filters, foreign_topics};
use super::{SHOP, order, take_back};
use crate::harness::test_app::{Options, TestApp};

const BROKER: &str = "a-token-of-the-broker-that-nobody-guesses";

async fn shop() -> TestApp {
    TestApp::spawn_with(Options {
        operator_token: Some(SHOP),
        mqtt_auth_token: Some(BROKER),
        ..Options::default()
    })
    .await
}

async fn ask(app: &TestApp, what: &str, question: Value) -> Value {
    let request = app.browser().request(Method::POST, &format!("/internal/mqtt/{what}"));
    let answer = request.bearer_auth(BROKER).json(&question).send().await.unwrap();
    // Anything else would mean "ask somebody else" to the broker.
    assert_eq!(answer.status(), StatusCode::OK, "{question}");
    answer.json().await.unwrap()
}

async fn admitted(app: &TestApp, user: &str, client_id: &str, password: &str) -> String {
    let question = json!({"username": user, "clientid": client_id, "password": password});
    ask(app, "auth", question).await["result"].as_str().unwrap().to_owned()
}

async fn permitted(app: &TestApp, user: &str, action: &str, topic: &str) -> String {
    let question = json!({"username": user, "action": action, "topic": topic});
    ask(app, "acl", question).await["result"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_let_in_by_its_own_password_and_name_and_no_longer_than_an_hour() {
    let app = shop().await;
    let products = order(&app, 2).await;
    let [own, other] = [&products[0], &products[1]];
    let (serial, password) = (own.serial.as_str(), own.mqtt.password.as_str());

    let question = json!({"username": serial, "clientid": serial, "password": password});
    let answer = ask(&app, "auth", question).await;
    let lasts_s = answer["expire_at"].as_i64().unwrap() - app.now().as_millis() / 1000;
    assert_eq!(answer["result"], "allow");
    assert!((2_900..=3_600).contains(&lasts_s), "{lasts_s} s");

    for (user, client_id, password, expected) in [
        (serial, serial, other.mqtt.password.as_str(), "deny"),
        (serial, serial, "", "deny"),
        (serial, other.serial.as_str(), password, "deny"),
        (serial, "", password, "deny"),
        (other.serial.as_str(), serial, password, "deny"),
        ("TL-00000000", "TL-00000000", password, "deny"),
        // The server's own account is not ours to judge.
        ("server", "server", "server-password", "ignore"),
        ("", "", "", "ignore"),
    ] {
        let answer = admitted(&app, user, client_id, password).await;
        assert_eq!(answer, expected, "{user} as {client_id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_may_do_is_what_the_other_brokers_let_it_do() {
    let app = shop().await;
    let products = order(&app, 2).await;
    let (own, other) = (products[0].serial.to_string(), products[1].serial.to_string());
    for leaf in ["telemetry", "status", "reply"] {
        let topic = format!("templog/v1/{own}/{leaf}");
        assert_eq!(permitted(&app, &own, "publish", &topic).await, "allow", "{topic}");
    }
    for leaf in ["ack", "cmd/#", "cmd/+", "#"] {
        let filter = format!("templog/v1/{own}/{leaf}");
        assert_eq!(permitted(&app, &own, "subscribe", &filter).await, "allow", "{filter}");
    }
    for topic in foreign_topics(&own, &other) {
        assert_eq!(permitted(&app, &own, "publish", &topic).await, "deny", "{topic}");
    }
    for filter in foreign_filters(&own, &other) {
        assert_eq!(permitted(&app, &own, "subscribe", &filter).await, "deny", "{filter}");
    }
    assert_eq!(permitted(&app, "server", "subscribe", "templog/v1/#").await, "ignore");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_taken_back_is_refused_at_the_next_question() {
    let app = shop().await;
    let old = order(&app, 1).await.remove(0);
    let try_in = async |product: &Product| {
        let serial = product.serial.as_str();
        admitted(&app, serial, serial, &product.mqtt.password).await
    };
    assert_eq!(try_in(&old).await, "allow");
    let new = take_back(&app, &old).await;
    assert_eq!(
        (try_in(&old).await, try_in(&new).await),
        ("deny".to_owned(), "allow".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_broker_finds_the_address_and_without_a_token_nobody_does() {
    let question = json!({"username": "x", "clientid": "x", "password": "x"});
    for (app, token) in [(shop().await, SHOP), (TestApp::spawn().await, "")] {
        for what in ["auth", "acl"] {
            let request = app.browser().request(Method::POST, &format!("/internal/mqtt/{what}"));
            let answer = request.bearer_auth(token).json(&question).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{what}");
        }
    }
    let app = shop().await;
    let request = app.browser().request(Method::POST, "/internal/mqtt/acl");
    let answer = request.bearer_auth(BROKER).body("what?").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
}
