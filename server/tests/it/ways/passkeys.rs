//! Passkeys: added, used, taken away, and worth nothing in wrong hands.

use std::time::Duration;

use super::rig::{Site, location, site, sites};
use crate::harness::authenticator::Authenticator;
use crate::harness::browser::Browser;
use crate::harness::test_app::PASSWORD;

const EMAIL: &str = "mina@home.example";
const ORIGIN: &str = "http://localhost";

/// What a page asks the browser, as its script reads it.
async fn question(browser: &Browser, page: &str) -> String {
    let html = browser.get(page).await.text().await.expect("a page");
    let props = html.split("data-props=\"").nth(1).expect("an island");
    let props = props.split('"').next().expect("an attribute ends");
    let props = props
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .replace("&#x27;", "'");
    let props: serde_json::Value = serde_json::from_str(&props).expect("JSON");
    props["options"].as_str().expect("a question").to_owned()
}

async fn add(browser: &Browser, device: &mut Authenticator, name: &str) -> String {
    let begun = browser
        .post_form("/settings/sign-in/passkey", &[("password", PASSWORD)])
        .await;
    assert_eq!(location(&begun), "/settings/sign-in/passkey");
    let answer = device.create(&question(browser, "/settings/sign-in/passkey").await);
    let fields = [("credential", answer.as_str()), ("name", name)];
    let added = browser.post_form("/settings/sign-in/passkey/add", &fields).await;
    assert_eq!(location(&added), "/settings/sign-in");
    browser.get("/settings/sign-in").await.text().await.expect("a page")
}

async fn ask(browser: &Browser) -> String {
    let asked = browser.post_form("/sign-in/passkey", &[("next", "/settings")]).await;
    assert_eq!(location(&asked), "/sign-in/passkey");
    question(browser, "/sign-in/passkey").await
}

/// Where the answer leads.
async fn prove(browser: &Browser, answer: &str) -> String {
    let proven = browser
        .post_form("/sign-in/passkey/proof", &[("credential", answer)])
        .await;
    location(&proven).to_owned()
}

async fn owner(site: &Site) -> (Browser, Authenticator) {
    let browser = site.signed_in(EMAIL).await;
    let mut device = Authenticator::at(ORIGIN);
    let page = add(&browser, &mut device, "내 휴대폰").await;
    assert!(page.contains("role=\"status\"") && page.contains("내 휴대폰"), "{page}");
    (browser, device)
}

#[tokio::test]
async fn a_passkey_is_added_opens_the_account_and_is_taken_away() {
    for site in sites().await {
        let (browser, mut device) = owner(&site).await;
        site.app.mail_to(EMAIL, "패스키").await;

        let stranger = site.app.browser();
        let answer = device.get(&ask(&stranger).await);
        assert_eq!(prove(&stranger, &answer).await, "/settings");
        assert!(stranger.is_signed_in().await);

        let id: i64 = sqlx::query_scalar("SELECT id FROM passkeys")
            .fetch_one(site.app.db.pool())
            .await
            .unwrap();
        let removed = browser
            .post_form("/settings/sign-in/passkey/remove", &[("id", &id.to_string())])
            .await;
        assert_eq!(location(&removed), "/settings/sign-in");
        let later = site.app.browser();
        let answer = device.get(&ask(&later).await);
        assert_eq!(prove(&later, &answer).await, "/sign-in");
        assert!(!later.is_signed_in().await);
        let audit = site.audit(EMAIL).await;
        let told = |detail: &str| audit.iter().any(|(_, told)| told.as_deref() == Some(detail));
        assert!(
            told("passkey-added") && told("passkey") && told("passkey-removed"),
            "{audit:?}"
        );
        site.app.stop().await;
    }
}

