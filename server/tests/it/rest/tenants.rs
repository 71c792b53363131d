//! Another household's device does not exist, by any route. The table is checked against the routes there are:
//! a new one that is not in it fails the first test.

use domain::time::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::openapi::listed;
use crate::harness::browser::Browser;
use crate::harness::test_app::{Resident, TestApp};

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);
/// A serial that was never made.
const NOBODYS: &str = "TL-ZZZZZZZZ";

/// What a route gives to whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Gives {
    /// One device, named in the address: not found for everybody else, 401 for strangers.
    Device,
    /// A page about one device: not found for everybody else, the way to the sign-in for strangers.
    DevicePage,
    /// Everything of whoever asks, and nothing of others; 401 for strangers.
    Own,
    /// A page with everything of whoever asks; strangers see a page without any device.
    OwnPage,
    /// Nothing of any household.
    Nothing,
}
use Gives::{Device, DevicePage, Nothing, Own, OwnPage};

const REST: [(&str, &str, Gives); 7] = [
    ("DELETE", "/session", Nothing),
    ("GET", "/devices", Own),
    ("GET", "/devices/{serial}", Device),
    ("GET", "/devices/{serial}/current", Device),
    ("GET", "/devices/{serial}/history", Device),
    ("POST", "/products", Nothing),
    ("POST", "/session", Nothing),
];

/// Pages are rendered whole and kept alive by the socket: what is asked for goes through REST.
const SERVER_FUNCTIONS: [(&str, &str, Gives); 0] = [];

const PAGES: [(&str, Gives); 3] = [("/", OwnPage), ("/devices/{serial}", DevicePage), ("/sign-in", Nothing)];

/// Every address that can give anything away.
fn addresses() -> impl Iterator<Item = (String, Gives)> {
    let rest = REST.iter().filter(|(method, ..)| *method == "GET");
    let rest = rest.map(|(_, path, gives)| (format!("/api/v1{path}"), *gives));
    let functions = SERVER_FUNCTIONS
        .iter()
        .map(|(path, query, gives)| (format!("{path}{query}"), *gives));
    let csv = [(
        "/api/v1/devices/{serial}/history?step=raw&format=csv".to_owned(),
        Device,
    )];
    rest.chain(functions)
        .chain(csv)
        .chain(PAGES.iter().map(|(path, gives)| ((*path).to_owned(), *gives)))
}

/// Two households that know nothing of each other, each with a reading.
async fn two_households() -> (TestApp, Resident, Resident) {
    let app = TestApp::spawn_at(START).await;
    let (mina, juno) = (
        app.resident("mina@home.example", 1).await,
        app.resident("juno@other.example", 1).await,
    );
    for (resident, t) in [(&mina, 21.5), (&juno, 27.25)] {
        app.publish(
            &resident.devices[0],
            json!({"at": START.as_millis(), "t": t, "h": 50.0}),
        )
        .await;
    }
    (app, mina, juno)
}

async fn ask(browser: &Browser, address: &str, serial: &str) -> (StatusCode, String) {
    let is_page = !address.starts_with("/api/");
    let accept = if is_page { "text/html" } else { "application/json" };
    let request = browser
        .request(Method::GET, &address.replace("{serial}", serial))
        .header("accept", accept);
    let answer = request.send().await.expect("the server answers");
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .expect("ASCII")
        .to_owned();
    let after = policy.split("'nonce-").nth(1).expect("the policy has a nonce");
    let nonce = after.split('\'').next().unwrap_or_default().to_owned();
    let status = answer.status();
    (
        status,
        answer.text().await.expect("the page is text").replace(&nonce, "NONCE"),
    )
}

#[tokio::test]
async fn the_table_names_every_route_there_is() {
    let app = TestApp::spawn().await;
    let description = app.browser().json("/api/v1/openapi.json").await;
    let rest: Vec<_> = REST
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(listed(&description), rest);

    let mut functions: Vec<_> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .collect();
    functions.sort_unstable();
    let named: Vec<_> = SERVER_FUNCTIONS.iter().map(|(path, ..)| *path).collect();
    assert_eq!(functions, named);

    let routes = leptos_axum::generate_route_list(app::App);
    let mut pages: Vec<_> = routes.iter().map(|route| route.path().to_owned()).collect();
    pages.sort_unstable();
    assert_eq!(pages, PAGES.map(|(path, _)| path));
}

#[tokio::test]
async fn not_yours_and_no_such_are_the_same_answer_to_the_letter() {
    let (app, mina, juno) = two_households().await;
    let browser = app.signed_in(&juno).await;
    for (address, gives) in addresses().filter(|(_, gives)| matches!(gives, Device | DevicePage)) {
        let (status, theirs) = ask(&browser, &address, &mina.serial(0)).await;
        let (_, nobodys) = ask(&browser, &address, NOBODYS).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{address} {gives:?}");
        assert_eq!(theirs.replace(&mina.serial(0), NOBODYS), nobodys, "{address}");
        assert!(!theirs.contains("21.5"), "{address}");
    }
}

#[tokio::test]
async fn everybody_sees_their_own_and_only_their_own() {
    let (app, mina, juno) = two_households().await;
    for (resident, other) in [(&mina, &juno), (&juno, &mina)] {
        let browser = app.signed_in(resident).await;
        for (address, gives) in addresses().filter(|(_, gives)| *gives != Nothing) {
            let (status, text) = ask(&browser, &address, &resident.serial(0)).await;
            assert_eq!(status, StatusCode::OK, "{address} {gives:?}");
            assert!(!text.contains(&other.serial(0)), "{address}");
            if matches!(gives, Own | OwnPage) {
                assert!(text.contains(&resident.serial(0)), "{address}");
            }
        }
    }
}

#[tokio::test]
async fn strangers_see_nothing() {
    let (app, mina, _) = two_households().await;
    let stranger = app.browser();
    for (address, gives) in addresses() {
        let (status, text) = ask(&stranger, &address, &mina.serial(0)).await;
        let expected: &[u16] = match gives {
            Device | Own => &[401],
            DevicePage => &[302, 303, 307],
            OwnPage | Nothing => &[200],
        };
        assert!(expected.contains(&status.as_u16()), "{address}: {status}");
        assert!(!text.contains("21.5"), "{address}");
        if gives != DevicePage {
            assert!(!text.contains(&mina.serial(0)), "{address}");
        }
    }
}

#[tokio::test]
async fn whoever_leaves_a_household_has_left_it_at_once() {
    let (app, mina, _) = two_households().await;
    let browser = app.signed_in(&mina).await;
    sqlx::query("DELETE FROM memberships")
        .execute(app.db.pool())
        .await
        .unwrap();
    for (address, _) in addresses().filter(|(_, gives)| matches!(gives, Device | DevicePage)) {
        let (status, _) = ask(&browser, &address, &mina.serial(0)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{address}");
    }
    assert_eq!(browser.json("/api/v1/devices").await, json!([]));
}

#[tokio::test]
async fn other_methods_do_not_open_other_doors() {
    let (app, mina, juno) = two_households().await;
    let browser = app.signed_in(&juno).await;
    for (address, _) in addresses().filter(|(_, gives)| matches!(gives, Device)) {
        for method in [Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let path = address.replace("{serial}", &mina.serial(0));
            let request = browser
                .request(method.clone(), &path)
                .header("origin", browser.origin());
            let status = request.send().await.unwrap().status();
            assert!(
                matches!(status.as_u16(), 400 | 404 | 405),
                "{method} {address}: {status}"
            );
        }
    }
}
