//! What a browser is told, and when.

use serde_json::json;
use server::alerts::acknowledge_letter;
use server::db::households::Role;
use server::db::notices::list_notices;
use server::db::notification_settings::{NotificationSettings, update_notification_settings};
use server::db::rules::{Channels, Quiet, Terms};

use super::rig::Rig;
use crate::alerts::rig::{ANN, HOT, RISE, TERMS};
use crate::harness::push_browser::{PushBrowser, check_sender};
use crate::store::rig::on_both;

/// 17:00 to 18:00, and it is 17:00.
const NAP: Quiet = Quiet {
    from: 17 * 60,
    to: 18 * 60,
};

const BY_MAIL_ALONE: Channels = Channels {
    mail: true,
    push: false,
};

on_both! {
    async fn a_reading_that_crosses_a_rule_reaches_the_browser_which_alone_can_read_it(db: Db) {
        let rig = Rig::new(&db).await;
        sqlx::query("UPDATE devices SET name = '거실'").execute(db.pool()).await.unwrap();
        rig.home.rule_for(&rig.home.device, RISE, Terms { danger: true, ..TERMS }).await;
        for t in [23.1, 25.0, 27.0, 29.4] {
            rig.home.minute(t).await;
        }
        let told = rig.told().await;
        let [message] = &told[..] else { panic!("one message: {told:?}") };
        assert_eq!(message["title"], "거실 23.1 → 29.4 °C (3분)");
        assert_eq!(message["body"], "거실 온도가 23.1 → 29.4 °C로 3분 만에 올랐어요.");
        assert_eq!(
            message["actions"],
            json!([{"action": "acknowledge", "title": "확인"}, {"action": "view", "title": "보기"}])
        );
        assert_eq!((&message["lang"], &message["urgent"], &message["again"]), (&json!("ko"), &json!(true), &json!(true)));

        let taken = &rig.service.taken()[0];
        assert_eq!((taken.header("ttl").as_str(), taken.header("urgency").as_str()), ("86400", "high"));
        assert_eq!(taken.header("topic"), message["tag"].as_str().unwrap());
        assert!(taken.body.len() <= 4096);
        let now = rig.home.clock.now();
        let claims = check_sender(taken, rig.herald.public_key(), &rig.service.origin(), now);
        assert_eq!(claims["sub"], "https://home.example");
        assert_eq!(PushBrowser::new().decrypt(&taken.body), None);
        assert_eq!(rig.known().await.unwrap().last_ok_at, Some(now));
        assert_eq!(rig.home.post().await.len(), 1, "and the mail goes too");
        rig.home.stop().await;
    }

    async fn the_button_of_a_message_acknowledges_and_the_ledger_knows_who_was_told_how(db: Db) {
        let rig = Rig::new(&db).await;
        rig.home.rule(HOT).await;
        rig.home.minute(35.0).await;
        let message = rig.told().await.remove(0);
        rig.home.post().await;
        rig.home.hand.advance(60_000);
        let now = rig.home.clock.now();
        let token = message["letter"].as_str().unwrap();
        assert_eq!(message["url"], format!("/alerts/acknowledge?letter={token}"));
        let letter = acknowledge_letter(&db, rig.home.bell.links(), token, now).await.unwrap();
        assert_eq!(letter.alerts[0].acked_by.as_deref(), Some(ANN));

        let ids: Vec<_> = letter.alerts.iter().map(|alert| alert.id).collect();
        let mut ways: Vec<_> = list_notices(&db, &ids).await.unwrap().into_iter()
            .map(|notice| (notice.channel, notice.state.unwrap(), notice.opened_at))
            .collect();
        ways.sort();
        let accepted = "accepted".to_owned();
        assert_eq!(ways, [("mail".to_owned(), accepted.clone(), None), ("push".to_owned(), accepted, Some(now))]);
        rig.home.stop().await;
    }

    async fn every_browser_of_everybody_at_home_is_told_in_the_language_of_its_person(db: Db) {
        let rig = Rig::new(&db).await;
        let ben = rig.home.member("ben@home.example", Role::Member).await;
        server::db::users::update_locale(&db, ben, "en").await.unwrap();
        let (phone, laptop) = (PushBrowser::new(), PushBrowser::new());
        rig.subscribe(ben, "phone", &phone).await;
        rig.subscribe(ben, "laptop", &laptop).await;
        rig.home.rule(HOT).await;
        rig.home.minute(35.0).await;
        assert_eq!(rig.work_off().await, 3);
        for (name, browser) in [("phone", &phone), ("laptop", &laptop)] {
            let taken = rig.service.taken();
            let own = taken.iter().find(|taken| taken.path == name).unwrap();
            let message = browser.read(own);
            assert!(message["body"].as_str().unwrap().contains("above your limit of 30 °C"), "{message}");
            assert_eq!(message["actions"][0]["title"], "I know");
        }
        rig.home.stop().await;
    }

    async fn what_is_over_takes_the_place_of_what_was_told(db: Db) {
        let rig = Rig::new(&db).await;
        rig.home.rule(HOT).await;
        rig.home.minute(35.0).await;
        rig.told().await;
        rig.home.minute(28.0).await;
        let told = rig.told().await;
        let [begun, over] = &told[..] else { panic!("two messages: {told:?}") };
        assert_eq!(begun["tag"], over["tag"]);
        assert!(over["title"].as_str().unwrap().ends_with("괜찮아졌어요"), "{over}");
        assert_eq!((&over["again"], &over["actions"][0]["action"]), (&json!(false), &json!("view")));
        assert_eq!(rig.service.taken()[1].header("urgency"), "normal");
        rig.home.stop().await;
    }

    async fn what_is_over_before_its_message_left_is_not_told_at_all(db: Db) {
        let rig = Rig::new(&db).await;
        let quiet = NotificationSettings { quiet: Some(NAP), ..NotificationSettings::default() };
        update_notification_settings(&db, rig.home.ann, &quiet).await.unwrap();
        rig.home.rule(HOT).await;
        rig.home.minute(31.0).await;
        rig.home.minute(25.0).await;
        rig.home.hand.advance(3_600_000);
        assert_eq!(rig.work_off().await, 0);
        rig.home.stop().await;
    }

    async fn a_storm_in_one_home_is_one_message_to_each_browser(db: Db) {
        let rig = Rig::new(&db).await;
        let mut devices = vec![rig.home.device.clone()];
        for _ in 0..9 {
            devices.push(rig.home.another_device().await);
        }
        for device in &devices {
            rig.home.rule_for(device, HOT, TERMS).await;
        }
        for device in &devices {
            rig.home.measure(device, 35.0).await;
            rig.home.hand.advance(50);
        }
        assert_eq!(rig.work_off().await, 0, "they wait for each other");
        rig.home.hand.advance(1_000);
        let told = rig.told().await;
        let [message] = &told[..] else { panic!("one message: {told:?}") };
        assert!(message["title"].as_str().unwrap().ends_with("알림 10건"), "{message}");
        assert!(message["body"].as_str().unwrap().ends_with("그 밖에 5건이 더 있어요."), "{message}");
        rig.home.stop().await;
    }

    async fn quiet_hours_hold_a_message_back_and_danger_does_not_wait(db: Db) {
        let rig = Rig::new(&db).await;
        let quiet = NotificationSettings { quiet: Some(NAP), ..NotificationSettings::default() };
        update_notification_settings(&db, rig.home.ann, &quiet).await.unwrap();
        rig.home.rule(HOT).await;
        rig.home.rule_for(&rig.home.device, RISE, Terms { danger: true, ..TERMS }).await;
        rig.home.minute(29.0).await;
        rig.home.minute(31.0).await;
        assert_eq!(rig.told().await.len(), 0);
        rig.home.minute(35.0).await;
        assert_eq!(rig.told().await.len(), 1, "the rise is danger");
        rig.home.hand.advance(3_600_000);
        assert_eq!(rig.told().await.len(), 2, "the rest comes when the nap is over");
        rig.home.stop().await;
    }

    async fn a_rule_or_a_person_that_wants_no_messages_gets_mails_alone(db: Db) {
        let rig = Rig::new(&db).await;
        let rule = Terms { channels: BY_MAIL_ALONE, repeat_s: 60, ..TERMS };
        rig.home.rule_for(&rig.home.device, HOT, rule).await;
        rig.home.minute(35.0).await;
        rig.home.wait(60).await;
        assert_eq!(rig.work_off().await, 0, "neither at once nor as a reminder");
        let off = NotificationSettings { by_push: false, ..NotificationSettings::default() };
        update_notification_settings(&db, rig.home.ann, &off).await.unwrap();
        rig.home.rule(RISE).await;
        for t in [35.0, 32.4, 29.8] {
            rig.home.minute(t).await;
        }
        assert_eq!(rig.work_off().await, 0);
        assert_eq!(rig.home.alerts().await.len(), 2, "the heat and the fall");
        assert_eq!(rig.home.post().await.len(), 1, "one mail tells both");
        rig.home.stop().await;
    }

    async fn a_reminder_is_heard_although_it_takes_the_place_of_the_first_message(db: Db) {
        let rig = Rig::new(&db).await;
        rig.home.rule_for(&rig.home.device, HOT, Terms { repeat_s: 300, ..TERMS }).await;
        rig.home.minute(35.0).await;
        assert_eq!(rig.told().await.len(), 1);
        rig.home.wait(300).await;
        let told = rig.told().await;
        assert_eq!(told.len(), 2);
        assert_eq!((&told[1]["tag"], &told[1]["again"]), (&told[0]["tag"], &json!(true)));
        rig.home.stop().await;
    }
}
