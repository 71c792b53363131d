//! Out: by somebody else's word or one's own, at once, and never so that nobody is left to decide.

use std::time::Duration;

use server::db::households::Role;

use super::home::Home;

#[tokio::test]
async fn who_is_removed_sees_nothing_any_more_in_an_open_page_too() {
    let home = Home::new().await;
    let (mina, juno) = (
        home.app.signed_in(&home.mina).await,
        home.person("juno@other.example", Role::Member).await,
    );
    let mut page = juno.browser.open_socket().await;
    page.next().await;
    assert_eq!(home.post(&mina, "remove", &juno.who, "").await, "내보냈어요.");
    assert!(juno.devices().await.is_empty());
    assert_eq!(
        juno.browser
            .get(&format!("/devices/{}", home.mina.serial(0)))
            .await
            .status(),
        404
    );

    home.app
        .publish(&home.mina.devices[0], serde_json::json!({"t": 31.25, "h": 45.0}))
        .await;
    let told = tokio::time::timeout(Duration::from_secs(2), page.next_or_end()).await;
    assert!(
        told.is_err(),
        "an open page of somebody who is out is told nothing: {told:?}"
    );
}

#[tokio::test]
async fn anybody_may_leave_except_the_last_owner() {
    let home = Home::new().await;
    let (mina, juno) = (
        home.app.signed_in(&home.mina).await,
        home.person("juno@other.example", Role::Viewer).await,
    );
    let household = home.id.0.to_string();
    let leave = [("household", household.as_str())];
    let answer = mina.post_form("/settings/family/leave", &leave).await;
    assert!(home.said(&mina, answer).await.contains("먼저 주인을 넘겨"));
    let answer = juno.browser.post_form("/settings/family/leave", &leave).await;
    assert_eq!(home.said(&juno.browser, answer).await, "집에서 나왔어요.");
    assert_eq!(home.people().await, [("mina@home.example".to_owned(), "owner")]);
}

#[tokio::test]
async fn a_home_that_is_handed_over_has_one_owner_and_the_former_one_is_a_member() {
    let home = Home::new().await;
    let (mina, juno) = (
        home.app.signed_in(&home.mina).await,
        home.person("juno@other.example", Role::Viewer).await,
    );
    assert_eq!(home.post(&mina, "hand-over", &juno.who, "").await, "주인을 넘겼어요.");
    let people = home.people().await;
    assert_eq!(people[0], ("juno@other.example".to_owned(), "owner"));
    assert_eq!(people[1], ("mina@home.example".to_owned(), "member"));
    assert!(home.post(&mina, "remove", &juno.who, "").await.contains("주인만"));
}

#[tokio::test]
async fn two_owners_who_remove_each_other_at_the_same_moment_leave_one() {
    for _ in 0..10 {
        let home = Home::new().await;
        let mina = home.app.signed_in(&home.mina).await;
        let juno = home.person("juno@other.example", Role::Owner).await;
        tokio::join!(
            home.post(&mina, "remove", &juno.who, ""),
            home.post(&juno.browser, "remove", &home.mina, "")
        );
        let people = home.people().await;
        assert_eq!(people.len(), 1, "{people:?}");
        assert_eq!(people[0].1, "owner");
    }
}

#[tokio::test]
async fn what_became_of_somebody_stands_in_their_own_log() {
    let home = Home::new().await;
    let (mina, juno) = (
        home.app.signed_in(&home.mina).await,
        home.person("juno@other.example", Role::Member).await,
    );
    home.post(&mina, "role", &juno.who, "viewer").await;
    let page = juno.browser.get("/settings/account").await.text().await.unwrap();
    assert!(page.contains("집에서의 역할이 바뀜"), "the log tells of it");
}
