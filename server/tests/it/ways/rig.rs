//! A server beside a Kakao that tests stand up, on either database, and the trip between the two.

use domain::time::Timestamp;
use reqwest::{Response, StatusCode, Url};
use sqlx::AssertSqlSafe;

use crate::harness::browser::Browser;
use crate::harness::kakao::{FakeKakao, KakaoAccount};
use crate::harness::mariadb::MariaDb;
use crate::harness::test_app::{Options, PASSWORD, TestApp};

pub const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);

/// A server and its Kakao.
pub struct Site {
    pub app: TestApp,
    pub kakao: FakeKakao,
}

/// One on SQLite.
pub async fn site() -> Site {
    site_on(None).await
}

/// One on each database.
pub async fn sites() -> [Site; 2] {
    let database = tokio::task::spawn_blocking(|| MariaDb::shared().create_database());
    let database = database.await.expect("a database can be made");
    [site().await, site_on(Some(database)).await]
}

async fn site_on(database_url: Option<String>) -> Site {
    let kakao = FakeKakao::start().await;
    let app = TestApp::spawn_with(Options {
        database_url,
        stopped_at: Some(START),
        kakao: Some(kakao.config()),
        ..Options::default()
    })
    .await;
    Site { app, kakao }
}

impl Site {
    /// A browser in which somebody has just signed in, with an account of their own and nothing else.
    pub async fn signed_in(&self, email: &str) -> Browser {
        self.app.account(email, false).await;
        let browser = self.app.browser();
        assert_eq!(location(&browser.sign_in(email, PASSWORD).await), "/");
        browser
    }

    /// Presses the Kakao button; where at Kakao the browser ends up.
    pub async fn set_off(&self, browser: &Browser) -> String {
        self.set_off_from(browser, "/sign-in/kakao", &[("next", "/")]).await
    }

    /// Sends a form that leads to Kakao.
    pub async fn set_off_from(&self, browser: &Browser, form: &str, fields: &[(&str, &str)]) -> String {
        let answer = browser.post_form(form, fields).await;
        assert_eq!(location(&answer), "/sign-in/kakao");
        let page = browser.get("/sign-in/kakao").await;
        assert_eq!(page.status(), StatusCode::OK);
        let html = page.text().await.expect("a page");
        let refresh = html.split("content=\"0;url=").nth(1).expect("the page leads on");
        refresh
            .split('"')
            .next()
            .expect("an attribute ends")
            .replace("&amp;", "&")
    }

    /// Comes back from Kakao with this query.
    pub async fn come_back(&self, browser: &Browser, query: &[(String, String)]) -> Response {
        let callback = Url::parse_with_params("http://localhost/sign-in/kakao/callback", query).expect("a query");
        let path = format!("{}?{}", callback.path(), callback.query().unwrap_or_default());
        browser.get(&path).await
    }

    /// There and back, agreeing to everything.
    pub async fn trip(&self, browser: &Browser, who: &KakaoAccount) -> Response {
        let address = self.set_off(browser).await;
        let query = self.kakao.agree(&address, who);
        self.come_back(browser, &query).await
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        sqlx::query_scalar(sql)
            .fetch_one(self.app.db.pool())
            .await
            .expect("a table")
    }

    /// What the audit log says of an account, the oldest first.
    pub async fn audit(&self, email: &str) -> Vec<(String, Option<String>)> {
        sqlx::query_as(
            "SELECT action, detail FROM audit_events JOIN users ON users.id = user_id WHERE email = ? \
             ORDER BY audit_events.id",
        )
        .bind(email.to_owned())
        .fetch_all(self.app.db.pool())
        .await
        .expect("the audit log")
    }
}

/// Where an answer leads.
pub fn location(answer: &Response) -> &str {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{:?}", answer.headers());
    answer.headers()["location"].to_str().expect("ASCII")
}
