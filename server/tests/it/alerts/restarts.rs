//! A restart in any phase of an alert's life forgets nothing and tells nothing twice.

use domain::alert::{Metric, Rule};
use server::alerts::acknowledge;
use server::db::rules::Terms;

use super::rig::{HOT, NOW, RISE, Rig, TERMS};
use crate::store::rig::on_both;

on_both! {
    async fn a_hold_time_goes_on_through_a_restart(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(Rule::Above { metric: Metric::T, limit: 30.0, hysteresis: 1.0, hold_s: 150 }).await;
        rig.minute(31.0).await;
        rig.minute(31.0).await;
        let rig = rig.restarted().await;
        rig.minute(31.0).await;
        assert_eq!(rig.alerts().await, []);
        rig.minute(31.0).await;
        assert_eq!(rig.alerts().await[0].fired_at, NOW.plus_millis(210_000));
        rig.stop().await;
    }

    async fn a_change_is_seen_across_a_restart(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(RISE).await;
        rig.minute(23.0).await;
        rig.minute(28.0).await;
        let rig = rig.restarted().await;
        rig.minute(28.5).await;
        assert_eq!(rig.alerts().await[0].from.unwrap().value, 23.0);
        rig.stop().await;
    }

    async fn an_active_alert_is_not_told_again_after_a_restart(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(HOT).await;
        rig.minute(35.0).await;
        let rig = rig.restarted().await;
        rig.minute(35.0).await;
        rig.minute(36.0).await;
        assert_eq!(rig.alerts().await.len(), 1);
        assert_eq!(rig.post().await.len(), 1);
        let rig = rig.restarted().await;
        rig.minute(28.0).await;
        assert!(rig.alerts().await[0].cleared_at.is_some());
        assert_eq!(rig.post().await.len(), 2);
        rig.stop().await;
    }

    async fn a_reminder_that_was_missed_comes_once(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule_for(&rig.device, HOT, Terms { repeat_s: 60, ..TERMS }).await;
        rig.minute(35.0).await;
        assert_eq!(rig.post().await.len(), 1);
        rig.hand.advance(3_600_000);
        let rig = rig.restarted().await;
        rig.turn().await;
        rig.turn().await;
        assert_eq!(rig.post().await.len(), 2);
        rig.stop().await;
    }

    async fn a_hold_time_that_ran_out_while_we_were_away_alarms_at_the_first_look(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(Rule::Above { metric: Metric::T, limit: 30.0, hysteresis: 1.0, hold_s: 90 }).await;
        rig.minute(31.0).await;
        rig.hand.advance(200_000);
        let rig = rig.restarted().await;
        rig.turn().await;
        let alerts = rig.alerts().await;
        assert_eq!(alerts.len(), 1, "the device has not been missed yet, so its last value counts");
        assert_eq!(alerts[0].fired_at, NOW.plus_millis(150_000), "when it became true, not when we came back");
        rig.turn().await;
        let rig = rig.restarted().await;
        rig.turn().await;
        rig.minute(31.0).await;
        assert_eq!(rig.alerts().await.len(), 1);
        assert_eq!(rig.post().await.len(), 1);
        rig.stop().await;
    }

    async fn reminders_go_on_through_restarts_at_their_own_pace_and_end_with_whoever_knows(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule_for(&rig.device, HOT, Terms { repeat_s: 300, ..TERMS }).await;
        rig.minute(35.0).await;
        rig.wait(290).await;
        let rig = rig.restarted().await;
        rig.turn().await;
        assert_eq!(rig.post().await.len(), 1, "it is not due yet");
        rig.wait(10).await;
        let rig = rig.restarted().await;
        rig.turn().await;
        assert_eq!(rig.post().await.len(), 2);
        rig.wait(290).await;
        assert_eq!(rig.post().await.len(), 2);
        rig.wait(20).await;
        assert_eq!(rig.post().await.len(), 3);
        let alert = rig.alerts().await[0].id;
        acknowledge(&db, rig.ann, alert, rig.clock.now()).await.unwrap();
        let rig = rig.restarted().await;
        rig.wait(3600).await;
        assert_eq!(rig.post().await.len(), 3);
        assert!(rig.alerts().await[0].acked_at.is_some() && rig.alerts().await[0].cleared_at.is_none());
        rig.stop().await;
    }

    async fn a_silent_device_that_was_told_of_stays_told_through_a_restart(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(Rule::Offline { after_s: 300 }).await;
        rig.minute(22.0).await;
        rig.wait(320).await;
        assert_eq!(rig.alerts().await.len(), 1);
        let rig = rig.restarted().await;
        rig.wait(3600).await;
        let alerts = rig.alerts().await;
        assert_eq!((alerts.len(), alerts[0].cleared_at), (1, None), "{alerts:?}");
        rig.minute(22.0).await;
        assert!(rig.alerts().await[0].cleared_at.is_some());
        rig.stop().await;
    }

    async fn a_long_stop_of_ours_is_no_silence_of_the_device(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(Rule::Offline { after_s: 300 }).await;
        rig.minute(22.0).await;
        rig.hand.advance(7_200_000);
        let rig = rig.restarted().await;
        rig.wait(290).await;
        assert_eq!(rig.alerts().await, [], "it has not had its time yet");
        rig.wait(20).await;
        let alerts = rig.alerts().await;
        assert_eq!(alerts.len(), 1);
        assert_eq!(alerts[0].from.unwrap().at, NOW.plus_millis(60_000));
        rig.stop().await;
    }
}
