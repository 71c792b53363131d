//! Signing in with Kakao: new accounts, known ones, and those whose owner must prove it first.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;

use super::rig::{Site, location, site, sites};
use crate::harness::browser::{Browser, set_cookies};
use crate::harness::kakao::KakaoAccount;
use crate::harness::test_app::{PASSWORD, TestApp};

const MAIL: &str = "mina@home.example";

fn mina() -> KakaoAccount {
    KakaoAccount::with_mail(2_834_112_233, "Mina@Home.Example")
}

#[tokio::test]
async fn the_button_is_there_only_with_keys() {
    let without = TestApp::spawn().await;
    let html = without.browser().get("/sign-in").await.text().await.unwrap();
    assert!(!html.contains("/sign-in/kakao"), "{html}");
    let answer = without.browser().post_form("/sign-in/kakao", &[]).await;
    assert_eq!(location(&answer), "/sign-in");

    let with = site().await;
    let html = with.app.browser().get("/sign-in").await.text().await.unwrap();
    assert!(
        html.contains("action=\"/sign-in/kakao\"") && html.contains("카카오 로그인"),
        "{html}"
    );
}

#[tokio::test]
async fn a_stranger_gets_an_account_and_an_empty_home_and_comes_back_to_the_same() {
    for site in sites().await {
        let browser = site.app.browser();
        let answer = site.trip(&browser, &mina()).await;
        assert_eq!(location(&answer), "/");
        assert!(browser.is_signed_in().await);
        let home = browser.get("/").await.text().await.unwrap();
        assert!(home.contains(MAIL), "the address is theirs");

        // Another browser, and an address that has changed at Kakao: the number decides.
        let moved = KakaoAccount::with_mail(mina().id, "elsewhere@home.example");
        let other = site.app.browser();
        assert_eq!(location(&site.trip(&other, &moved).await), "/");
        assert!(other.is_signed_in().await);
        assert_eq!((site.count("users").await, site.count("identities").await), (1, 1));
        let signed_in = ("signed-in".to_owned(), Some("kakao".to_owned()));
        let signed_up = ("signed-up".to_owned(), Some("kakao".to_owned()));
        assert_eq!(site.audit(MAIL).await, [signed_up, signed_in.clone(), signed_in]);
    }
}

#[tokio::test]
async fn the_way_back_leads_to_the_page_that_was_wanted_and_never_off_the_site() {
    let site = site().await;
    for (next, leads_to) in [("/settings/sign-in", "/settings/sign-in"), ("//evil.example", "/")] {
        let browser = site.app.browser();
        let address = site.set_off_from(&browser, "/sign-in/kakao", &[("next", next)]).await;
        let query = site.kakao.agree(&address, &mina());
        assert_eq!(location(&site.come_back(&browser, &query).await), leads_to);
    }
}

#[tokio::test]
async fn every_trip_has_secrets_of_its_own_and_the_cookie_is_out_of_reach() {
    let site = site().await;
    let mut seen = std::collections::HashSet::new();
    for _ in 0..3 {
        let browser = site.app.browser();
        let answer = browser.post_form("/sign-in/kakao", &[]).await;
        let cookie = set_cookies(answer.headers()).concat();
        for flag in ["HttpOnly", "SameSite=Lax", "Max-Age=600"] {
            assert!(cookie.contains(flag), "{flag} in {cookie}");
        }
        site.trip(&browser, &mina()).await;
        let asked = site.kakao.last_visit();
        for name in ["state", "nonce", "code_challenge"] {
            assert!(asked[name].len() >= 22, "{name} has 128 bits");
            assert!(seen.insert(asked[name].clone()), "{name} is never used again");
        }
        assert_eq!(asked["redirect_uri"], "http://localhost/sign-in/kakao/callback");
    }
}

/// A trip that ends where the owner must prove that the account is theirs.
async fn ask_for_proof(site: &Site) -> Browser {
    let browser = site.app.browser();
    let answer = site.trip(&browser, &mina()).await;
    assert_eq!(location(&answer), "/sign-in/kakao/link");
    assert!(!browser.is_signed_in().await, "an address alone opens nothing");
    assert_eq!(site.count("identities").await, 0, "and connects nothing");
    browser
}

#[tokio::test]
async fn an_account_with_the_same_address_is_connected_by_its_password() {
    for site in sites().await {
        site.app.account(MAIL, false).await;
        let browser = ask_for_proof(&site).await;
        let page = browser.get("/sign-in/kakao/link").await.text().await.unwrap();
        assert!(page.contains(MAIL) && page.contains("name=\"password\""), "{page}");

        let wrong = browser
            .post_form("/sign-in/kakao/link", &[("password", "a guess")])
            .await;
        assert_eq!(location(&wrong), "/sign-in/kakao/link");
        let page = browser.get("/sign-in/kakao/link").await.text().await.unwrap();
        assert!(page.contains("id=\"password-problem\""), "{page}");
        assert!(!browser.is_signed_in().await);

        let right = browser
            .post_form("/sign-in/kakao/link", &[("password", PASSWORD)])
            .await;
        assert_eq!(location(&right), "/");
        assert!(browser.is_signed_in().await);
        site.app.mail_to(MAIL, "카카오 계정이 연결").await;
        assert!(
            site.audit(MAIL)
                .await
                .contains(&("sign-in-way-changed".to_owned(), Some("kakao-connected".to_owned())))
        );

        let again = site.app.browser();
        assert_eq!(
            location(&site.trip(&again, &mina()).await),
            "/",
            "and no proof is needed any more"
        );
    }
}

