//! Whatever goes wrong at Kakao or on the way ends on a page that says what to do, in both languages, and opens nothing.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;

use super::rig::{Site, location, site};
use crate::harness::browser::Browser;
use crate::harness::kakao::{FakeKakao, KakaoAccount, Mood};

fn mina() -> KakaoAccount {
    KakaoAccount::with_mail(7, "mina@home.example")
}

async fn ends_with(site: &Site, browser: &Browser, leads_to: &str, why: &str) {
    let expected = format!("/sign-in/kakao/trouble?why={why}");
    assert_eq!(leads_to, expected);
    assert!(!browser.is_signed_in().await, "{why}");
    assert_eq!(site.count("users").await, 0, "{why}");
    let page = browser.get(&expected).await;
    assert_eq!(page.status(), StatusCode::OK);
}

#[tokio::test]
async fn kakaos_own_refusals_are_explained() {
    let site = site().await;
    let cases: [(&[(&str, &str)], &str); 8] = [
        (
            &[("error", "access_denied"), ("error_description", "User denied access")],
            "cancelled",
        ),
        (
            &[("error", "misconfigured"), ("error_code", "KOE004")],
            "setup&code=KOE004",
        ),
        (&[("error", "access_denied"), ("error_code", "KOE005")], "not-tester"),
        (
            &[("error", "misconfigured"), ("error_code", "KOE006")],
            "setup&code=KOE006",
        ),
        (
            &[("error", "invalid_client"), ("error_code", "KOE101")],
            "setup&code=KOE101",
        ),
        (
            &[("error", "invalid_scope"), ("error_code", "KOE205")],
            "setup&code=KOE205",
        ),
        (&[("error", "consent_required")], "no-consent"),
        (&[("error", "server_error"), ("error_code", "KOE003")], "away"),
    ];
    for (error, why) in cases {
        let browser = site.app.browser();
        let address = site.set_off(&browser).await;
        let query = site.kakao.refuse(&address, error);
        let answer = site.come_back(&browser, &query).await;
        ends_with(&site, &browser, location(&answer), why).await;
    }
}

#[tokio::test]
async fn a_token_that_is_not_given_or_not_to_be_believed_opens_nothing() {
    let site = site().await;
    let error = |error: &str, code: &str| json!({"error": error, "error_description": "…", "error_code": code});
    for (mood, why) in [
        (
            Mood::Tokens(401, error("invalid_client", "KOE010")),
            "setup&code=KOE010",
        ),
        (Mood::Tokens(400, error("invalid_grant", "KOE303")), "setup&code=KOE303"),
        (Mood::Tokens(400, error("invalid_grant", "KOE320")), "expired"),
        (Mood::Tokens(400, json!({"error": "invalid_grant"})), "expired"),
        (Mood::Tokens(429, error("too_many", "KOE237")), "busy"),
        (Mood::Tokens(500, json!({})), "away"),
        (Mood::Tokens(503, json!({"msg": "maintenance", "code": -9798})), "away"),
        (Mood::Tokens(200, json!({"token_type": "bearer"})), "unbelievable"),
        (Mood::Tokens(418, json!([])), "unbelievable"),
        (Mood::Gibberish, "unbelievable"),
        (Mood::Redirect, "unbelievable"),
        (Mood::Flood, "unbelievable"),
        (Mood::NoIdToken, "setup&code=OIDC"),
        (Mood::Claims(json!({"nonce": "another trip's"})), "unbelievable"),
        (Mood::Claims(json!({"nonce": null})), "unbelievable"),
        (Mood::Claims(json!({"aud": "another app"})), "unbelievable"),
        (Mood::Claims(json!({"iss": "https://evil.example"})), "unbelievable"),
        (Mood::Claims(json!({"exp": 1_795_161_500})), "unbelievable"),
        (Mood::Forged, "unbelievable"),
        (Mood::Unsigned, "unbelievable"),
    ] {
        ends_in(&site, mood, why).await;
    }
}

#[tokio::test]
async fn a_person_that_is_not_told_or_not_the_same_opens_nothing() {
    let site = site().await;
    let says = |status, code: i64| Mood::Me(status, json!({"msg": "…", "code": code}));
    for (mood, why) in [
        (says(401, -401), "expired"),
        (says(403, -402), "no-consent"),
        (says(400, -101), "dormant"),
        (says(400, -103), "dormant"),
        (says(401, -406), "too-young"),
        (says(400, -10), "busy"),
        (says(429, -10), "busy"),
        (says(503, -9798), "away"),
        (says(400, -4_242), "unbelievable"),
        (Mood::Me(200, json!({"id": "seven"})), "unbelievable"),
        (Mood::Me(200, json!([])), "unbelievable"),
        (Mood::SomebodyElse, "unbelievable"),
    ] {
        ends_in(&site, mood, why).await;
    }
}

