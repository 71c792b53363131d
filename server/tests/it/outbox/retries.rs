//! What a mail server refuses: for now, or for ever.

use std::time::Duration;

use server::mail::{Language, Mail, Mailer};
use server::outbox::{self, Policy, Post, State, Worker};

use super::rig::{NOW, Rig};
use crate::harness::smtp::{Manner, Options, SmtpServer, Tls, config_of};
use crate::store::rig::on_both;

const BUSY: &str = "451 4.7.1 come back later";
const UNKNOWN: &str = "550 5.1.1 nobody of that name";

on_both! {
    async fn a_passing_refusal_is_tried_again_after_ever_longer_waits(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|_, attempt| if attempt <= 4 { Manner::RefuseRecipient(BUSY) } else { Manner::Accept });
        let written = rig.write("ann@example.com", "changed:1").await;
        let worker = rig.worker();

        let mut waits = Vec::new();
        for attempt in 1..=4 {
            assert_eq!(worker.work_off().await.unwrap(), 1);
            let entry = rig.entry("changed:1").await;
            assert_eq!((entry.state, entry.attempts), (State::Queued, attempt));
            assert!(entry.last_error.unwrap().contains("451"), "the operator sees why");
            rig.hand.advance(entry.next_at.since(rig.clock.now()) - 1);
            assert_eq!(worker.work_off().await.unwrap(), 0, "not a millisecond early");
            rig.hand.advance(1);
            waits.push(entry.next_at.since(NOW));
        }
        for (wait, ceiling) in waits.iter().zip([5_000, 15_000, 35_000, 75_000]) {
            assert!((ceiling / 2..=ceiling).contains(wait), "{waits:?}");
        }
        worker.work_off().await.unwrap();
        let [mail] = &rig.smtp.taken()[..] else { panic!("exactly one mail") };
        assert_eq!(mail.header("Message-ID"), format!("<{}@example.com>", written.message_id));
        assert_eq!(rig.entry("changed:1").await.state, State::Accepted);
    }

    async fn an_address_that_does_not_exist_makes_a_dead_letter_that_says_why(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|to, _| if to == "nobody@example.com" { Manner::RefuseRecipient(UNKNOWN) } else { Manner::Accept });
        rig.write("nobody@example.com", "changed:1").await;
        rig.write("ann@example.com", "changed:2").await;
        let worker = rig.worker();

        assert_eq!(worker.work_off().await.unwrap(), 2);

        let [dead] = &outbox::dead_letters(&db, 10).await.unwrap()[..] else { panic!("one dead letter") };
        assert_eq!((dead.recipient.as_str(), dead.kind.as_str()), ("nobody@example.com", "password-changed"));
        assert!(dead.last_error.as_ref().unwrap().contains("550"), "{dead:?}");
        rig.hand.advance(1_000_000_000);
        assert_eq!(worker.work_off().await.unwrap(), 0, "never again");
        assert_eq!(rig.entry("changed:2").await.state, State::Accepted);
    }

    async fn a_mail_refused_as_a_whole_is_dead_or_waits_as_the_code_says(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|to, _| Manner::RefuseContent(if to == "a@example.com" { "554 5.7.1 spam" } else { "452 4.3.1 full" }));
        rig.write("a@example.com", "changed:1").await;
        rig.write("b@example.com", "changed:2").await;
        rig.worker().work_off().await.unwrap();
        assert_eq!(rig.entry("changed:1").await.state, State::Dead);
        assert_eq!(rig.entry("changed:2").await.state, State::Queued);
    }

    async fn an_address_nobody_could_write_to_is_dead_without_asking_the_mail_server(db: Db) {
        let rig = Rig::new(&db).await;
        for (number, to) in ["", "ann", "안@example.com", "a@b.example\r\nRCPT TO:<c@d.example>"].iter().enumerate() {
            rig.write(to, &format!("changed:{number}")).await;
        }
        rig.worker().work_off().await.unwrap();
        assert_eq!(outbox::dead_letters(&db, 10).await.unwrap().len(), 4);
        assert_eq!(rig.smtp.connections(), 0);
    }

    async fn our_own_wrong_password_costs_no_letter(db: Db) {
        let account = Some(("templog", "right"));
        let rig = Rig::with(&db, SmtpServer::start_with(Options { tls: Tls::Off, account }).await);
        let wrong = Mailer::new(&config_of(&rig.smtp.url().replace("right", "wrong"))).unwrap();
        let worker = Worker::new(db.clone(), rig.clock.clone(), wrong, Policy::default());
        rig.write("ann@example.com", "changed:1").await;

        worker.work_off().await.unwrap();
        let entry = rig.entry("changed:1").await;
        assert_eq!(entry.state, State::Queued);
        let reason = entry.last_error.unwrap();
        assert!(reason.contains("535") && !reason.contains("wrong"), "{reason}");

        rig.advance_to_next_attempt("changed:1").await;
        rig.worker().work_off().await.unwrap();
        assert_eq!(rig.smtp.taken()[0].user.as_deref(), Some("templog"));
    }

    async fn a_mail_server_that_is_away_for_an_hour_loses_nothing(db: Db) {
        let rig = Rig::new(&db).await;
        let nobody = Mailer::new(&config_of("smtp://localhost:1")).unwrap();
        let away = Worker::new(db.clone(), rig.clock.clone(), nobody, Policy::default());
        for number in 0..5 {
            rig.write("ann@example.com", &format!("changed:{number}")).await;
        }
        while rig.clock.now().since(NOW) < 3_600_000 {
            away.work_off().await.unwrap();
            rig.advance_to_next_attempt("changed:0").await;
        }
        rig.hand.advance(900_000);
        assert_eq!(rig.worker().work_off().await.unwrap(), 5);
        assert_eq!(rig.smtp.taken().len(), 5);
    }

    async fn a_letter_is_given_up_after_its_last_attempt(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|_, _| Manner::RefuseRecipient(BUSY));
        rig.write("ann@example.com", "changed:1").await;
        let worker = rig.worker_with(Policy { max_attempts: 3, ..Policy::default() });
        for _ in 0..3 {
            worker.work_off().await.unwrap();
            rig.advance_to_next_attempt("changed:1").await;
        }
        let entry = rig.entry("changed:1").await;
        assert_eq!((entry.state, entry.attempts), (State::Dead, 3));
        assert!(entry.last_error.unwrap().starts_with("given up after 3 attempts: "));
    }

    async fn a_code_that_has_lapsed_is_not_sent(db: Db) {
        let rig = Rig::new(&db).await;
        let mail = Mail::VerifyAddress { code: "7K3F-9Q2M", minutes: 10 };
        let mut tx = db.begin_write().await.unwrap();
        let post = Post { mail, to: "ann@example.com", language: Language::Ko, key: "verify:1" };
        outbox::enqueue(&mut tx, db.dialect(), &post, NOW).await.unwrap();
        tx.commit().await.unwrap();

        rig.hand.advance(600_000);
        rig.worker().work_off().await.unwrap();
        assert_eq!(rig.entry("verify:1").await.state, State::Dead);
        assert!(rig.smtp.taken().is_empty());
    }

    async fn a_server_that_takes_a_mail_and_hangs_up_gets_it_again_under_the_same_name(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|_, attempt| if attempt <= 2 { Manner::HangUp } else { Manner::Accept });
        let written = rig.write("ann@example.com", "changed:1").await;
        let worker = rig.worker();
        for _ in 0..3 {
            assert_eq!(worker.work_off().await.unwrap(), 1);
            rig.advance_to_next_attempt("changed:1").await;
        }
        let [mail] = &rig.smtp.taken()[..] else { panic!("exactly one was kept") };
        assert_eq!(mail.header("Message-ID"), format!("<{}@example.com>", written.message_id));
    }

    async fn a_kept_connection_that_the_server_has_closed_costs_no_attempt(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|_, _| Manner::AcceptAndClose);
        let worker = rig.worker();
        for number in 0..3 {
            rig.write("ann@example.com", &format!("changed:{number}")).await;
            worker.work_off().await.unwrap();
            assert_eq!(rig.entry(&format!("changed:{number}")).await.state, State::Accepted);
        }
        assert_eq!((rig.smtp.taken().len(), rig.smtp.connections()), (3, 3));
    }

    async fn a_server_that_says_nothing_is_left_and_asked_again_later(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|_, attempt| if attempt == 1 { Manner::Ignore } else { Manner::Accept });
        rig.write("ann@example.com", "changed:1").await;
        let worker = rig.hasty_worker();

        tokio::time::timeout(Duration::from_secs(20), worker.work_off()).await.expect("it does not wait for ever").unwrap();
        let reason = rig.entry("changed:1").await.last_error.unwrap();
        assert!(reason.ends_with("no answer in time"), "{reason}");

        rig.advance_to_next_attempt("changed:1").await;
        worker.work_off().await.unwrap();
        assert_eq!(rig.entry("changed:1").await.state, State::Accepted);
        assert_eq!(rig.smtp.connections(), 2, "the connection with the open question is not used again");
    }
}
