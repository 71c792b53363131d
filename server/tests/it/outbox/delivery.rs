//! The ordinary way: written, committed, sent once, noted.

use server::mail::{Language, Mail};
use server::outbox::{self, Post, State};

use super::rig::{NOW, Rig};
use crate::store::rig::on_both;

on_both! {
    async fn a_letter_reaches_a_real_mail_server_intact(db: Db) {
        let rig = Rig::new(&db).await;
        let written = rig.write("ann@example.com", "changed:1").await;

        assert_eq!(rig.worker().work_off().await.unwrap(), 1);

        let [mail] = &rig.smtp.taken()[..] else { panic!("one mail") };
        assert_eq!((mail.from.as_str(), mail.to.as_str()), ("home@example.com", "ann@example.com"));
        assert_eq!(mail.header("Subject"), "비밀번호가 바뀌었어요");
        assert_eq!(mail.header("From"), "우리 집 <home@example.com>");
        assert_eq!(mail.header("Message-ID"), format!("<{}@example.com>", written.message_id));
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        let bodies = mail.bodies();
        assert!(bodies[0].contains("바꾼 곳: Chrome · Windows\n"), "{}", bodies[0]);
        assert!(bodies[1].contains("<strong>Chrome · Windows</strong>"), "{}", bodies[1]);
    }

    async fn an_accepted_letter_is_told_about_but_no_longer_says_anything(db: Db) {
        let rig = Rig::new(&db).await;
        rig.write("ann@example.com", "changed:1").await;
        rig.worker().work_off().await.unwrap();

        let entry = rig.entry("changed:1").await;
        assert_eq!((entry.state, entry.attempts, entry.settled_at), (State::Accepted, 1, Some(NOW)));
        let payload: String = sqlx::query_scalar("SELECT payload FROM outbox").fetch_one(db.pool()).await.unwrap();
        assert_eq!(payload, "", "codes and links must not lie around");
        assert_eq!(rig.worker().work_off().await.unwrap(), 0);
    }

    async fn a_letter_exists_only_if_its_transaction_does(db: Db) {
        let rig = Rig::new(&db).await;
        let mail = Mail::VerifyAddress { code: "7K3F-9Q2M", minutes: 10 };
        let post = Post { mail, to: "ann@example.com", language: Language::En, key: "verify:1" };

        let mut tx = db.begin_write().await.unwrap();
        outbox::enqueue(&mut tx, db.dialect(), &post, NOW).await.unwrap();
        assert_eq!(rig.worker().work_off().await.unwrap(), 0, "not committed yet");
        tx.rollback().await.unwrap();
        assert_eq!(rig.worker().work_off().await.unwrap(), 0, "never happened");

        let mut tx = db.begin_write().await.unwrap();
        outbox::enqueue(&mut tx, db.dialect(), &post, NOW).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(rig.worker().work_off().await.unwrap(), 1);
        assert_eq!(rig.smtp.taken()[0].header("Subject"), "Your code: 7K3F-9Q2M");
    }

    async fn the_same_cause_never_writes_twice(db: Db) {
        let rig = Rig::new(&db).await;
        let first = rig.write("ann@example.com", "changed:1").await;
        let second = rig.write("ann@example.com", "changed:1").await;
        assert!(first.new && !second.new);
        assert_eq!(first.message_id, second.message_id);

        rig.worker().work_off().await.unwrap();
        assert!(!rig.write("ann@example.com", "changed:1").await.new, "not even after it was sent");
        rig.worker().work_off().await.unwrap();
        assert_eq!(rig.smtp.taken().len(), 1);
    }

    async fn a_letter_to_somebody_who_has_left_is_not_sent(db: Db) {
        let rig = Rig::new(&db).await;
        rig.write("ann@example.com", "changed:1").await;
        rig.write("bob@example.com", "changed:2").await;

        let mut tx = db.begin_write().await.unwrap();
        assert_eq!(outbox::delete_letters_to(&mut tx, "ann@example.com").await.unwrap(), 1);
        tx.commit().await.unwrap();

        rig.worker().work_off().await.unwrap();
        let receivers: Vec<_> = rig.smtp.taken().into_iter().map(|mail| mail.to).collect();
        assert_eq!(receivers, ["bob@example.com"]);
    }

    async fn many_letters_share_a_few_connections(db: Db) {
        let rig = Rig::new(&db).await;
        for number in 0..40 {
            rig.write("ann@example.com", &format!("changed:{number}")).await;
        }
        assert_eq!(rig.worker().work_off().await.unwrap(), 40);
        assert_eq!(rig.smtp.taken().len(), 40);
        assert!(rig.smtp.connections() <= 8, "{} connections", rig.smtp.connections());
    }

    async fn what_is_longer_than_any_real_address_or_key_is_refused_at_once(db: Db) {
        let mail = Mail::VerifyAddress { code: "7K3F-9Q2M", minutes: 10 };
        let long = "x".repeat(300);
        for (to, key) in [(long.as_str(), "key"), ("ann@example.com", long.as_str())] {
            let mut tx = db.begin_write().await.unwrap();
            let post = Post { mail, to, language: Language::Ko, key };
            assert!(outbox::enqueue(&mut tx, db.dialect(), &post, NOW).await.is_err());
        }
    }
}