async fn ends_in(site: &Site, mood: Mood, why: &str) {
    let browser = site.app.browser();
    site.kakao.be(mood.clone());
    let answer = site.trip(&browser, &mina()).await;
    println!("{mood:?}");
    ends_with(site, &browser, location(&answer), why).await;
}

#[tokio::test]
async fn a_kakao_that_is_not_there_is_told_of() {
    let site = site().await;
    let mut gone = FakeKakao::start().await.config();
    // Nobody listens on the port of discard.
    gone.auth_base = "http://127.0.0.1:9".to_owned();
    let app = crate::harness::test_app::TestApp::spawn_with(crate::harness::test_app::Options {
        kakao: Some(gone),
        ..Default::default()
    })
    .await;
    let lonely = Site {
        app,
        kakao: site.kakao.clone(),
    };
    let browser = lonely.app.browser();
    let address = lonely.set_off(&browser).await;
    let state = address
        .split("state=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap()
        .to_owned();
    let query = [("code".to_owned(), "x".to_owned()), ("state".to_owned(), state)];
    let answer = lonely.come_back(&browser, &query).await;
    ends_with(&lonely, &browser, location(&answer), "away").await;
}

#[tokio::test]
async fn an_answer_to_another_trip_or_in_another_browser_is_refused() {
    let site = site().await;
    let browser = site.app.browser();
    let address = site.set_off(&browser).await;
    let query = site.kakao.agree(&address, &mina());

    let mut wrong = query.clone();
    wrong[1].1 = "another state".to_owned();
    let missing = [query[0].clone()];
    for query in [&wrong[..], &missing[..], &[]] {
        let answer = site.come_back(&browser, query).await;
        ends_with(&site, &browser, location(&answer), "expired").await;
    }
    let victim = site.app.browser();
    let answer = site.come_back(&victim, &query).await;
    ends_with(&site, &victim, location(&answer), "expired").await;

    assert_eq!(
        location(&site.come_back(&browser, &query).await),
        "/",
        "the trip itself still ends well"
    );
}

#[tokio::test]
async fn an_answer_counts_once_and_for_ten_minutes() {
    let site = site().await;
    let late = site.app.browser();
    let address = site.set_off(&late).await;
    let query = site.kakao.agree(&address, &mina());
    site.app.advance(Duration::from_mins(10));
    let answer = site.come_back(&late, &query).await;
    ends_with(&site, &late, location(&answer), "expired").await;

    let browser = site.app.browser();
    let address = site.set_off(&browser).await;
    let ticket = browser.cookie("templog-step").unwrap();
    let query = site.kakao.agree(&address, &mina());
    assert_eq!(location(&site.come_back(&browser, &query).await), "/");
    let replay = site.app.browser();
    replay.plant("templog-step", &ticket);
    let answer = site.come_back(&replay, &query).await;
    assert_eq!(location(&answer), "/sign-in/kakao/trouble?why=expired");
    assert!(!replay.is_signed_in().await);
}

#[tokio::test]
async fn every_trouble_has_words_in_both_languages_and_none_of_them_is_the_readers_own() {
    let site = site().await;
    let whys = [
        "cancelled",
        "expired",
        "setup",
        "not-tester",
        "too-young",
        "dormant",
        "no-consent",
        "no-mail",
        "mail-unproven",
        "busy",
        "away",
        "unbelievable",
        "taken",
        "signed-out",
    ];
    let mut seen = std::collections::HashSet::new();
    for language in ["ko", "en"] {
        let browser = site.app.browser();
        browser.plant("locale", language);
        for why in whys {
            let page = browser
                .get(&format!("/sign-in/kakao/trouble?why={why}"))
                .await
                .text()
                .await
                .unwrap();
            let title = page.split("<h1>").nth(1).unwrap().split('<').next().unwrap().to_owned();
            assert!(page.contains("href=\"/sign-in\""), "{why} offers another way");
            assert!(seen.insert(title.clone()), "{why}: {title}");
        }
    }
    let trick = "/sign-in/kakao/trouble?why=setup&code=%3Cscript%3Ealert(1)";
    assert!(
        !site
            .app
            .browser()
            .get(trick)
            .await
            .text()
            .await
            .unwrap()
            .contains("<script>alert")
    );
}
