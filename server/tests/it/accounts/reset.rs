//! A forgotten password: a new one by mail, everywhere signed out, and nobody else the wiser.

use super::rig::{GOOD, OTHER, another, both, count, follow, location, newcomer};
use crate::harness::browser::Browser;

const EMAIL: &str = "mina@home.example";

async fn forget(browser: &Browser, email: &str) -> reqwest::Response {
    browser.post_form("/forgot-password", &[("email", email)]).await
}

async fn reset(browser: &Browser, code: &str, password: &str) -> reqwest::Response {
    browser
        .post_form("/reset-password", &[("code", code), ("password", password)])
        .await
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_every_session_ends() {
    for app in both().await {
        let before = newcomer(&app, EMAIL).await;
        let mut socket = before.open_socket().await;
        let browser = app.browser();
        assert_eq!(
            location(&forget(&browser, "MINA@home.example").await),
            "/reset-password"
        );
        let mail = app.mail_to(EMAIL, "/reset-password?code=").await;
        let code = mail.code();
        let link = mail
            .text
            .split_whitespace()
            .find(|word| word.contains("/reset-password"))
            .unwrap();
        let page = browser
            .get(link.strip_prefix("http://localhost").unwrap())
            .await
            .text()
            .await
            .unwrap();
        assert!(page.contains(&format!("value=\"{code}\"")), "{page}");

        let too_common = reset(&browser, &code, "qwertyuiop").await;
        assert_eq!(location(&too_common), "/reset-password");
        let page = follow(&browser, &too_common).await;
        assert!(page.contains(&format!("value=\"{code}\"")), "typed once: {page}");
        assert_eq!(
            location(&reset(&browser, &another(&code), OTHER).await),
            "/reset-password"
        );
        let done = reset(&browser, &code, OTHER).await;

        assert_eq!(location(&done), "/sign-in");
        assert!(follow(&browser, &done).await.contains("role=\"status\""));
        assert!(!browser.is_signed_in().await, "whoever reads the mail still signs in");
        assert!(!before.is_signed_in().await);
        socket.ended().await;
        assert_eq!(location(&app.browser().sign_in(EMAIL, OTHER).await), "/");
        assert_ne!(location(&app.browser().sign_in(EMAIL, GOOD).await), "/");
        app.mail_to(EMAIL, "비밀번호가 바뀌었어요").await;
        assert_eq!(
            location(&reset(&browser, &code, GOOD).await),
            "/reset-password",
            "once only"
        );
        app.stop().await;
    }
}

#[tokio::test]
async fn an_address_without_an_account_looks_like_any_other_and_gets_no_mail() {
    for app in both().await {
        newcomer(&app, EMAIL).await;
        let (known, unknown) = (app.browser(), app.browser());
        let mut pages = Vec::new();
        for (browser, email) in [(&known, EMAIL), (&unknown, "nobody@home.example")] {
            let answer = forget(browser, email).await;
            assert_eq!(location(&answer), "/reset-password");
            let page = follow(browser, &answer).await;
            let wrong = follow(browser, &reset(browser, "0000-0000", OTHER).await).await;
            pages.push((page.len() - email.len(), wrong.len() - email.len()));
        }
        assert_eq!(pages[0], pages[1]);
        app.mail_to(EMAIL, "/reset-password?code=").await;
        assert!(app.mails_now("nobody@home.example").is_empty());
        let tried = count(
            &app,
            "SELECT COUNT(*) FROM audit_events WHERE action = 'password-forgotten'",
        )
        .await;
        assert_eq!(tried, 2, "the same is written down for both");
        app.stop().await;
    }
}

#[tokio::test]
async fn a_code_for_one_purpose_is_worth_nothing_for_another() {
    let [app, other] = both().await;
    other.stop().await;
    newcomer(&app, EMAIL).await;
    let browser = app.browser();
    forget(&browser, EMAIL).await;
    let code = app.mail_to(EMAIL, "/reset-password?code=").await.code();
    assert_eq!(
        location(&browser.post_form("/verify", &[("code", &code)]).await),
        "/sign-up"
    );
    assert!(!browser.is_signed_in().await);
}
