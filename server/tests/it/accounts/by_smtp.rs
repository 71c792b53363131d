//! Signing up through a real mail server, and through one that behaves badly: whoever waits for a code gets it, once.

use reqwest::Response;

use super::rig::{GOOD, ask_to_sign_up, follow, location, verify};
use crate::harness::browser::Browser;
use crate::harness::post::Letter;
use crate::harness::smtp::{Manner, SmtpServer, Taken};
use crate::harness::test_app::{Options, TestApp};

const EMAIL: &str = "mina@home.example";

async fn site() -> (TestApp, SmtpServer) {
    let smtp = SmtpServer::start().await;
    let app = TestApp::spawn_with(Options {
        mail: Some(smtp.config()),
        ..Options::default()
    })
    .await;
    (app, smtp)
}

async fn ask(browser: &Browser) -> Response {
    let asked = ask_to_sign_up(browser, EMAIL, GOOD).await;
    assert_eq!(location(&asked), "/verify", "whatever the mail server does");
    asked
}

fn code_in(mail: &Taken) -> String {
    let letter = Letter {
        to: mail.to.clone(),
        subject: mail.header("Subject"),
        text: mail.bodies().remove(0),
    };
    letter.code()
}

/// The code opens the account, and no second mail with one was ever taken.
async fn arrives(browser: &Browser, smtp: &SmtpServer) {
    let mails = smtp.wait_for(1).await;
    assert_eq!(location(&verify(browser, &code_in(&mails[0])).await), "/");
    assert!(browser.is_signed_in().await);
    assert_eq!(smtp.taken().len(), 1);
}

#[tokio::test]
async fn a_stranger_signs_up_by_a_real_mail() {
    let (app, smtp) = site().await;
    let browser = app.browser();
    ask(&browser).await;
    let mails = smtp.wait_for(1).await;
    assert_eq!(
        (mails[0].from.as_str(), mails[0].to.as_str()),
        ("home@example.com", EMAIL)
    );
    assert_eq!(mails[0].bodies().len(), 2, "text and HTML");
    arrives(&browser, &smtp).await;
}

#[tokio::test]
async fn a_mail_server_that_is_busy_is_asked_again_and_the_code_comes_once() {
    for manner in [
        Manner::RefuseRecipient("451 later"),
        Manner::RefuseRecipient("421 come back"),
        Manner::RefuseContent("452 no room"),
    ] {
        let (app, smtp) = site().await;
        smtp.behave(move |_, attempt| if attempt == 1 { manner.clone() } else { Manner::Accept });
        let browser = app.browser();
        ask(&browser).await;
        arrives(&browser, &smtp).await;
        app.stop().await;
    }
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_kept_in_sight_and_another_can_be_asked_for() {
    let (app, smtp) = site().await;
    smtp.behave(|_, attempt| {
        if attempt == 1 {
            Manner::RefuseRecipient("550 no such mailbox")
        } else {
            Manner::Accept
        }
    });
    let browser = app.browser();
    let asked = ask(&browser).await;
    assert!(follow(&browser, &asked).await.contains(EMAIL), "the page waits as ever");
    let dead = async {
        loop {
            let found: Option<(String, Option<String>)> =
                sqlx::query_as("SELECT state, last_error FROM outbox WHERE state = 'dead'")
                    .fetch_optional(app.db.pool())
                    .await
                    .unwrap();
            if let Some((_, why)) = found {
                return why;
            }
            tokio::task::yield_now().await;
        }
    };
    let why = tokio::time::timeout(crate::harness::test_app::PATIENCE, dead).await;
    assert!(why.expect("it is given up").unwrap_or_default().contains("550"));
    let again = browser.post_form("/verify/again", &[]).await;
    assert_eq!(location(&again), "/verify");
    arrives(&browser, &smtp).await;
}

#[tokio::test]
async fn a_slow_mail_server_holds_up_no_page() {
    let (app, smtp) = site().await;
    smtp.behave(|_, _| Manner::Hold);
    let browser = app.browser();
    let asked = ask(&browser).await;
    assert!(follow(&browser, &asked).await.contains(EMAIL));
    smtp.wait_for(1).await;
    assert_eq!(
        browser.get("/sign-in").await.status(),
        200,
        "others are served meanwhile"
    );
    smtp.release();
    arrives(&browser, &smtp).await;
}

#[tokio::test]
async fn a_mail_that_is_taken_and_dropped_comes_again_under_the_same_name() {
    let (app, smtp) = site().await;
    smtp.behave(|_, attempt| if attempt == 1 { Manner::HangUp } else { Manner::Accept });
    let browser = app.browser();
    ask(&browser).await;
    arrives(&browser, &smtp).await;
    let (name, attempts): (String, i64) = sqlx::query_as("SELECT message_id, attempts FROM outbox WHERE recipient = ?")
        .bind(EMAIL)
        .fetch_one(app.db.pool())
        .await
        .unwrap();
    assert_eq!(attempts, 2, "it was said again");
    assert_eq!(
        smtp.taken()[0].header("Message-ID"),
        format!("<{name}@example.com>"),
        "a mail program shows it once"
    );
}
