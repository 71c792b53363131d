//! The description of the API is true and complete.

use serde_json::Value;

use crate::guards::table::{Kind, ROUTES};
use crate::guards::world::World;
use crate::harness::test_app::TestApp;

/// What the description lists, sorted.
fn listed(description: &Value) -> Vec<(String, String)> {
    let paths = description["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, operations)| {
        let methods = operations.as_object().expect("operations").keys();
        methods.map(move |method| (method.to_uppercase(), path.clone()))
    });
    let mut operations: Vec<_> = operations.collect();
    operations.sort();
    operations
}

#[tokio::test]
async fn the_description_lists_every_route_and_nothing_else() {
    let app = TestApp::spawn().await;
    let description = app.browser().json("/api/v1/openapi.json").await;
    assert!(description["openapi"].as_str().unwrap().starts_with("3."));
    let rows = ROUTES.iter().filter(|row| row.path != "/api/v1/openapi.json");
    let operations = rows.filter_map(|row| Some((row.method.to_owned(), row.path.strip_prefix("/api/v1")?.to_owned())));
    let mut operations: Vec<_> = operations.collect();
    operations.sort();
    assert_eq!(listed(&description), operations);
}

#[tokio::test]
async fn every_route_that_is_described_answers() {
    let world = World::new().await;
    let token = world.app.token(world.mina.who.id).await;
    let mut rows: Vec<_> = ROUTES
        .iter()
        .filter(|row| row.kind() == Kind::Rest && row.path.starts_with("/api/"))
        .collect();
    // What is deleted is not there for others, and a device takes what is of it along.
    rows.sort_by_key(|row| (row.method == "DELETE", row.path.starts_with("/api/v1/devices")));
    for row in rows {
        let (method, path) = (row.method, row.address(&world.mina.things));
        let request = row.request(&world.app.browser(), &path).bearer_auth(&token);
        let answer = request.send().await.unwrap();
        assert!(
            // A refused claim is "no such" to whoever tries.
            !matches!(answer.status().as_u16(), 404 | 405 | 500..) || path.ends_with("/claim"),
            "{method} {path}: {}",
            answer.status()
        );
    }
}

#[tokio::test]
async fn answers_have_the_members_that_the_description_promises() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let description = browser.json("/api/v1/openapi.json").await;
    let promised = |schema: &str| {
        let mut members: Vec<String> = Vec::new();
        let schema = &description["components"]["schemas"][schema];
        let parts = schema["allOf"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![schema.clone()]);
        for part in parts {
            let reference = part["$ref"].as_str().and_then(|name| name.rsplit('/').next());
            let part = reference.map_or(&part, |name| &description["components"]["schemas"][name]);
            members.extend(part["properties"].as_object().expect("an object").keys().cloned());
        }
        members.sort();
        members
    };
    let sent = |value: &Value| {
        let mut members: Vec<_> = value.as_object().expect("an object").keys().cloned().collect();
        members.sort();
        members
    };
    let current = browser
        .json(&format!("/api/v1/devices/{}/current", mina.serial(0)))
        .await;
    assert_eq!(sent(&current), promised("Current"));
    assert_eq!(sent(&current["today"]), promised("Today"));
    assert_eq!(
        sent(&browser.json("/api/v1/devices").await[0]),
        promised("DeviceSummary")
    );
}
