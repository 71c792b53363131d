//! A stranger becomes somebody, and learns nothing about anybody else.

use reqwest::StatusCode;

use super::rig::{GOOD, ask_to_sign_up, both, count, follow, location, verify};
use crate::harness::browser::set_cookies;

#[tokio::test]
async fn a_stranger_signs_up_with_a_code_and_arrives_at_an_empty_home() {
    for app in both().await {
        let browser = app.browser();
        let asked = ask_to_sign_up(&browser, "  Mina@Home.example ", GOOD).await;
        assert_eq!(asked.status(), StatusCode::SEE_OTHER);
        let waiting = follow(&browser, &asked).await;
        assert!(waiting.contains("mina@home.example"), "{waiting}");
        assert!(!browser.is_signed_in().await);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM users").await, 0, "nobody yet");

        let mail = app.mail_to("mina@home.example", "코드").await;
        let answer = verify(&browser, &mail.code().to_lowercase().replace('-', " ")).await;

        assert_eq!(location(&answer), "/");
        assert!(browser.is_signed_in().await);
        let home = follow(&browser, &answer).await;
        assert!(home.contains("class=\"steps\""), "{home}");
        assert_eq!(count(&app, "SELECT COUNT(*) FROM codes").await, 0);
        let again = app.browser();
        assert_eq!(location(&again.sign_in("mina@home.example", GOOD).await), "/");
        app.stop().await;
    }
}

#[tokio::test]
async fn a_taken_address_looks_free_and_its_owner_is_told() {
    for app in both().await {
        app.account("taken@home.example", false).await;
        let (free, taken) = (app.browser(), app.browser());
        let mut answers = Vec::new();
        for (browser, email) in [(&free, "never@home.example"), (&taken, "taken@home.example")] {
            let asked = ask_to_sign_up(browser, email, GOOD).await;
            let names: Vec<_> = set_cookies(asked.headers())
                .iter()
                .map(|cookie| {
                    let (name, rest) = cookie.split_once('=').unwrap();
                    let (value, attributes) = rest.split_once(';').unwrap();
                    (name.to_owned(), value.len(), attributes.to_owned())
                })
                .collect();
            let (status, to) = (asked.status(), location(&asked).to_owned());
            let page = follow(browser, &asked).await;
            let wrong = follow(browser, &verify(browser, "0000-0000").await).await;
            let local = email.split('@').next().unwrap();
            let plain = |page: String| without_nonces(&page.replace(local, "who"));
            answers.push((status, to, names, plain(page), plain(wrong)));
        }
        assert_eq!(answers[0].0, answers[1].0);
        assert_eq!(answers[0].1, answers[1].1);
        assert_eq!(answers[0].2, answers[1].2);
        assert_eq!(answers[0].3, answers[1].3);
        assert_eq!(answers[0].4, answers[1].4);

        let mail = app.mail_to("taken@home.example", "계정").await;
        assert!(!mail.text.contains("    "), "no code: {}", mail.text);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM users").await, 1);
        app.stop().await;
    }
}

/// The page without what is drawn anew for every answer.
fn without_nonces(page: &str) -> String {
    let nonce = page.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next());
    page.replace(nonce.expect("scripts have a nonce"), "NONCE")
}

#[tokio::test]
async fn what_cannot_be_accepted_is_said_beside_its_field() {
    let [app, other] = both().await;
    other.stop().await;
    let browser = app.browser();
    let wrong = [
        ("nobody", GOOD, "email-problem"),
        ("안@home.example", GOOD, "email-problem"),
        ("mina@home.example", "short", "password-problem"),
        ("mina@home.example", "qwertyuiop", "password-problem"),
        ("mina@home.example", "mina@home.example", "password-problem"),
    ];
    for (email, password, problem) in wrong {
        let answer = ask_to_sign_up(&browser, email, password).await;
        assert_eq!(location(&answer), "/sign-up", "{email} {password}");
        let page = follow(&browser, &answer).await;
        assert!(page.contains(problem) && page.contains("role=\"alert\""), "{page}");
        assert!(
            page.contains(&format!("value=\"{email}\"")),
            "what was typed is still there: {page}"
        );
        assert!(
            password == email || !page.contains(&format!("\"{password}\"")),
            "the password is not"
        );
    }
    assert_eq!(count(&app, "SELECT COUNT(*) FROM codes").await, 0);
    assert!(app.mails_now("mina@home.example").is_empty());
}

#[tokio::test]
async fn too_many_mails_to_one_address_are_refused_for_a_while() {
    let [app, other] = both().await;
    other.stop().await;
    for _ in 0..5 {
        assert_eq!(
            location(&ask_to_sign_up(&app.browser(), "mina@home.example", GOOD).await),
            "/verify"
        );
    }
    let refused = ask_to_sign_up(&app.browser(), "mina@home.example", GOOD).await;
    assert_eq!(location(&refused), "/sign-up");
    assert_eq!(refused.headers()["retry-after"], "600");
    assert_eq!(
        location(&ask_to_sign_up(&app.browser(), "jun@home.example", GOOD).await),
        "/verify"
    );
    app.advance(std::time::Duration::from_mins(10));
    assert_eq!(
        location(&ask_to_sign_up(&app.browser(), "mina@home.example", GOOD).await),
        "/verify"
    );
}

#[tokio::test]
async fn another_code_replaces_the_first() {
    for app in both().await {
        let browser = app.browser();
        ask_to_sign_up(&browser, "mina@home.example", GOOD).await;
        let first = app.mail_to("mina@home.example", "코드").await.code();
        let again = browser.post_form("/verify/again", &[]).await;
        assert_eq!(location(&again), "/verify");
        let mails = app.mails_to("mina@home.example", 2).await;
        let second = mails
            .iter()
            .map(crate::harness::post::Letter::code)
            .find(|code| *code != first);
        assert_eq!(
            location(&verify(&browser, &first).await),
            "/verify",
            "the first is worth nothing"
        );
        assert_eq!(location(&verify(&browser, &second.unwrap()).await), "/");
        app.stop().await;
    }
}

#[tokio::test]
async fn nobody_gets_a_second_account_with_one_code() {
    for app in both().await {
        let browser = app.browser();
        ask_to_sign_up(&browser, "mina@home.example", GOOD).await;
        let code = app.mail_to("mina@home.example", "코드").await.code();
        let ticket = browser.cookie("templog-ticket").unwrap();
        assert_eq!(location(&verify(&browser, &code).await), "/");
        let copy = app.browser();
        copy.plant("templog-ticket", &ticket);
        assert_eq!(location(&verify(&copy, &code).await), "/sign-up");
        assert!(!copy.is_signed_in().await);
        app.stop().await;
    }
}
