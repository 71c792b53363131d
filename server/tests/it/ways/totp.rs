//! The authenticator app: enrolled, asked for, and never fooled twice.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

use super::rig::{Site, location, site, sites};
use crate::harness::browser::{Browser, set_cookies};
use crate::harness::kakao::KakaoAccount;
use crate::harness::test_app::PASSWORD;

const MAIL: &str = "mina@home.example";
const WAYS: &str = "/settings/sign-in";
const APP: &str = "/settings/sign-in/app";
const CONFIRM: &str = "/settings/sign-in/app/confirm";
const CODES: &str = "/settings/sign-in/recovery-codes";
const CODE: &str = "/sign-in/code";

/// Somebody with an app, and the browser it was enrolled in.
struct Enrolled {
    browser: Browser,
    app: Totp,
    recovery: Vec<String>,
}

impl Enrolled {
    /// The code of so many steps from now.
    fn code(&self, site: &Site, steps: i64) -> String {
        code(&self.app, site, steps)
    }
}

fn code(app: &Totp, site: &Site, steps: i64) -> String {
    let seconds = site.app.now().as_millis() / 1000 + steps * 30;
    app.generate(u64::try_from(seconds).unwrap()).to_string()
}

/// Reads the enrolment page as an app would.
async fn scan(browser: &Browser) -> Totp {
    let page = browser.get(APP).await;
    assert_eq!(page.status(), StatusCode::OK);
    let html = page.text().await.unwrap();
    assert!(html.contains("<path d=\"M0 0h1v1h-1z"), "there is a QR code");
    let secret: String = html
        .split("class=\"secret\">")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .into();
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    Builder::new().with_secret(secret).build_noncompliant()
}

