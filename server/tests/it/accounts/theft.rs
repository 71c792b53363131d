//! A refresh token that comes back: the family ends, and its owner hears of it, once.

use std::time::Duration;

use futures_util::future::join_all;

use super::rig::{both, count, newcomer};

const EMAIL: &str = "mina@home.example";

#[tokio::test]
async fn the_owner_of_a_reused_token_is_told_once_however_many_bring_it() {
    for app in both().await {
        let browser = newcomer(&app, EMAIL).await;
        let stolen = browser.cookie("templog-refresh").unwrap();
        app.advance(Duration::from_mins(15));
        assert!(browser.is_signed_in().await);
        app.advance(Duration::from_secs(11));

        let thieves: Vec<_> = (0..4)
            .map(|_| {
                let thief = app.browser();
                thief.plant("templog-refresh", &stolen);
                thief
            })
            .collect();
        let got_in = join_all(thieves.iter().map(crate::harness::browser::Browser::is_signed_in)).await;

        assert_eq!(got_in, [false; 4]);
        assert!(!browser.is_signed_in().await);
        app.mail_to(EMAIL, "/settings/account").await;
        assert_eq!(
            count(&app, "SELECT COUNT(*) FROM outbox WHERE kind = 'session-reuse'").await,
            1
        );
        assert_eq!(
            count(
                &app,
                "SELECT COUNT(*) FROM audit_events WHERE action = 'session-reused'"
            )
            .await,
            1
        );
        app.stop().await;
    }
}
