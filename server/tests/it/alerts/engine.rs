//! What becomes an alert, and what never does.

use domain::alert::{Metric, Rule};
use server::alerts::acknowledge;
use server::db::rules::{Terms, list_rules};

use super::rig::{HOT, NOW, RISE, Rig, TERMS};
use crate::store::rig::on_both;

on_both! {
    async fn a_fast_rise_is_told_once_and_so_is_its_end(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(RISE).await;
        for t in [23.1, 24.0, 25.5, 27.0, 28.2, 29.4, 30.0] {
            rig.minute(t).await;
        }
        let alerts = rig.alerts().await;
        assert_eq!(alerts.len(), 1, "{alerts:?}");
        assert_eq!((alerts[0].from.unwrap().value, alerts[0].value), (23.1, Some(28.2)));
        assert_eq!(rig.post().await.len(), 1);
        for _ in 0..12 {
            rig.minute(30.0).await;
        }
        let alerts = rig.alerts().await;
        assert_eq!(alerts.len(), 1);
        assert!(alerts[0].cleared_at.is_some());
        assert_eq!(rig.subjects().await.len(), 2);
        rig.stop().await;
    }

    async fn a_device_without_rules_alarms_nobody(db: Db) {
        let rig = Rig::new(&db).await;
        for t in [20.0, 27.0, 34.0, 41.0] {
            rig.minute(t).await;
        }
        assert_eq!(rig.alerts().await, []);
        assert_eq!(rig.post().await.len(), 0);
        rig.stop().await;
    }

    async fn what_is_delivered_again_or_late_never_alarms(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(HOT).await;
        rig.minute(22.0).await;
        let old = NOW.plus_millis(-3_600_000).as_millis();
        let hot: Vec<_> = (0..60).map(|i| format!(r#"{{"at":{},"t":{}}}"#, old + i * 60_000, 20 + i)).collect();
        rig.send(&rig.device, &format!("[{}]", hot.join(","))).await;
        let again = format!(r#"{{"at":{},"t":22.0,"h":50}}"#, rig.clock.now().as_millis());
        for _ in 0..3 {
            rig.send(&rig.device, &again).await;
        }
        // A device that comes back and has no clock sends what it kept without saying from when it is.
        rig.send(&rig.device, r#"[{"boot":3,"seq":1,"t":35.0},{"boot":3,"seq":2,"t":35.5}]"#).await;
        assert_eq!(rig.alerts().await, []);
        rig.minute(36.0).await;
        assert_eq!(rig.alerts().await.len(), 1, "what is measured now does");
        rig.stop().await;
    }

    async fn a_leap_waits_for_its_witness_and_then_alarms_with_both(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(RISE).await;
        rig.minute(23.0).await;
        rig.minute(36.0).await;
        assert_eq!(rig.alerts().await, [], "one reading may be a lie");
        rig.minute(37.0).await;
        let alerts = rig.alerts().await;
        assert_eq!((alerts[0].from.unwrap().value, alerts[0].value), (23.0, Some(37.0)));
        rig.stop().await;
    }

    async fn a_sensor_that_keeps_lying_is_told_of_once_and_alarms_nobody(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(RISE).await;
        rig.rule(HOT).await;
        for round in 0..40 {
            rig.minute(21.0).await;
            rig.minute(if round % 2 == 0 { 394.0 } else { -3276.8 }).await;
            rig.minute(70.0).await;
        }
        let alerts = rig.alerts().await;
        assert_eq!(alerts.len(), 1, "{alerts:?}");
        assert_eq!(alerts[0].rule, Rule::Fault {});
        let letters = rig.post().await;
        assert_eq!(letters.len(), 1);
        assert!(letters[0].bodies()[0].contains("센서가 고장 난 것 같아요"), "{}", letters[0].bodies()[0]);
        rig.stop().await;
    }

    async fn a_hold_time_runs_out_without_a_reading(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(Rule::Above { metric: Metric::T, limit: 30.0, hysteresis: 1.0, hold_s: 90 }).await;
        rig.minute(31.0).await;
        rig.wait(80).await;
        assert_eq!(rig.alerts().await, []);
        rig.wait(10).await;
        assert_eq!(rig.alerts().await[0].fired_at, NOW.plus_millis(150_000));
        rig.stop().await;
    }

    async fn a_silent_device_is_told_of_once_and_its_return_too(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(Rule::Offline { after_s: 300 }).await;
        for _ in 0..10 {
            rig.minute(22.0).await;
            rig.turn().await;
        }
        rig.wait(290).await;
        assert_eq!(rig.alerts().await, []);
        rig.wait(3600).await;
        assert_eq!(rig.alerts().await.len(), 1);
        assert_eq!(rig.post().await.len(), 1);
        rig.minute(22.0).await;
        let alerts = rig.alerts().await;
        assert_eq!(alerts.len(), 1);
        assert!(alerts[0].cleared_at.is_some());
        assert_eq!(rig.subjects().await.len(), 2);
        rig.stop().await;
    }

    async fn a_reminder_comes_until_somebody_acknowledges(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule_for(&rig.device, HOT, Terms { repeat_s: 300, ..TERMS }).await;
        rig.minute(35.0).await;
        rig.wait(290).await;
        assert_eq!(rig.post().await.len(), 1);
        rig.wait(20).await;
        assert_eq!(rig.post().await.len(), 2);
        let alert = rig.alerts().await[0].id;
        let alert = acknowledge(&db, rig.ann, alert, rig.clock.now()).await.unwrap();
        assert_eq!(alert.acked_by.as_deref(), Some("ann@home.example"));
        rig.wait(3600).await;
        assert_eq!(rig.post().await.len(), 2);
        rig.stop().await;
    }

    async fn a_rule_that_is_changed_or_taken_away_ends_its_alert_without_a_word(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(HOT).await;
        rig.minute(35.0).await;
        assert_eq!(rig.post().await.len(), 1);
        let rules = list_rules(&db, rig.device.id).await.unwrap();
        let hot = rules.iter().find(|stored| stored.rule == HOT).unwrap();
        rig.keeper(&rig.device).remove(hot).await.unwrap();
        assert_eq!(list_rules(&db, rig.device.id).await.unwrap(), [], "its watchman goes with it");
        rig.minute(20.0).await;
        rig.minute(35.0).await;
        rig.minute(35.0).await;
        let alerts = rig.alerts().await;
        assert_eq!(alerts.len(), 1);
        assert!(alerts[0].cleared_at.is_some());
        assert_eq!(rig.post().await.len(), 1);
        rig.stop().await;
    }

    async fn nobody_who_gave_a_device_away_hears_of_it(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule_for(&rig.device, HOT, Terms { repeat_s: 60, ..TERMS }).await;
        rig.minute(35.0).await;
        crate::store::rig::shop(&db).take_back(&rig.device, rig.clock.now()).await.unwrap();
        rig.wait(300).await;
        assert_eq!(rig.post().await.len(), 0, "not even what was on its way");
        assert_eq!(rig.alerts().await, []);
        rig.stop().await;
    }
}
