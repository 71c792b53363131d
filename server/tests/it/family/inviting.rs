//! A link by mail, once, for seven days.

use std::time::Duration;

use domain::time::Timestamp;
use server::db::households::{Role, list_households_of};

use super::home::Home;
use crate::harness::test_app::TestApp;

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);
const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn whoever_has_the_link_comes_in_and_sees_the_home_and_nobody_comes_in_by_it_again() {
    let home = Home::new().await;
    let mina = home.app.signed_in(&home.mina).await;
    assert_eq!(
        home.invite(&mina, " Juno@Other.example ", "member").await,
        "초대장을 보냈어요."
    );
    let token = home.token_sent_to("juno@other.example", 1).await;

    // The mail went to one address; the link is accepted with another account.
    let juno = home.stranger("juno.private@other.example").await;
    assert!(juno.devices().await.is_empty());
    let invitation = juno.browser.get(&format!("/invite?token={token}")).await;
    assert!(invitation.text().await.unwrap().contains("함께 보기"));
    assert_eq!(juno.accept(&home, &token).await, "이제 이 집을 함께 봐요.");
    assert_eq!(juno.devices().await, [home.mina.serial(0)]);

    let second = home.stranger("second@other.example").await;
    assert!(second.accept(&home, &token).await.contains("더 이상 쓸 수 없는 초대"));
    assert!(second.devices().await.is_empty());
}

#[tokio::test]
async fn a_link_works_for_seven_days() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let id = list_households_of(&app.db, mina.id).await.unwrap()[0].id;
    let home = Home { app, mina, id };
    let browser = home.app.signed_in(&home.mina).await;
    home.invite(&browser, "juno@other.example", "viewer").await;
    let token = home.token_sent_to("juno@other.example", 1).await;

    home.app.advance(7 * DAY);
    let juno = home.stranger("juno@other.example").await;
    assert!(juno.accept(&home, &token).await.contains("더 이상 쓸 수 없는 초대"));
    assert_eq!(home.people().await.len(), 1);
}

#[tokio::test]
async fn a_second_invitation_takes_the_first_one_back_and_a_withdrawn_one_is_none() {
    let home = Home::new().await;
    let mina = home.app.signed_in(&home.mina).await;
    home.invite(&mina, "juno@other.example", "viewer").await;
    let first = home.token_sent_to("juno@other.example", 1).await;
    home.invite(&mina, "juno@other.example", "member").await;
    let second = home.token_sent_to("juno@other.example", 2).await;

    let juno = home.stranger("juno@other.example").await;
    assert!(juno.accept(&home, &first).await.contains("더 이상"));
    let page = mina.get("/settings/family").await.text().await.unwrap();
    let invite = page.split("name=\"invite\" value=\"").nth(1).unwrap();
    let invite = invite.split('"').next().unwrap();
    let household = home.id.0.to_string();
    let fields = [("household", household.as_str()), ("invite", invite)];
    mina.post_form("/settings/family/invite/withdraw", &fields).await;
    assert!(juno.accept(&home, &second).await.contains("더 이상"));
}

#[tokio::test]
async fn two_who_use_a_link_at_the_same_moment_do_not_both_come_in() {
    let home = Home::new().await;
    let mina = home.app.signed_in(&home.mina).await;
    home.invite(&mina, "someone@other.example", "viewer").await;
    let token = home.token_sent_to("someone@other.example", 1).await;
    let people = [
        home.stranger("one@other.example").await,
        home.stranger("two@other.example").await,
        home.stranger("three@other.example").await,
    ];
    let [a, b, c] = &people;
    tokio::join!(
        a.accept(&home, &token),
        b.accept(&home, &token),
        c.accept(&home, &token)
    );
    assert_eq!(home.people().await.len(), 2, "{:?}", home.people().await);
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_beside_the_field_or_above_the_form() {
    let home = Home::new().await;
    let mina = home.app.signed_in(&home.mina).await;
    home.person("juno@other.example", Role::Viewer).await;
    assert!(
        home.invite(&mina, "juno@other.example", "member")
            .await
            .contains("이미 이 집에")
    );

    let household = home.id.0.to_string();
    let fields = [
        ("household", household.as_str()),
        ("email", "nobody"),
        ("role", "member"),
    ];
    mina.post_form("/settings/family/invite", &fields).await;
    let page = mina.get("/settings/family").await.text().await.unwrap();
    assert!(page.contains("메일 주소를 다시 확인해 주세요."));
    assert!(page.contains("value=\"nobody\""), "what was typed is still there");

    for number in 0..20 {
        home.invite(&mina, &format!("guest{number}@other.example"), "viewer")
            .await;
    }
    assert!(
        home.invite(&mina, "one.more@other.example", "viewer")
            .await
            .contains("너무 많아요")
    );
}

#[tokio::test]
async fn whoever_is_not_signed_in_comes_back_to_the_invitation() {
    let home = Home::new().await;
    let mina = home.app.signed_in(&home.mina).await;
    home.invite(&mina, "juno@other.example", "viewer").await;
    let token = home.token_sent_to("juno@other.example", 1).await;
    let answer = home.app.browser().get(&format!("/invite?token={token}")).await;
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.starts_with("/sign-in?next=%2Finvite%3Ftoken%3D"), "{location}");
    let answer = home.app.browser().post_form("/invite", &[("token", &token)]).await;
    assert!(
        answer.headers()["location"]
            .to_str()
            .unwrap()
            .starts_with("/sign-in?next=")
    );
    assert_eq!(home.people().await.len(), 1);
}
