//! What a code is worth: ten minutes, one use, one browser, ten wrong tries a day.

use std::time::Duration;

use futures_util::future::join_all;

use super::rig::{GOOD, another, ask_to_sign_up, both, count, location, verify};

const EMAIL: &str = "mina@home.example";

#[tokio::test]
async fn a_code_is_good_for_ten_minutes() {
    for app in both().await {
        let browser = app.browser();
        ask_to_sign_up(&browser, EMAIL, GOOD).await;
        let code = app.mail_to(EMAIL, "코드").await.code();
        app.advance(Duration::from_mins(10));
        assert_eq!(location(&verify(&browser, &code).await), "/sign-up");
        let page = browser.get("/verify").await.text().await.unwrap();
        assert!(
            page.contains("href=\"/sign-up\"") && !page.contains("name=\"code\""),
            "{page}"
        );
        app.stop().await;
    }
}

#[tokio::test]
async fn a_code_is_good_only_in_the_browser_that_asked() {
    for app in both().await {
        let (asking, thief) = (app.browser(), app.browser());
        ask_to_sign_up(&asking, EMAIL, GOOD).await;
        let code = app.mail_to(EMAIL, "코드").await.code();
        // Without a ticket, with one for another address, and with an invented one.
        assert_eq!(location(&verify(&thief, &code).await), "/sign-up");
        ask_to_sign_up(&thief, "thief@home.example", GOOD).await;
        assert_eq!(location(&verify(&thief, &code).await), "/verify");
        thief.plant("templog-ticket", &"A".repeat(43));
        assert_eq!(location(&verify(&thief, &code).await), "/sign-up");
        assert!(!thief.is_signed_in().await);
        assert_eq!(location(&verify(&asking, &code).await), "/");
        app.stop().await;
    }
}

#[tokio::test]
async fn ten_wrong_codes_a_day_are_tried_and_no_more_however_many_browsers_try() {
    for app in both().await {
        let browser = app.browser();
        ask_to_sign_up(&browser, EMAIL, GOOD).await;
        let code = app.mail_to(EMAIL, "코드").await.code();
        let wrong = another(&code);

        join_all((0..15).map(|_| verify(&browser, &wrong))).await;

        assert_eq!(count(&app, "SELECT COUNT(*) FROM code_failures").await, 10);
        let refused = verify(&browser, &code).await;
        assert_eq!(location(&refused), "/verify", "not even the right one");
        assert!(refused.headers().contains_key("retry-after"));

        // A fresh code does not help on the same day, but the next day does.
        app.advance(Duration::from_hours(23));
        ask_to_sign_up(&browser, EMAIL, GOOD).await;
        let mails = app.mails_to(EMAIL, 2).await;
        let fresh = mails
            .iter()
            .map(crate::harness::post::Letter::code)
            .find(|fresh| *fresh != code)
            .unwrap();
        assert_eq!(location(&verify(&browser, &fresh).await), "/verify");
        app.advance(Duration::from_hours(1));
        ask_to_sign_up(&browser, EMAIL, GOOD).await;
        let mails = app.mails_to(EMAIL, 3).await;
        let known = [&code, &fresh];
        let last = mails
            .iter()
            .map(crate::harness::post::Letter::code)
            .find(|last| !known.contains(&last))
            .unwrap();
        assert_eq!(location(&verify(&browser, &last).await), "/");
        app.stop().await;
    }
}

#[tokio::test]
async fn what_cannot_be_a_code_is_a_slip_and_no_guess() {
    let [app, other] = both().await;
    other.stop().await;
    let browser = app.browser();
    ask_to_sign_up(&browser, EMAIL, GOOD).await;
    for typed in ["", "7K3F", "7K3F-9Q2M-0000", "집은괜찮아요"] {
        assert_eq!(location(&verify(&browser, typed).await), "/verify");
    }
    assert_eq!(count(&app, "SELECT COUNT(*) FROM code_failures").await, 0);
}

#[tokio::test]
async fn neither_code_nor_ticket_is_in_the_database_in_clear() {
    for app in both().await {
        let browser = app.browser();
        ask_to_sign_up(&browser, EMAIL, GOOD).await;
        let code = app.mail_to(EMAIL, "코드").await.code();
        let ticket = browser.cookie("templog-ticket").unwrap();
        let row: (String, String, String) = sqlx::query_as("SELECT code_hash, browser_hash, password_hash FROM codes")
            .fetch_one(app.db.pool())
            .await
            .unwrap();
        let stored = format!("{row:?}");
        for secret in [code.as_str(), &code.replace('-', ""), &ticket, GOOD] {
            assert!(!stored.contains(secret), "{stored}");
        }
        app.stop().await;
    }
}
