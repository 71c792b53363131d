//! Settings of the account: password, address, sessions, and the log of it all.

use reqwest::StatusCode;
use server::db::UserId;
use server::db::audit_events::{AuditEvent, insert_audit_event};

use super::rig::{GOOD, OTHER, both, count, follow, location, newcomer};
use crate::harness::browser::Browser;
use crate::harness::test_app::TestApp;

const EMAIL: &str = "mina@home.example";
const NEW: &str = "mina@new.example";

async fn change_password(browser: &Browser, present: &str, new: &str) -> String {
    let fields = [("present-password", present), ("new-password", new)];
    let answer = browser.post_form("/settings/account/password", &fields).await;
    assert_eq!(location(&answer), "/settings/account");
    follow(browser, &answer).await
}

async fn ask_for_address(browser: &Browser, new: &str, password: &str) -> String {
    let fields = [("new-address", new), ("address-password", password)];
    let answer = browser.post_form("/settings/account/address", &fields).await;
    follow(browser, &answer).await
}

#[tokio::test]
async fn the_password_is_changed_by_who_knows_it_and_other_browsers_are_signed_out() {
    for app in both().await {
        let here = newcomer(&app, EMAIL).await;
        let there = app.browser();
        there.sign_in(EMAIL, GOOD).await;
        let mut socket = there.open_socket().await;

        assert!(
            change_password(&here, "wrong password", OTHER)
                .await
                .contains("present-password-problem")
        );
        assert!(
            change_password(&here, GOOD, "qwertyuiop")
                .await
                .contains("new-password-problem")
        );
        assert!(there.is_signed_in().await, "nothing has happened yet");
        assert!(change_password(&here, GOOD, OTHER).await.contains("role=\"status\""));

        assert!(here.is_signed_in().await);
        assert!(!there.is_signed_in().await);
        socket.ended().await;
        app.mail_to(EMAIL, "비밀번호가 바뀌었어요").await;
        assert_eq!(location(&app.browser().sign_in(EMAIL, OTHER).await), "/");
        app.stop().await;
    }
}

#[tokio::test]
async fn a_new_address_is_proven_and_both_addresses_are_told() {
    for app in both().await {
        let browser = newcomer(&app, EMAIL).await;
        assert!(
            ask_for_address(&browser, NEW, "wrong password")
                .await
                .contains("address-password-problem")
        );
        assert!(
            ask_for_address(&browser, EMAIL, GOOD)
                .await
                .contains("new-address-problem")
        );
        assert!(ask_for_address(&browser, NEW, GOOD).await.contains(NEW));
        let code = app.mail_to(NEW, "코드").await.code();
        assert_eq!(
            location(&app.browser().sign_in(NEW, GOOD).await).split('?').next(),
            Some("/sign-in")
        );

        let answer = browser
            .post_form("/settings/account/address/code", &[("code", &code)])
            .await;

        assert!(follow(&browser, &answer).await.contains("role=\"status\""));
        for address in [EMAIL, NEW] {
            app.mail_to(address, "메일 주소가 바뀌었어요").await;
        }
        assert!(browser.is_signed_in().await);
        assert_eq!(location(&app.browser().sign_in(NEW, GOOD).await), "/");
        app.stop().await;
    }
}

#[tokio::test]
async fn a_code_for_somebody_elses_new_address_changes_nothing() {
    let [app, other] = both().await;
    other.stop().await;
    let mina = newcomer(&app, EMAIL).await;
    let jun = newcomer(&app, "jun@home.example").await;
    ask_for_address(&mina, NEW, GOOD).await;
    let code = app.mail_to(NEW, "코드").await.code();
    jun.plant("templog-ticket", &mina.cookie("templog-ticket").unwrap());
    jun.post_form("/settings/account/address/code", &[("code", &code)])
        .await;
    assert_eq!(
        count(&app, "SELECT COUNT(*) FROM users WHERE email = 'mina@new.example'").await,
        0
    );
}

#[tokio::test]
async fn a_taken_new_address_looks_free_and_stays_its_owners() {
    let [app, other] = both().await;
    other.stop().await;
    app.account(NEW, false).await;
    let browser = newcomer(&app, EMAIL).await;
    assert!(ask_for_address(&browser, NEW, GOOD).await.contains(NEW));
    let mail = app.mail_to(NEW, "계정").await;
    assert!(!mail.text.contains("    "), "{}", mail.text);
}

