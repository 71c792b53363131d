//! The sign-in form and its REST twin.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::harness::browser::set_cookies;
use crate::harness::test_app::{Options, PASSWORD, TestApp};

#[tokio::test]
async fn a_person_signs_in_by_form_and_gets_to_the_page_they_wanted() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.browser();
    assert!(!browser.is_signed_in().await);

    let next = format!("/devices/{}?days=30", mina.serial(0));
    let fields = [
        ("email", " Mina@Home.Example "),
        ("password", PASSWORD),
        ("next", &next),
    ];
    let answer = browser.post_form("/sign-in", &fields).await;

    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], next.as_str());
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_get_the_very_same_answer() {
    let app = TestApp::spawn().await;
    app.account("mina@home.example", false).await;
    let mut answers = Vec::new();
    for email in ["mina@home.example", "nobody@home.example", "", &"x".repeat(300)] {
        let form = app.browser().sign_in(email, "wrong password").await;
        let rest = app.browser().request(Method::POST, "/api/v1/session");
        let rest = rest
            .json(&json!({"email": email, "password": "wrong password"}))
            .send()
            .await
            .unwrap();
        let headers: Vec<_> = rest.headers().keys().map(ToString::to_string).collect();
        let seen = (
            form.status(),
            form.headers()["location"].clone(),
            names(&set_cookies(form.headers())),
        );
        answers.push((seen, rest.status(), headers, rest.text().await.unwrap()));
    }
    let (form, status, ..) = &answers[0];
    assert_eq!((form.0, *status), (StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED));
    assert_eq!(form.1, "/sign-in?next=%2F");
    assert_eq!(form.2, ["templog-answer"]);
    for answer in &answers {
        assert_eq!(
            (&answer.0, &answer.1, &answer.3),
            (&answers[0].0, &answers[0].1, &answers[0].3)
        );
    }
}

#[tokio::test]
async fn an_address_that_was_never_proven_cannot_sign_in() {
    let app = TestApp::spawn().await;
    let id = app.account("mina@home.example", false).await;
    let unproven = sqlx::query("UPDATE users SET verified_at = NULL WHERE id = ?").bind(id.0);
    unproven.execute(app.db.pool()).await.unwrap();

    let answer = app.browser().sign_in("mina@home.example", PASSWORD).await;

    assert_eq!(answer.headers()["location"], "/sign-in?next=%2F");
}

#[tokio::test]
async fn the_form_never_leads_off_the_site() {
    let app = TestApp::spawn().await;
    app.account("mina@home.example", false).await;
    let tricks = [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
    ];
    for next in tricks {
        let right = [("email", "mina@home.example"), ("password", PASSWORD), ("next", next)];
        let answer = app.browser().post_form("/sign-in", &right).await;
        assert_eq!(answer.headers()["location"], "/", "{next:?}");

        for (path, field, value) in [
            ("/language", "locale", "en"),
            ("/theme", "theme", "dark"),
            ("/degrees", "degrees", "f"),
        ] {
            let answer = app.browser().post_form(path, &[(field, value), ("next", next)]).await;
            assert_eq!(answer.headers()["location"], "/", "{path} {next:?}");
        }
    }
    let wrong = [
        ("email", "mina@home.example"),
        ("password", "no"),
        ("next", "//evil.example"),
    ];
    let answer = app.browser().post_form("/sign-in", &wrong).await;
    assert_eq!(answer.headers()["location"], "/sign-in?next=%2F");
}

#[tokio::test]
async fn rest_signs_in_with_cookies_and_without_a_body() {
    let app = TestApp::spawn().await;
    app.account("mina@home.example", false).await;
    let browser = app.browser();

    let body = json!({"email": "mina@home.example", "password": PASSWORD});
    let answer = browser
        .request(Method::POST, "/api/v1/session")
        .json(&body)
        .send()
        .await
        .unwrap();

    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(set_cookies(answer.headers()).len(), 2);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn cookies_are_out_of_reach_of_scripts_and_over_https_bound_to_the_host() {
    for (public_url, prefix, secure) in [
        ("http://home.example", "templog-", false),
        ("https://home.example", "__Host-templog-", true),
    ] {
        let app = TestApp::spawn_with(Options {
            public_url: Some(public_url),
            ..Options::default()
        })
        .await;
        app.account("mina@home.example", false).await;

        let answer = app.browser().sign_in("mina@home.example", PASSWORD).await;

        let cookies = set_cookies(answer.headers());
        assert_eq!(cookies.len(), 2);
        for cookie in cookies {
            assert!(cookie.starts_with(prefix), "{cookie}");
            for flag in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
                assert!(cookie.contains(flag), "{flag} in {cookie}");
            }
            assert_eq!(cookie.contains("Secure"), secure, "{cookie}");
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    }
}

#[tokio::test]
async fn language_and_theme_are_remembered_and_nonsense_is_not() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;

    for (path, field, value) in [
        ("/language", "locale", "en"),
        ("/theme", "theme", "dark"),
        ("/degrees", "degrees", "f"),
    ] {
        let answer = browser.post_form(path, &[(field, value), ("next", "/settings")]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()["location"], "/settings");
        assert_eq!(browser.cookie(field).as_deref(), Some(value));

        let answer = browser.post_form(path, &[(field, "<script>")]).await;
        assert!(answer.status().is_client_error(), "{}", answer.status());
        assert_eq!(browser.cookie(field).as_deref(), Some(value));
    }
    let user = server::db::users::find_user(&app.db, mina.id).await.unwrap().unwrap();
    assert_eq!(user.locale.as_deref(), Some("en"), "messages speak it too");
}

#[tokio::test]
async fn the_form_says_once_what_was_wrong_and_keeps_the_address() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    browser.sign_in("mina@home.example", "wrong password").await;

    let told = browser.get("/sign-in").await.text().await.unwrap();
    let again = browser.get("/sign-in").await.text().await.unwrap();

    assert!(told.contains("role=\"alert\"") && told.contains("value=\"mina@home.example\""));
    assert!(!told.contains("wrong password"));
    assert!(!again.contains("role=\"alert\"") && !again.contains("mina@home.example"));
}

/// Of cookies that a response sets.
fn names(cookies: &[String]) -> Vec<String> {
    let name = |cookie: &String| cookie.split('=').next().unwrap_or_default().to_owned();
    cookies.iter().map(name).collect()
}
