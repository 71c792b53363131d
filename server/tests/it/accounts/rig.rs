//! The server on either database, and what people do in their browsers again and again.

use domain::time::Timestamp;
use reqwest::Response;

use crate::harness::browser::Browser;
use crate::harness::mariadb::MariaDb;
use crate::harness::test_app::{Options, TestApp};

pub const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);

/// A password that may be chosen, and another.
pub const GOOD: &str = "tulips on the oven 91";
pub const OTHER: &str = "seven quiet windows 4";

/// A server whose time stands still, on SQLite and on MariaDB.
pub async fn both() -> [TestApp; 2] {
    let database = tokio::task::spawn_blocking(|| MariaDb::shared().create_database());
    let mariadb = Options {
        database_url: Some(database.await.expect("a database can be made")),
        stopped_at: Some(START),
        ..Options::default()
    };
    [TestApp::spawn_at(START).await, TestApp::spawn_with(mariadb).await]
}

/// Sends the sign-up form.
pub async fn ask_to_sign_up(browser: &Browser, email: &str, password: &str) -> Response {
    browser
        .post_form("/sign-up", &[("email", email), ("password", password)])
        .await
}

/// Sends the code that came by mail.
pub async fn verify(browser: &Browser, code: &str) -> Response {
    browser.post_form("/verify", &[("code", code)]).await
}

/// Where an answer leads.
pub fn location(answer: &Response) -> &str {
    answer.headers()["location"].to_str().expect("ASCII")
}

/// The page an answer leads to.
pub async fn follow(browser: &Browser, answer: &Response) -> String {
    let page = browser.get(location(answer)).await;
    page.text().await.expect("a page")
}

/// A code of the right shape that is not the right one.
pub fn another(code: &str) -> String {
    let last = if code.ends_with('7') { '8' } else { '7' };
    format!("{}{last}", &code[..code.len() - 1])
}

/// Somebody who has just signed up.
pub async fn newcomer(app: &TestApp, email: &str) -> Browser {
    let browser = app.browser();
    assert_eq!(location(&ask_to_sign_up(&browser, email, GOOD).await), "/verify");
    let code = app.mail_to(email, "코드").await.code();
    assert_eq!(location(&verify(&browser, &code).await), "/");
    assert!(browser.is_signed_in().await);
    browser
}

/// How many rows a query finds.
pub async fn count(app: &TestApp, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(app.db.pool()).await.unwrap()
}
