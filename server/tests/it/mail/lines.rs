//! Encryption and passwords on the way to the mail server.

use domain::time::Timestamp;
use server::mail::{Language, Mail, Mailer, Outgoing, Refusal};

use crate::harness::smtp::{Options, SmtpServer, Tls, config_of};

const ACCOUNT: Option<(&str, &str)> = Some(("templog", "hunter2"));

async fn send(mailer: &Mailer) -> Result<(), Refusal> {
    let content = Mail::VerifyAddress {
        code: "7K3F-9Q2M",
        minutes: 10,
    }
    .render(Language::Ko);
    let written_at = Timestamp::from_millis(1_795_161_600_000);
    mailer
        .send(&Outgoing {
            to: "ann@example.com",
            message_id: "0123abcd",
            written_at,
            content: &content,
        })
        .await
}

#[tokio::test]
async fn mail_travels_over_starttls_and_with_a_password() {
    let smtp = SmtpServer::start_with(Options {
        tls: Tls::Offered,
        account: ACCOUNT,
    })
    .await;
    send(&Mailer::new(&smtp.config()).unwrap()).await.unwrap();
    let [mail] = &smtp.taken()[..] else { panic!("one mail") };
    assert!(mail.encrypted);
    assert_eq!(mail.user.as_deref(), Some("templog"));
    assert_eq!(mail.header("Subject"), "확인 코드 7K3F-9Q2M");
}

#[tokio::test]
async fn mail_travels_over_tls_from_the_first_byte_and_with_a_password() {
    let smtp = SmtpServer::start_with(Options {
        tls: Tls::AtOnce,
        account: ACCOUNT,
    })
    .await;
    let mailer = Mailer::new(&smtp.config()).unwrap();
    send(&mailer).await.unwrap();
    send(&mailer).await.unwrap();
    assert!(
        smtp.taken()
            .iter()
            .all(|mail| mail.encrypted && mail.user.as_deref() == Some("templog"))
    );
    assert_eq!((smtp.taken().len(), smtp.connections()), (2, 1));
}

#[tokio::test]
async fn an_unknown_certificate_is_not_trusted_and_hears_no_password() {
    for tls in [Tls::Offered, Tls::AtOnce] {
        let smtp = SmtpServer::start_with(Options { tls, account: ACCOUNT }).await;
        let url = smtp.url();
        let (without_authority, _) = url.split_once("ca=").unwrap();
        let config = config_of(without_authority.trim_end_matches(['?', '&']));
        let refused = send(&Mailer::new(&config).unwrap()).await;
        assert!(matches!(refused, Err(Refusal::Later(_))), "{refused:?}");
        assert!(!smtp.heard().contains("AUTH"), "{}", smtp.heard());
    }
}

#[tokio::test]
async fn a_server_without_starttls_hears_no_password_and_no_mail() {
    let smtp = SmtpServer::start_with(Options {
        tls: Tls::Off,
        account: ACCOUNT,
    })
    .await;
    let config = config_of(&format!("{}?tls=starttls", smtp.url()));
    let refused = send(&Mailer::new(&config).unwrap()).await;
    assert!(matches!(refused, Err(Refusal::Later(_))), "{refused:?}");
    assert!(
        !smtp.heard().contains("AUTH") && !smtp.heard().contains("MAIL"),
        "{}",
        smtp.heard()
    );
}

#[tokio::test]
async fn a_file_of_certificates_that_is_missing_stops_the_start_with_one_line() {
    let Err(error) = Mailer::new(&config_of("smtps://mail.example?ca=/nowhere/ca.pem")) else {
        panic!("it is missing")
    };
    let line = error.to_string();
    assert!(
        line.starts_with("TEMPLOG_SMTP_URL: ") && line.contains("(example: ") && !line.contains('\n'),
        "{line}"
    );
}

#[tokio::test]
async fn a_server_that_is_rested_is_called_again() {
    let smtp = SmtpServer::start().await;
    let mailer = Mailer::new(&smtp.config()).unwrap();
    send(&mailer).await.unwrap();
    mailer.rest().await;
    assert!(smtp.heard().ends_with("QUIT"), "{}", smtp.heard());
    send(&mailer).await.unwrap();
    assert_eq!(smtp.connections(), 2);
}
