//! Connecting Kakao to an account there is, and disconnecting it.

use std::time::Duration;

use super::rig::{Site, location, site, sites};
use crate::harness::browser::Browser;
use crate::harness::kakao::KakaoAccount;
use crate::harness::test_app::PASSWORD;

const MAIL: &str = "mina@home.example";
const PAGE: &str = "/settings/sign-in";
const CONNECT: &str = "/settings/sign-in/kakao";
const REMOVE: &str = "/settings/sign-in/kakao/remove";

fn kakao(id: i64) -> KakaoAccount {
    KakaoAccount::with_mail(id, "another-address@home.example")
}

async fn signed_in(site: &Site, email: &str) -> Browser {
    site.signed_in(email).await
}

async fn connect(site: &Site, browser: &Browser, fields: &[(&str, &str)], who: &KakaoAccount) -> String {
    let address = site.set_off_from(browser, CONNECT, fields).await;
    let query = site.kakao.agree(&address, who);
    location(&site.come_back(browser, &query).await).to_owned()
}

async fn first_id(site: &Site) -> String {
    let id: i64 = sqlx::query_scalar("SELECT id FROM identities")
        .fetch_one(site.app.db.pool())
        .await
        .unwrap();
    id.to_string()
}

#[tokio::test]
async fn an_owner_connects_kakao_signs_in_with_it_and_disconnects_it() {
    for site in sites().await {
        let browser = signed_in(&site, MAIL).await;
        assert_eq!(connect(&site, &browser, &[], &kakao(7)).await, PAGE);
        let page = browser.get(PAGE).await.text().await.unwrap();
        assert!(page.contains("카카오를 연결했어요") && page.contains("미나"), "{page}");
        site.app.mail_to(MAIL, "카카오 계정이 연결").await;

        let by_kakao = site.app.browser();
        assert_eq!(location(&site.trip(&by_kakao, &kakao(7)).await), "/");
        assert!(by_kakao.get(PAGE).await.text().await.unwrap().contains(MAIL));

        let id = first_id(&site).await;
        assert_eq!(location(&browser.post_form(REMOVE, &[("id", &id)]).await), PAGE);
        assert_eq!(site.count("identities").await, 0);
        site.app.mail_to(MAIL, "연결이 해제").await;
        let stranger = site.app.browser();
        site.trip(&stranger, &kakao(7)).await;
        assert_eq!(site.count("users").await, 2, "it opens an account of its own now");
    }
}

#[tokio::test]
async fn whoever_signed_in_long_ago_says_their_password_again() {
    let site = site().await;
    let browser = signed_in(&site, MAIL).await;
    site.app.advance(Duration::from_mins(10));
    for (fields, accepted) in [
        (&[][..], false),
        (&[("password", "a guess")][..], false),
        (&[("password", PASSWORD)][..], true),
    ] {
        let answer = browser.post_form(CONNECT, fields).await;
        let leads_to = if accepted { "/sign-in/kakao" } else { PAGE };
        assert_eq!(location(&answer), leads_to, "{fields:?}");
        if !accepted {
            let page = browser.get(PAGE).await.text().await.unwrap();
            assert!(page.contains("id=\"password-problem\""), "{page}");
        }
    }
}

#[tokio::test]
async fn the_only_way_in_stays() {
    for site in sites().await {
        let browser = site.app.browser();
        site.trip(&browser, &kakao(7)).await;
        let page = browser.get(PAGE).await.text().await.unwrap();
        assert!(
            !page.contains(&format!("formaction=\"{REMOVE}\"")),
            "nothing is offered that is refused: {page}"
        );

        let id = first_id(&site).await;
        let answer = browser.post_form(REMOVE, &[("id", &id)]).await;

        assert_eq!(location(&answer), PAGE);
        assert!(browser.get(PAGE).await.text().await.unwrap().contains("유일한 방법"));
        assert_eq!(site.count("identities").await, 1);
    }
}

#[tokio::test]
async fn without_a_password_only_a_fresh_session_changes_ways_in() {
    let site = site().await;
    let browser = site.app.browser();
    site.trip(&browser, &kakao(7)).await;
    site.app.advance(Duration::from_mins(10));

    let answer = browser.post_form(CONNECT, &[]).await;

    assert_eq!(location(&answer), PAGE);
    assert!(browser.get(PAGE).await.text().await.unwrap().contains("다시 로그인"));
}

#[tokio::test]
async fn nobody_takes_a_kakao_account_that_opens_another_account() {
    let site = site().await;
    let first = site.app.browser();
    site.trip(&first, &kakao(7)).await;
    let second = signed_in(&site, MAIL).await;
    let leads_to = connect(&site, &second, &[], &kakao(7)).await;
    assert_eq!(leads_to, "/sign-in/kakao/trouble?why=taken&from=settings");
    assert_eq!(site.count("identities").await, 1);
}

#[tokio::test]
async fn connecting_what_is_connected_changes_nothing() {
    let site = site().await;
    let browser = signed_in(&site, MAIL).await;
    for _ in 0..2 {
        assert_eq!(connect(&site, &browser, &[], &kakao(7)).await, PAGE);
    }
    assert_eq!(site.count("identities").await, 1);
}

#[tokio::test]
async fn nobody_disconnects_what_is_somebody_elses() {
    let site = site().await;
    let owner = signed_in(&site, MAIL).await;
    connect(&site, &owner, &[], &kakao(7)).await;
    let thief = signed_in(&site, "thief@home.example").await;

    let id = first_id(&site).await;
    thief.post_form(REMOVE, &[("id", &id)]).await;

    assert_eq!(site.count("identities").await, 1);
}

#[tokio::test]
async fn whoever_signs_out_or_becomes_somebody_else_at_kakao_connects_nothing() {
    let site = site().await;
    site.app.account("jun@home.example", false).await;
    for becomes in [None, Some("jun@home.example")] {
        let email = format!("mina-{}@home.example", becomes.is_some());
        let browser = signed_in(&site, &email).await;
        let address = site.set_off_from(&browser, CONNECT, &[]).await;
        match becomes {
            None => browser.post_form("/sign-out", &[]).await,
            Some(other) => browser.sign_in(other, PASSWORD).await,
        };
        let query = site.kakao.agree(&address, &kakao(7));
        let answer = site.come_back(&browser, &query).await;
        assert!(location(&answer).contains("why=signed-out"), "{}", location(&answer));
    }
    assert_eq!(site.count("identities").await, 0);
}

#[tokio::test]
async fn a_stranger_is_led_to_where_they_can_sign_in() {
    let site = site().await;
    for path in [CONNECT, REMOVE] {
        let answer = site.app.browser().post_form(path, &[("id", "1")]).await;
        assert_eq!(location(&answer), "/sign-in");
    }
    let answer = site.app.browser().get(PAGE).await;
    assert!(location(&answer).starts_with("/sign-in?next="));
}
