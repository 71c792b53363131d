//! An account that exists takes exactly as much work as one that does not: counted, because clocks only guess.

use reqwest::Method;
use serde_json::json;
use server::auth::Passwords;
use server::clock::Clock;
use server::db::users::{NewUser, insert_user};
use server::db::{Db, sqlite_url};

use crate::harness::browser::Browser;
use crate::harness::process::TemplogProcess;

const PASSWORD: &str = "correct horse battery";

/// How many passwords the process has hashed since its start.
async fn hashes(browser: &Browser) -> u64 {
    let text = browser.get("/metrics").await.text().await.unwrap();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("templog_password_hashes_total "));
    line.map_or(0, |count| count.parse().expect("a count"))
}

async fn account(db: &Db, email: &str, password: Option<&str>, is_verified: bool) {
    let hash = match password {
        Some(password) => Passwords::new().hash(password.to_owned()).await,
        None => None,
    };
    let now = Clock::system().now();
    let user = NewUser {
        email,
        password_hash: hash.as_deref(),
        verified_at: is_verified.then_some(now),
        operator: false,
    };
    insert_user(db, &user, now).await.expect("the address is free");
}

#[tokio::test]
async fn a_sign_in_costs_one_hash_whoever_is_asked_for() {
    let templog = TemplogProcess::start(&[]);
    let db = Db::connect(&sqlite_url(&templog.data_dir().join("templog.db")))
        .await
        .unwrap();
    account(&db, "mina@home.example", Some(PASSWORD), true).await;
    account(&db, "unproven@home.example", Some(PASSWORD), false).await;
    account(&db, "without@home.example", None, true).await;
    let long = "x".repeat(300);
    let tries = [
        ("mina@home.example", "only a guess"),
        ("mina@home.example", PASSWORD),
        ("unproven@home.example", PASSWORD),
        ("without@home.example", "only a guess"),
        ("nobody@home.example", PASSWORD),
        ("", "only a guess"),
        (&long, "only a guess"),
    ];
    for (email, password) in tries {
        let browser = Browser::new(templog.http);
        let before = hashes(&browser).await;
        browser.sign_in(email, password).await;
        let after_form = hashes(&browser).await;
        let request = browser.request(Method::POST, "/api/v1/session");
        let body = json!({"email": email, "password": password});
        request.json(&body).send().await.unwrap();
        let after_rest = hashes(&browser).await;
        assert_eq!((after_form - before, after_rest - after_form), (1, 1), "{email}");
    }
}
