//! What each role may do with the home and its people, tried by everybody.

use reqwest::{Method, StatusCode};
use serde_json::json;
use server::db::households::Role;

use super::home::{Home, Person};
use crate::harness::browser::Browser;

async fn rename(home: &Home, browser: &Browser) -> StatusCode {
    let path = format!("/api/v1/devices/{}", home.mina.serial(0));
    let request = browser.request(Method::PATCH, &path).header("origin", browser.origin());
    request.json(&json!({"name": "Attic"})).send().await.unwrap().status()
}

async fn release(home: &Home, browser: &Browser) -> StatusCode {
    let path = format!("/api/v1/devices/{}", home.mina.serial(0));
    let request = browser
        .request(Method::DELETE, &path)
        .header("origin", browser.origin());
    request.send().await.unwrap().status()
}

async fn look(home: &Home, browser: &Browser) -> StatusCode {
    let path = format!("/api/v1/devices/{}/current", home.mina.serial(0));
    browser.get(&path).await.status()
}

#[tokio::test]
async fn a_viewer_looks_a_member_changes_and_an_owner_decides() {
    let home = Home::new().await;
    let viewer = home.person("viewer@home.example", Role::Viewer).await;
    let member = home.person("member@home.example", Role::Member).await;
    let stranger = home.stranger("stranger@other.example").await;
    let owner = home.app.signed_in(&home.mina).await;

    let (ok, forbidden, none) = (StatusCode::OK, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND);
    for (browser, sees, renames, releases) in [
        (&viewer.browser, ok, forbidden, forbidden),
        (&member.browser, ok, ok, forbidden),
        (&stranger.browser, none, none, none),
        (&owner, ok, ok, ok),
    ] {
        assert_eq!(look(&home, browser).await, sees);
        assert_eq!(rename(&home, browser).await, renames);
        assert_eq!(release(&home, browser).await, releases);
    }
}

/// Tries everything that is about people, on somebody who is a viewer; what the page says to each.
async fn try_everything(home: &Home, browser: &Browser, other: &Person) -> Vec<String> {
    let mut said = vec![home.invite(browser, "new@other.example", "member").await];
    for (what, role) in [("role", "member"), ("hand-over", ""), ("remove", "")] {
        said.push(home.post(browser, what, &other.who, role).await);
    }
    said
}

#[tokio::test]
async fn only_an_owner_decides_about_people() {
    let home = Home::new().await;
    let other = home.person("other@home.example", Role::Viewer).await;
    let before = home.people().await.len();
    for role in [Role::Viewer, Role::Member] {
        let person = home.person(&format!("{}@home.example", role.as_str()), role).await;
        for said in try_everything(&home, &person.browser, &other).await {
            assert!(said.contains("주인만"), "{said}");
        }
        // Nor for oneself.
        assert!(
            home.post(&person.browser, "hand-over", &person.who, "")
                .await
                .contains("주인만")
        );
    }
    let stranger = home.stranger("stranger@other.example").await;
    for said in try_everything(&home, &stranger.browser, &other).await {
        assert!(
            said.contains("찾을 수 없"),
            "for strangers there is no such home: {said}"
        );
    }
    assert_eq!(home.people().await.len(), before + 2);
    assert!(home.app.mails_now("new@other.example").is_empty());
}

#[tokio::test]
async fn a_form_makes_nobody_an_owner_whatever_it_says() {
    let home = Home::new().await;
    let owner = home.app.signed_in(&home.mina).await;
    let other = home.person("other@home.example", Role::Member).await;
    home.post(&owner, "role", &other.who, "owner").await;
    assert!(
        home.people()
            .await
            .contains(&("other@home.example".to_owned(), "viewer"))
    );
    assert!(
        home.post(&owner, "role", &home.mina, "viewer")
            .await
            .contains("주인이 있어야")
    );
}
