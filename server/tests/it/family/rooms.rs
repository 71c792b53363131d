//! What people say of the device in a room, and who may.

use server::db::households::Role;

use super::home::Home;
use crate::harness::browser::Browser;

const FORM: [(&str, &str); 6] = [
    ("name", "다락"),
    ("room", "2층"),
    ("position", "3"),
    ("zone", "Europe/Berlin"),
    ("t_offset", "-0.5"),
    ("h_offset", "2"),
];

async fn save(home: &Home, browser: &Browser, fields: &[(&str, &str)]) -> String {
    let path = format!("/devices/{}/settings", home.mina.serial(0));
    let answer = browser.post_form(&path, fields).await;
    home.said(browser, answer).await
}

#[tokio::test]
async fn what_is_said_of_a_room_is_shown_and_its_values_are_corrected() {
    let home = Home::new().await;
    let mina = home.app.signed_in(&home.mina).await;
    assert_eq!(save(&home, &mina, &FORM).await, "저장했어요.");

    home.app
        .publish(&home.mina.devices[0], serde_json::json!({"t": 21.5, "h": 50.0}))
        .await;
    let page = mina.get("/").await.text().await.unwrap();
    assert!(page.contains("다락"));
    let current = mina
        .json(&format!("/api/v1/devices/{}/current", home.mina.serial(0)))
        .await;
    assert_eq!((&current["t"], &current["h"]), (&21.0.into(), &52.0.into()));
}

#[tokio::test]
async fn what_cannot_be_is_said_beside_its_field_and_nothing_is_changed() {
    let home = Home::new().await;
    let mina = home.app.signed_in(&home.mina).await;
    let path = format!("/devices/{}/settings", home.mina.serial(0));
    for (field, value) in [
        ("name", " "),
        ("position", "first"),
        ("zone", "Mars/Olympus"),
        ("t_offset", "11"),
        ("h_offset", "NaN"),
    ] {
        let fields = FORM.map(|(name, usual)| (name, if name == field { value } else { usual }));
        mina.post_form(&path, &fields).await;
        let page = mina.get(&path).await.text().await.unwrap();
        assert!(page.contains(&format!("id=\"{field}-problem\"")), "{field}");
        assert!(page.contains("value=\"2층\""), "what was typed is still there");
    }
    assert!(!mina.get("/").await.text().await.unwrap().contains("다락"));
}

#[tokio::test]
async fn a_viewer_sees_the_room_and_changes_nothing() {
    let home = Home::new().await;
    let viewer = home.person("viewer@home.example", Role::Viewer).await;
    assert!(save(&home, &viewer.browser, &FORM).await.contains("보기만"));
    let page = viewer
        .browser
        .get(&format!("/devices/{}/settings", home.mina.serial(0)))
        .await;
    assert!(!page.text().await.unwrap().contains("name=\"t_offset\""));
    let member = home.person("member@home.example", Role::Member).await;
    assert_eq!(save(&home, &member.browser, &FORM).await, "저장했어요.");
    let stranger = home.stranger("stranger@other.example").await;
    assert!(
        save(&home, &stranger.browser, &FORM).await.is_empty(),
        "there is no such page"
    );
}