#[tokio::test]
async fn or_by_a_code_that_only_its_reader_knows() {
    for site in sites().await {
        site.app.account(MAIL, false).await;
        let browser = ask_for_proof(&site).await;
        assert_eq!(
            location(&browser.post_form("/sign-in/kakao/link/mail", &[]).await),
            "/sign-in/kakao/link"
        );
        let code = site.app.mails_to(MAIL, 1).await[0].code();

        let wrong = browser.post_form("/sign-in/kakao/link", &[("code", "0000-0000")]).await;
        assert_eq!(location(&wrong), "/sign-in/kakao/link");
        let page = browser.get("/sign-in/kakao/link").await.text().await.unwrap();
        assert!(page.contains("id=\"code-problem\""), "{page}");

        let thief = site.app.browser();
        let stolen = thief.post_form("/sign-in/kakao/link", &[("code", &code)]).await;
        assert_eq!(
            location(&stolen),
            "/sign-in/kakao/trouble?why=expired",
            "the code is bound to the browser"
        );

        let typed = code.to_lowercase().replace('-', " ");
        assert_eq!(
            location(&browser.post_form("/sign-in/kakao/link", &[("code", &typed)]).await),
            "/"
        );
        assert!(browser.is_signed_in().await);
    }
}

#[tokio::test]
async fn five_wrong_proofs_end_the_trip_even_for_the_right_one() {
    let site = site().await;
    site.app.account(MAIL, false).await;
    let browser = ask_for_proof(&site).await;
    for _ in 0..5 {
        let wrong = browser
            .post_form("/sign-in/kakao/link", &[("password", "a guess")])
            .await;
        assert_eq!(location(&wrong), "/sign-in/kakao/link");
    }
    let right = browser
        .post_form("/sign-in/kakao/link", &[("password", PASSWORD)])
        .await;
    assert_eq!(location(&right), "/sign-in/kakao/trouble?why=expired");
    assert_eq!(site.count("identities").await, 0);
}

#[tokio::test]
async fn a_proof_that_comes_too_late_or_twice_is_none() {
    let site = site().await;
    site.app.account(MAIL, false).await;
    let late = ask_for_proof(&site).await;
    site.app.advance(Duration::from_mins(10));
    let answer = late.post_form("/sign-in/kakao/link", &[("password", PASSWORD)]).await;
    assert_eq!(location(&answer), "/sign-in/kakao/trouble?why=expired");

    let twice = ask_for_proof(&site).await;
    let ticket = twice.cookie("templog-step").unwrap();
    twice.post_form("/sign-in/kakao/link", &[("password", PASSWORD)]).await;
    let copy = site.app.browser();
    copy.plant("templog-step", &ticket);
    let answer = copy.post_form("/sign-in/kakao/link", &[("password", PASSWORD)]).await;
    assert_eq!(location(&answer), "/sign-in/kakao/trouble?why=expired");
}

#[tokio::test]
async fn a_mailbox_is_not_filled_by_asking_for_codes() {
    let site = site().await;
    site.app.account(MAIL, false).await;
    let browser = ask_for_proof(&site).await;
    for _ in 0..3 {
        browser.post_form("/sign-in/kakao/link/mail", &[]).await;
    }
    let fourth = browser.post_form("/sign-in/kakao/link/mail", &[]).await;
    assert_eq!(location(&fourth), "/sign-in/kakao/trouble?why=expired");
    assert_eq!(site.count("outbox").await, 3);
}

#[tokio::test]
async fn an_address_that_was_typed_but_never_proven_goes_to_its_owner_without_the_password() {
    for site in sites().await {
        site.app.account(MAIL, false).await;
        sqlx::query("UPDATE users SET verified_at = NULL")
            .execute(site.app.db.pool())
            .await
            .unwrap();

        let browser = site.app.browser();
        assert_eq!(location(&site.trip(&browser, &mina()).await), "/");

        assert!(browser.is_signed_in().await);
        let squatter = site.app.browser();
        squatter.sign_in(MAIL, PASSWORD).await;
        assert!(
            !squatter.is_signed_in().await,
            "whoever typed the address first has no way in"
        );
    }
}

#[tokio::test]
async fn without_an_address_that_kakao_vouches_for_there_is_no_account() {
    let site = site().await;
    site.app.account(MAIL, false).await;
    for (account, why) in [
        (json!({"has_email": true, "email_needs_agreement": true}), "no-mail"),
        (json!({"has_email": false}), "no-mail"),
        (
            json!({"email": MAIL, "is_email_valid": true, "is_email_verified": false}),
            "mail-unproven",
        ),
        (
            json!({"email": MAIL, "is_email_valid": false, "is_email_verified": true}),
            "mail-unproven",
        ),
        (json!({"email": MAIL}), "mail-unproven"),
    ] {
        let browser = site.app.browser();
        let answer = site.trip(&browser, &KakaoAccount::with(9, account)).await;
        assert_eq!(location(&answer), format!("/sign-in/kakao/trouble?why={why}"));
        assert!(!browser.is_signed_in().await);
    }
    assert_eq!((site.count("users").await, site.count("identities").await), (1, 0));
}

#[tokio::test]
async fn signing_in_with_kakao_ends_the_session_that_was_there_before() {
    let site = site().await;
    site.app.account("jun@home.example", false).await;
    let browser = site.app.browser();
    let address = site.set_off(&browser).await;
    browser.sign_in("jun@home.example", PASSWORD).await;
    let planted = site.app.browser();
    planted.plant("templog-access", &browser.cookie("templog-access").unwrap());

    let query = site.kakao.agree(&address, &mina());
    let answer = site.come_back(&browser, &query).await;

    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert!(!planted.is_signed_in().await);
}