/// The value of the hidden field that ends a session.
fn session_in(page: &str) -> &str {
    let (_, rest) = page.split_once("name=\"session\" value=\"").expect("another session");
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all_at_once() {
    for app in both().await {
        let here = newcomer(&app, EMAIL).await;
        let there = app.browser();
        there.sign_in(EMAIL, GOOD).await;
        let mut socket = there.open_socket().await;
        let page = here.get("/settings/sessions").await.text().await.unwrap();
        assert!(page.contains("127.0.0.1"), "{page}");

        let ended = here
            .post_form("/settings/sessions/end", &[("session", session_in(&page))])
            .await;

        assert!(follow(&here, &ended).await.contains("role=\"status\""));
        assert!(!there.is_signed_in().await);
        socket.ended().await;
        there.sign_in(EMAIL, GOOD).await;
        here.post_form("/settings/sessions/end-others", &[]).await;
        assert!(here.is_signed_in().await && !there.is_signed_in().await);
        app.stop().await;
    }
}

#[tokio::test]
async fn nobody_ends_a_strangers_session() {
    let [app, other] = both().await;
    other.stop().await;
    let mina = newcomer(&app, EMAIL).await;
    let jun = newcomer(&app, "jun@home.example").await;
    jun.sign_in("jun@home.example", GOOD).await;
    let theirs: i64 =
        sqlx::query_scalar("SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = ?")
            .bind(EMAIL)
            .fetch_one(app.db.pool())
            .await
            .unwrap();
    for session in [theirs, 7] {
        let answer = jun
            .post_form("/settings/sessions/end", &[("session", &session.to_string())])
            .await;
        assert!(
            follow(&jun, &answer).await.contains("notice--problem"),
            "the same answer for both"
        );
    }
    assert!(mina.is_signed_in().await);
}

#[tokio::test]
async fn what_happened_is_written_down_and_shown_to_its_person_alone() {
    for app in both().await {
        let browser = newcomer(&app, EMAIL).await;
        newcomer(&app, "jun@home.example").await;
        app.browser().sign_in(EMAIL, "wrong password").await;
        change_password(&browser, GOOD, OTHER).await;
        let actions: Vec<(String,)> = sqlx::query_as(
            "SELECT action FROM audit_events a JOIN users u ON u.id = a.user_id WHERE u.email = ? ORDER BY a.id",
        )
        .bind(EMAIL)
        .fetch_all(app.db.pool())
        .await
        .unwrap();
        let actions: Vec<_> = actions.iter().map(|(action,)| action.as_str()).collect();
        assert_eq!(
            actions,
            ["signed-up", "signed-in", "sign-in-failed", "password-changed"]
        );
        let page = browser.get("/settings/account").await.text().await.unwrap();
        assert!(
            page.contains("로그인 실패") && page.matches("events__item").count() == 4,
            "{page}"
        );
        assert_no_secret(&app).await;
        app.stop().await;
    }
}

async fn assert_no_secret(app: &TestApp) {
    let rows: Vec<(String, Option<String>)> = sqlx::query_as("SELECT device, detail FROM audit_events")
        .fetch_all(app.db.pool())
        .await
        .unwrap();
    let written = format!("{rows:?}");
    for secret in [GOOD, OTHER, "wrong password"] {
        assert!(!written.contains(secret), "{written}");
    }
}

#[tokio::test]
async fn strangers_and_scripts_are_led_to_sign_in() {
    let [app, other] = both().await;
    other.stop().await;
    let stranger = app.browser();
    for page in ["/settings", "/settings/account", "/settings/sessions"] {
        let answer = stranger.get(page).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert!(location(&answer).starts_with("/sign-in?next="), "{page}");
    }
    let owner = app.account(EMAIL, false).await;
    let token = app.token(owner).await;
    for form in [
        "/settings/account/password",
        "/settings/account/address",
        "/settings/sessions/end-others",
    ] {
        for bearer in [None, Some(&token)] {
            let mut request = stranger.request(reqwest::Method::POST, form);
            if let Some(token) = bearer {
                request = request.bearer_auth(token);
            }
            let answer = request.form(&[("x", "y")]).send().await.unwrap();
            assert_eq!(location(&answer), "/sign-in", "{form}");
        }
    }
}

#[tokio::test]
async fn a_stranger_who_tries_two_hundred_times_does_not_push_out_what_happened() {
    for app in both().await {
        let browser = newcomer(&app, EMAIL).await;
        let user = sqlx::query_scalar("SELECT id FROM users")
            .fetch_one(app.db.pool())
            .await
            .unwrap();
        let mut tx = app.db.begin_write().await.unwrap();
        for _ in 0..200 {
            let event = AuditEvent {
                user: Some(UserId(user)),
                at: app.now(),
                action: "sign-in-failed".to_owned(),
                ip: "192.0.2.7".to_owned(),
                session: None,
                device: String::new(),
                detail: None,
            };
            insert_audit_event(&mut tx, &event).await.unwrap();
        }
        tx.commit().await.unwrap();

        let page = browser.get("/settings/account").await.text().await.unwrap();
        assert!(page.contains("<strong>가입</strong>"), "{page}");
        assert_eq!(page.matches("192.0.2.7").count(), 10, "and the stranger is still seen");
        app.stop().await;
    }
}
