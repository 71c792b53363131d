//! Who is told what, when, and in how many letters.

use server::alerts::{AckError, Wanted, acknowledge_letter};
use server::db::households::Role;
use server::db::notification_settings::{NotificationSettings, update_notification_settings};
use server::db::rules::{Channels, Quiet, Terms, list_rules};

use super::rig::{ANN, HOT, RISE, Rig, TERMS};
use crate::store::rig::on_both;

/// 17:00 to 18:00, and it is 17:00.
const NAP: Quiet = Quiet {
    from: 17 * 60,
    to: 18 * 60,
};

on_both! {
    async fn a_letter_says_everything_in_the_language_of_its_reader(db: Db) {
        let rig = Rig::new(&db).await;
        let ben = rig.member("ben@home.example", Role::Member).await;
        server::db::users::update_locale(&db, ben, "en").await.unwrap();
        sqlx::query("UPDATE devices SET name = '거실'").execute(db.pool()).await.unwrap();
        rig.rule(RISE).await;
        for t in [23.1, 25.0, 27.0, 29.4] {
            rig.minute(t).await;
        }
        let mut letters = rig.post().await;
        letters.sort_by(|a, b| a.to.cmp(&b.to));
        assert_eq!(letters.len(), 2);
        assert_eq!(letters[0].to, ANN);
        assert_eq!(letters[0].header("Subject"), "거실 23.1 → 29.4 °C (3분)");
        let [text, html] = &letters[0].bodies()[..] else { panic!("text and HTML") };
        for body in [text, html] {
            assert!(body.contains("거실 온도가 23.1 → 29.4 °C로 3분 만에 올랐어요."), "{body}");
            assert!(body.contains("https://home.example/alerts/acknowledge?letter=alert-"), "{body}");
        }
        assert!(letters[1].bodies()[0].contains("거실: temperature rose 23.1 → 29.4 °C in 3 min."));
        rig.stop().await;
    }

    async fn a_storm_in_one_home_is_one_letter_to_each_person(db: Db) {
        let rig = Rig::new(&db).await;
        rig.member("ben@home.example", Role::Member).await;
        let mut devices = vec![rig.device.clone()];
        for _ in 0..9 {
            devices.push(rig.another_device().await);
        }
        for device in &devices {
            rig.rule_for(device, HOT, TERMS).await;
        }
        for device in &devices {
            rig.measure(device, 35.0).await;
            rig.hand.advance(50);
        }
        assert_eq!(rig.post().await.len(), 0, "they wait for each other");
        rig.hand.advance(1_000);
        let letters = rig.post().await;
        assert_eq!(letters.len(), 2);
        assert!(letters[0].header("Subject").ends_with("알림 10건"), "{}", letters[0].header("Subject"));
        for device in &devices {
            assert!(letters[0].bodies()[0].contains(&device.name), "{}", letters[0].bodies()[0]);
        }
        rig.stop().await;
    }

    async fn quiet_hours_hold_a_letter_back_and_danger_does_not_wait(db: Db) {
        let rig = Rig::new(&db).await;
        let quiet = NotificationSettings { quiet: Some(NAP), ..NotificationSettings::default() };
        update_notification_settings(&db, rig.ann, &quiet).await.unwrap();
        rig.rule(HOT).await;
        rig.rule_for(&rig.device, RISE, Terms { danger: true, ..TERMS }).await;
        rig.minute(29.0).await;
        rig.minute(31.0).await;
        assert_eq!(rig.post().await.len(), 0);
        rig.minute(35.0).await;
        assert_eq!(rig.post().await.len(), 1, "the rise is danger");
        rig.hand.advance(3_600_000);
        assert_eq!(rig.post().await.len(), 2, "the rest comes when the nap is over");
        rig.stop().await;
    }

    async fn a_reminder_keeps_to_the_ways_and_hours_of_its_rule_and_ends_when_they_ask_for_none(db: Db) {
        let rig = Rig::new(&db).await;
        let terms = Terms { repeat_s: 60, quiet: Some(NAP), ..TERMS };
        rig.rule_for(&rig.device, HOT, terms).await;
        rig.minute(35.0).await;
        rig.wait(600).await;
        assert_eq!(rig.post().await.len(), 0, "it is told after the nap, and so are its reminders");
        rig.hand.advance(3_000_000);
        assert_eq!(rig.post().await.len(), 1, "in one letter");
        let stored = list_rules(&db, rig.device.id).await.unwrap();
        let hot = stored.iter().find(|stored| stored.rule == HOT).unwrap();
        let push_only = Terms { channels: Channels { mail: false, push: true }, ..terms };
        rig.keeper(&rig.device).change(hot, Wanted { rule: HOT, terms: push_only }).await.unwrap();
        rig.wait(120).await;
        assert_eq!(rig.post().await.len(), 1, "no mail to whoever wants none");
        let once = Terms { repeat_s: 0, ..TERMS };
        rig.keeper(&rig.device).change(hot, Wanted { rule: HOT, terms: once }).await.unwrap();
        rig.wait(600).await;
        assert_eq!(rig.post().await.len(), 1);
        rig.stop().await;
    }

    async fn what_is_over_before_its_letter_left_is_not_told_at_all(db: Db) {
        let rig = Rig::new(&db).await;
        let quiet = NotificationSettings { quiet: Some(NAP), ..NotificationSettings::default() };
        update_notification_settings(&db, rig.ann, &quiet).await.unwrap();
        rig.rule(HOT).await;
        rig.minute(31.0).await;
        rig.minute(25.0).await;
        rig.hand.advance(3_600_000);
        assert_eq!(rig.post().await.len(), 0);
        assert!(rig.alerts().await[0].cleared_at.is_some(), "the log has it");
        rig.stop().await;
    }

    async fn whoever_switched_mails_off_gets_none_and_the_others_do(db: Db) {
        let rig = Rig::new(&db).await;
        rig.member("ben@home.example", Role::Viewer).await;
        let off = NotificationSettings { by_mail: false, ..NotificationSettings::default() };
        update_notification_settings(&db, rig.ann, &off).await.unwrap();
        rig.rule(HOT).await;
        rig.minute(35.0).await;
        assert_eq!(rig.post().await.len(), 1);
        rig.minute(28.0).await;
        let letters = rig.post().await;
        assert!(letters.iter().all(|letter| letter.to == "ben@home.example"));
        assert_eq!(letters.len(), 2);
        rig.stop().await;
    }

    async fn the_link_of_a_letter_acknowledges_what_it_tells_in_its_readers_name(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(HOT).await;
        rig.minute(35.0).await;
        let text = rig.post().await[0].bodies()[0].clone();
        let token = text.split("acknowledge?letter=").nth(1).unwrap().split_whitespace().next().unwrap();
        let now = rig.clock.now();
        let forged = token.replace("alert-", "alert-9");
        let refused = acknowledge_letter(&db, rig.bell.links(), &forged, now).await;
        assert!(matches!(refused, Err(AckError::NotFound)));
        let letter = acknowledge_letter(&db, rig.bell.links(), token, now).await.unwrap();
        assert_eq!(letter.alerts[0].acked_by.as_deref(), Some(ANN));
        assert_eq!(rig.alerts().await[0].acked_at, Some(now));
        rig.stop().await;
    }

    async fn the_link_of_somebody_who_moved_out_opens_nothing(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(HOT).await;
        rig.minute(35.0).await;
        let text = rig.post().await[0].bodies()[0].clone();
        let token = text.split("acknowledge?letter=").nth(1).unwrap().split_whitespace().next().unwrap();
        sqlx::query("DELETE FROM memberships").execute(db.pool()).await.unwrap();
        let refused = acknowledge_letter(&db, rig.bell.links(), token, rig.clock.now()).await;
        assert!(matches!(refused, Err(AckError::NotFound)));
        rig.stop().await;
    }
}