async fn shown_codes(browser: &Browser) -> Vec<String> {
    let html = browser.get(CODES).await.text().await.unwrap();
    let codes = html
        .split("<li>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned());
    codes.filter(|code| code.len() == 19).collect()
}

async fn enrol(site: &Site) -> Enrolled {
    let browser = site.signed_in(MAIL).await;
    assert_eq!(location(&browser.post_form(APP, &[]).await), APP);
    let app = scan(&browser).await;
    let answer = browser.post_form(CONFIRM, &[("code", &code(&app, site, 0))]).await;
    assert_eq!(location(&answer), CODES);
    let recovery = shown_codes(&browser).await;
    // The code just used must not be the next one asked for.
    site.app.advance(Duration::from_secs(30));
    Enrolled { browser, app, recovery }
}

/// A browser that has shown the password and is asked for a code.
async fn half_way(site: &Site) -> Browser {
    let browser = site.app.browser();
    assert_eq!(location(&browser.sign_in(MAIL, PASSWORD).await), CODE);
    assert!(!browser.is_signed_in().await, "half-way is not in");
    browser
}

#[tokio::test]
async fn after_the_password_the_code_is_asked_for() {
    for site in sites().await {
        let mina = enrol(&site).await;
        let browser = half_way(&site).await;
        assert_eq!(browser.get(CODE).await.status(), StatusCode::OK);
        assert_eq!(location(&browser.post_form(CODE, &[("code", "000000")]).await), CODE);
        assert!(
            browser
                .get(CODE)
                .await
                .text()
                .await
                .unwrap()
                .contains("id=\"code-problem\"")
        );

        let answer = browser.post_form(CODE, &[("code", &mina.code(&site, 0))]).await;

        assert_eq!(location(&answer), "/");
        assert!(browser.is_signed_in().await);
        site.app.mail_to(MAIL, "인증 앱이 추가").await;
    }
}

#[tokio::test]
async fn a_code_counts_once_in_whatever_browser() {
    for site in sites().await {
        let mina = enrol(&site).await;
        let used = mina.code(&site, 0);
        assert_eq!(
            location(&half_way(&site).await.post_form(CODE, &[("code", &used)]).await),
            "/"
        );
        for stale in [used, mina.code(&site, -1)] {
            assert_eq!(
                location(&half_way(&site).await.post_form(CODE, &[("code", &stale)]).await),
                CODE
            );
        }
        let next = mina.code(&site, 1);
        assert_eq!(
            location(&half_way(&site).await.post_form(CODE, &[("code", &next)]).await),
            "/"
        );
    }
}

#[tokio::test]
async fn clocks_may_differ_by_one_step_and_no_more() {
    let site = site().await;
    let mina = enrol(&site).await;
    site.app.advance(Duration::from_mins(5));
    for (steps, leads_to) in [(-2, CODE), (2, CODE), (-1, "/"), (0, "/"), (1, "/")] {
        let typed = mina.code(&site, steps);
        let answer = half_way(&site).await.post_form(CODE, &[("code", &typed)]).await;
        assert_eq!(location(&answer), leads_to, "{steps}");
    }
}

#[tokio::test]
async fn half_way_lasts_five_minutes_and_five_tries() {
    let site = site().await;
    let mina = enrol(&site).await;
    let guesser = half_way(&site).await;
    for _ in 0..5 {
        assert_eq!(location(&guesser.post_form(CODE, &[("code", "000000")]).await), CODE);
    }
    let answer = guesser.post_form(CODE, &[("code", &mina.code(&site, 0))]).await;
    assert_eq!(location(&answer), "/sign-in");

    let late = half_way(&site).await;
    site.app.advance(Duration::from_mins(5));
    let answer = late.post_form(CODE, &[("code", &mina.code(&site, 0))]).await;
    assert_eq!(location(&answer), "/sign-in");
    assert_eq!(
        location(&site.app.browser().get(CODE).await),
        "/sign-in",
        "nobody is asked out of the blue"
    );
}

#[tokio::test]
async fn ten_wrong_codes_slow_a_thief_down_and_a_recovery_code_still_opens() {
    let site = site().await;
    let mina = enrol(&site).await;
    for _ in 0..2 {
        let thief = half_way(&site).await;
        for _ in 0..5 {
            thief.post_form(CODE, &[("code", "000000")]).await;
        }
    }
    let thief = half_way(&site).await;
    let answer = thief.post_form(CODE, &[("code", &mina.code(&site, 0))]).await;
    assert_eq!(location(&answer), CODE);
    assert!(answer.headers().contains_key("retry-after"));

    let owner = half_way(&site).await;
    assert_eq!(
        location(&owner.post_form(CODE, &[("code", &mina.recovery[0])]).await),
        "/"
    );
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_its_owner_is_told() {
    for site in sites().await {
        let mina = enrol(&site).await;
        assert_eq!(mina.recovery.len(), 10);
        assert_eq!(
            shown_codes(&mina.browser).await,
            Vec::<String>::new(),
            "they are shown once"
        );
        let typed = mina.recovery[3].to_lowercase().replace('-', " ");
        assert_eq!(
            location(&half_way(&site).await.post_form(CODE, &[("code", &typed)]).await),
            "/"
        );
        assert_eq!(
            location(&half_way(&site).await.post_form(CODE, &[("code", &typed)]).await),
            CODE
        );
        site.app.mail_to(MAIL, "복구 코드로").await;
        let page = mina.browser.get(WAYS).await.text().await.unwrap();
        assert!(page.contains("복구 코드 9개"), "{page}");
    }
}

#[tokio::test]
async fn new_recovery_codes_make_the_old_ones_worthless() {
    let site = site().await;
    let mina = enrol(&site).await;
    assert_eq!(location(&mina.browser.post_form(CODES, &[]).await), CODES);
    let new = shown_codes(&mina.browser).await;
    assert_eq!(new.len(), 10);
    assert_eq!(
        location(
            &half_way(&site)
                .await
                .post_form(CODE, &[("code", &mina.recovery[0])])
                .await
        ),
        CODE
    );
    assert_eq!(
        location(&half_way(&site).await.post_form(CODE, &[("code", &new[0])]).await),
        "/"
    );
}

#[tokio::test]
async fn taking_the_app_away_needs_the_password_again_and_ends_the_second_step() {
    for site in sites().await {
        let mina = enrol(&site).await;
        site.app.advance(Duration::from_mins(10));
        let remove = "/settings/sign-in/app/remove";
        mina.browser.post_form(remove, &[("password", "a guess")]).await;
        assert_eq!(site.count("totps").await, 1);
        mina.browser.post_form(remove, &[("password", PASSWORD)]).await;
        assert_eq!((site.count("totps").await, site.count("recovery_codes").await), (0, 0));
        let browser = site.app.browser();
        assert_eq!(location(&browser.sign_in(MAIL, PASSWORD).await), "/");
        site.app.mail_to(MAIL, "인증 앱이 해제").await;
    }
}

#[tokio::test]
async fn an_app_that_never_showed_a_code_is_never_asked_for() {
    let site = site().await;
    let browser = site.signed_in(MAIL).await;
    browser.post_form(APP, &[]).await;
    let first = scan(&browser).await;
    assert_eq!(location(&browser.post_form(CONFIRM, &[("code", "000000")]).await), APP);
    assert_eq!(location(&site.app.browser().sign_in(MAIL, PASSWORD).await), "/");

    // Beginning again makes another secret: a picture somebody saw yesterday is worth nothing.
    browser.post_form(APP, &[]).await;
    let old = code(&first, &site, 0);
    assert_eq!(location(&browser.post_form(CONFIRM, &[("code", &old)]).await), APP);
}

#[tokio::test]
async fn secrets_and_codes_are_not_to_be_read_in_the_database() {
    let site = site().await;
    let mina = enrol(&site).await;
    let secret: String = sqlx::query_scalar("SELECT secret FROM totps")
        .fetch_one(site.app.db.pool())
        .await
        .unwrap();
    assert!(Secret::try_from_base32(&secret).is_err(), "{secret}");
    let hashes: Vec<String> = sqlx::query_scalar("SELECT hash FROM recovery_codes")
        .fetch_all(site.app.db.pool())
        .await
        .unwrap();
    assert!(hashes.iter().all(|hash| hash.len() == 64));
    let steps: Vec<String> = sqlx::query_scalar("SELECT data FROM sign_in_steps")
        .fetch_all(site.app.db.pool())
        .await
        .unwrap();
    assert!(steps.iter().all(|data| !data.contains(&mina.recovery[0])));
}

#[tokio::test]
async fn kakao_does_not_go_around_the_second_step() {
    let site = site().await;
    let mina = enrol(&site).await;
    let browser = site.app.browser();
    let answer = site.trip(&browser, &KakaoAccount::with_mail(7, MAIL)).await;
    assert_eq!(location(&answer), "/sign-in/kakao/link");
    let answer = browser
        .post_form("/sign-in/kakao/link", &[("password", PASSWORD)])
        .await;
    assert_eq!(location(&answer), CODE);
    assert_eq!(
        site.count("identities").await,
        0,
        "nothing is connected by half a proof"
    );

    let answer = browser.post_form(CODE, &[("code", &mina.code(&site, 0))]).await;

    assert_eq!(location(&answer), "/");
    assert!(browser.is_signed_in().await);
    assert_eq!(site.count("identities").await, 1);
    let again = site.app.browser();
    assert_eq!(
        location(&site.trip(&again, &KakaoAccount::with_mail(7, MAIL)).await),
        CODE
    );
}

#[tokio::test]
async fn rest_takes_the_code_beside_the_password() {
    let site = site().await;
    let mina = enrol(&site).await;
    let right = mina.code(&site, 0);
    for (code, status) in [
        (None, StatusCode::UNAUTHORIZED),
        (Some("000000"), StatusCode::UNAUTHORIZED),
        (Some(right.as_str()), StatusCode::NO_CONTENT),
    ] {
        let browser = site.app.browser();
        let body = json!({"email": MAIL, "password": PASSWORD, "code": code});
        let answer = browser
            .request(Method::POST, "/api/v1/session")
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{code:?}");
        let cookies = set_cookies(answer.headers());
        assert_eq!(
            cookies.len(),
            if status == StatusCode::NO_CONTENT { 2 } else { 0 },
            "{cookies:?}"
        );
        assert_eq!(browser.is_signed_in().await, status == StatusCode::NO_CONTENT);
    }
}
