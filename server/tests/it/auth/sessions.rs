//! How a session is renewed unseen, how it ends, and what a stolen cookie is worth.

use std::time::Duration;

use domain::time::Timestamp;
use futures_util::future::join_all;
use reqwest::StatusCode;

use crate::harness::browser::{Browser, set_cookies};
use crate::harness::test_app::{PASSWORD, TestApp};

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);
const ACCESS_LIFETIME: Duration = Duration::from_mins(15);
const GRACE: Duration = Duration::from_secs(10);
const IDLE_LIMIT: Duration = Duration::from_hours(30 * 24);

const ACCESS: &str = "templog-access";
const REFRESH: &str = "templog-refresh";

/// A server whose time stands still, and a browser just signed in to it.
async fn signed_in() -> (TestApp, Browser) {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    (app, browser)
}

/// Another browser with the same refresh token, as after a theft.
fn copy_refresh(app: &TestApp, token: &str) -> Browser {
    let browser = app.browser();
    browser.plant(REFRESH, token);
    browser
}

#[tokio::test]
async fn a_session_is_renewed_unseen_by_pages_and_rest_alike() {
    let (app, browser) = signed_in().await;
    for path in ["/", "/api/v1/devices"] {
        let before = (browser.cookie(ACCESS), browser.cookie(REFRESH));
        app.advance(ACCESS_LIFETIME);

        let answer = browser.get(path).await;

        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(set_cookies(answer.headers()).len(), 2, "{path}");
        let after = (browser.cookie(ACCESS), browser.cookie(REFRESH));
        assert!(before.0 != after.0 && before.1 != after.1, "{path} brings new tokens");
    }
}

#[tokio::test]
async fn a_fresh_access_token_is_left_alone() {
    let (app, browser) = signed_in().await;
    app.advance(ACCESS_LIFETIME.saturating_sub(Duration::from_secs(1)));
    let answer = browser.get("/api/v1/devices").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(set_cookies(answer.headers()), Vec::<String>::new());
}

#[tokio::test]
async fn many_requests_at_once_renew_one_session_and_nobody_is_signed_out() {
    let (app, browser) = signed_in().await;
    app.advance(ACCESS_LIFETIME);
    let old = browser.cookie(REFRESH).unwrap();
    let tabs: Vec<_> = (0..50).map(|_| copy_refresh(&app, &old)).collect();

    let answers = join_all(tabs.iter().map(Browser::is_signed_in)).await;

    assert_eq!(answers, [true; 50]);
    let first = tabs[0].cookie(REFRESH);
    assert!(
        tabs.iter().all(|tab| tab.cookie(REFRESH) == first),
        "all get the same successor"
    );
    app.advance(ACCESS_LIFETIME);
    assert!(tabs[49].is_signed_in().await, "and it is good");
}

#[tokio::test]
async fn an_answer_that_got_lost_is_given_again_within_the_grace_period() {
    let (app, browser) = signed_in().await;
    let old = browser.cookie(REFRESH).unwrap();
    app.advance(ACCESS_LIFETIME);
    let lost = copy_refresh(&app, &old);
    assert!(lost.is_signed_in().await);

    app.advance(GRACE);
    assert!(
        browser.is_signed_in().await,
        "the browser asks again with the old token"
    );

    assert_eq!(browser.cookie(REFRESH), lost.cookie(REFRESH));
}

#[tokio::test]
async fn a_refresh_token_that_comes_back_late_ends_the_session_for_thief_and_owner() {
    let (app, browser) = signed_in().await;
    let stolen = browser.cookie(REFRESH).unwrap();
    app.advance(ACCESS_LIFETIME);
    assert!(browser.is_signed_in().await);

    app.advance(GRACE + Duration::from_secs(1));
    let thief = copy_refresh(&app, &stolen);
    assert!(!thief.is_signed_in().await);

    assert!(!browser.is_signed_in().await, "the owner has to sign in anew");
    assert_eq!(browser.cookie(REFRESH), None, "and the browser forgets the old cookies");
}

#[tokio::test]
async fn a_refresh_token_of_an_older_generation_is_a_theft_even_at_once() {
    let (app, browser) = signed_in().await;
    let stolen = browser.cookie(REFRESH).unwrap();
    for _ in 0..2 {
        app.advance(ACCESS_LIFETIME);
        assert!(browser.is_signed_in().await);
    }
    assert!(!copy_refresh(&app, &stolen).is_signed_in().await);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_made_up_refresh_token_harms_nobody() {
    let (app, browser) = signed_in().await;
    let real = browser.cookie(REFRESH).unwrap();
    let session = real.split('.').next().unwrap();
    for guess in [
        format!("{session}.{}", "A".repeat(43)),
        format!("{real}A"),
        "x".to_owned(),
        String::new(),
    ] {
        assert!(!copy_refresh(&app, &guess).is_signed_in().await);
    }
    app.advance(ACCESS_LIFETIME);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn signing_out_makes_every_copy_of_the_cookies_worthless_at_once() {
    let (app, browser) = signed_in().await;
    let copy = app.browser();
    copy.plant(ACCESS, &browser.cookie(ACCESS).unwrap());
    copy.plant(REFRESH, &browser.cookie(REFRESH).unwrap());
    assert!(copy.is_signed_in().await);

    let answer = browser.post_form("/sign-out", &[]).await;

    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/");
    assert_eq!(browser.cookies(), "");
    assert!(!copy.is_signed_in().await);
    let again = app.browser().post_form("/sign-out", &[]).await;
    assert_eq!(again.status(), StatusCode::SEE_OTHER, "signing out twice is no error");
}

#[tokio::test]
async fn signing_out_works_after_the_access_token_has_run_out() {
    let (app, browser) = signed_in().await;
    let refresh = browser.cookie(REFRESH).unwrap();
    app.advance(ACCESS_LIFETIME);

    browser.post_form("/sign-out", &[]).await;

    assert_eq!(
        browser.cookies(),
        "",
        "the renewal on the way does not bring the session back"
    );
    assert!(!copy_refresh(&app, &refresh).is_signed_in().await);
}

#[tokio::test]
async fn signing_in_again_ends_the_session_that_was_there_before() {
    let (app, browser) = signed_in().await;
    let planted = app.browser();
    planted.plant(ACCESS, &browser.cookie(ACCESS).unwrap());

    browser.sign_in("mina@home.example", PASSWORD).await;

    assert!(browser.is_signed_in().await);
    assert!(
        !planted.is_signed_in().await,
        "nobody can fix a session for somebody else"
    );
}

#[tokio::test]
async fn a_session_that_nobody_uses_ends_after_thirty_days_and_one_in_use_does_not() {
    let (app, browser) = signed_in().await;
    let used = app.browser();
    used.sign_in("mina@home.example", PASSWORD).await;

    app.advance(IDLE_LIMIT.saturating_sub(Duration::from_secs(1)));
    assert!(used.is_signed_in().await);
    app.advance(Duration::from_secs(1));

    assert!(!browser.is_signed_in().await);
    assert!(used.is_signed_in().await);
}

#[tokio::test]
async fn an_account_that_is_deleted_is_out_at_once() {
    let (app, browser) = signed_in().await;
    sqlx::query("DELETE FROM users").execute(app.db.pool()).await.unwrap();
    assert!(!browser.is_signed_in().await);
}