#[tokio::test]
async fn an_answer_opens_once_and_only_to_the_question_of_its_own_browser() {
    for site in sites().await {
        let (_, mut device) = owner(&site).await;
        let (asking, thief) = (site.app.browser(), site.app.browser());
        let answer = device.get(&ask(&asking).await);
        ask(&thief).await;
        assert_eq!(prove(&thief, &answer).await, "/sign-in", "another browser's question");
        assert_eq!(prove(&asking, &answer).await, "/settings");
        let again = site.app.browser();
        again.plant("templog-step", &asking.cookie("templog-step").unwrap());
        assert_eq!(prove(&again, &answer).await, "/sign-in", "used up");
        site.app.stop().await;
    }
}

#[tokio::test]
async fn another_site_an_unverified_owner_and_a_copied_key_open_nothing() {
    let site = site().await;
    let (_, mut device) = owner(&site).await;
    let browser = site.app.browser();

    let mut phished = device.copy();
    phished.origin = "https://localhost.evil.example".to_owned();
    let answer = phished.get(&ask(&browser).await);
    assert_eq!(prove(&browser, &answer).await, "/sign-in");

    let mut unverified = device.copy();
    unverified.verifies = false;
    let answer = unverified.get(&ask(&browser).await);
    assert_eq!(prove(&browser, &answer).await, "/sign-in");

    // The counter of a copy falls behind.
    let mut copied = device.copy();
    for _ in 0..2 {
        let owners = site.app.browser();
        let answer = device.get(&ask(&owners).await);
        assert_eq!(prove(&owners, &answer).await, "/settings");
    }
    let answer = copied.get(&ask(&browser).await);
    assert_eq!(prove(&browser, &answer).await, "/sign-in");
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_passkey_needs_no_code_of_the_app_besides() {
    let site = site().await;
    let (_, mut device) = owner(&site).await;
    sqlx::query(
        "INSERT INTO totps (user_id, secret, last_step, confirmed_at, created_at) SELECT id, 'x', 0, 1, 1 FROM users",
    )
    .execute(site.app.db.pool())
    .await
    .unwrap();
    let browser = site.app.browser();
    let answer = device.get(&ask(&browser).await);
    assert_eq!(prove(&browser, &answer).await, "/settings");
}

#[tokio::test]
async fn nobody_adds_a_passkey_by_somebody_elses_question_or_twice() {
    let site = site().await;
    let (browser, mut device) = owner(&site).await;
    let juno = site.signed_in("juno@other.example").await;
    juno.post_form("/settings/sign-in/passkey", &[("password", PASSWORD)])
        .await;
    let theirs = device.create(&question(&juno, "/settings/sign-in/passkey").await);
    browser.plant("templog-step", &juno.cookie("templog-step").unwrap());
    browser
        .post_form("/settings/sign-in/passkey/add", &[("credential", theirs.as_str())])
        .await;
    assert_eq!(site.count("passkeys").await, 1);
    // The key is Mina's already: it does not open a second account.
    juno.post_form("/settings/sign-in/passkey/add", &[("credential", theirs.as_str())])
        .await;
    assert_eq!(site.count("passkeys").await, 1);
}

#[tokio::test]
async fn nonsense_and_late_answers_add_and_open_nothing() {
    let site = site().await;
    let (browser, mut device) = owner(&site).await;
    for nonsense in ["", "{}", "null", "[1]", &"x".repeat(10_000)] {
        let stranger = site.app.browser();
        ask(&stranger).await;
        assert_eq!(prove(&stranger, nonsense).await, "/sign-in", "{nonsense}");
        browser
            .post_form("/settings/sign-in/passkey", &[("password", PASSWORD)])
            .await;
        browser
            .post_form("/settings/sign-in/passkey/add", &[("credential", nonsense)])
            .await;
    }
    assert_eq!(site.count("passkeys").await, 1);
    let stranger = site.app.browser();
    let answer = device.get(&ask(&stranger).await);
    site.app.advance(Duration::from_mins(5));
    assert_eq!(prove(&stranger, &answer).await, "/sign-in");
}
