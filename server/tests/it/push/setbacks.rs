//! What a push service refuses: for now, for ever, or because the browser has gone.

use server::db::outbox::State;
use server::db::push_subscriptions::find_push_subscription;

use super::rig::Rig;
use crate::alerts::rig::HOT;
use crate::harness::push_browser::PushBrowser;
use crate::harness::push_service::{PushService, TAKE};
use crate::store::rig::on_both;

on_both! {
    async fn a_browser_that_has_gone_is_forgotten_and_the_ledger_says_so(db: Db) {
        let rig = Rig::new(&db).await;
        let tablet = rig.subscribe(rig.home.ann, "tablet", &PushBrowser::new()).await;
        rig.service.behave(|browser, _| (if browser == "tablet" { 404 } else { 410 }, None));
        rig.home.rule(HOT).await;
        rig.home.minute(35.0).await;
        assert_eq!(rig.work_off().await, 2);
        assert!(rig.known().await.is_none());
        assert!(find_push_subscription(&db, tablet).await.unwrap().is_none());
        for dead in rig.letters(State::Dead).await {
            assert!(dead.last_error.as_ref().unwrap().contains("the browser has gone"), "{dead:?}");
        }
        rig.home.minute(28.0).await;
        rig.home.minute(35.0).await;
        assert_eq!(rig.work_off().await, 0, "nobody writes to them any more");
        rig.home.stop().await;
    }

    async fn a_busy_push_service_is_left_alone_for_as_long_as_it_asks(db: Db) {
        let rig = Rig::new(&db).await;
        rig.service.behave(|_, attempt| match attempt {
            1 => (429, Some("120")),
            2 => (503, Some("60")),
            _ => TAKE,
        });
        rig.home.rule(HOT).await;
        rig.home.minute(35.0).await;
        rig.work_off().await;
        let failing = rig.known().await.unwrap();
        assert!(failing.failing_since.is_some() && failing.last_error.unwrap().contains("429"), "its owner sees it");
        for (wait, attempts) in [(120_000, 1), (60_000, 2)] {
            rig.home.hand.advance(wait - 1);
            assert_eq!(rig.work_off().await, 0, "not a millisecond early");
            assert_eq!(rig.service.attempts("ann"), attempts);
            rig.home.hand.advance(1);
            assert_eq!(rig.work_off().await, 1);
        }
        assert_eq!(rig.service.taken().len(), 1);
        assert_eq!(rig.letters(State::Accepted).await[0].attempts, 3);
        assert_eq!(rig.known().await.unwrap().failing_since, None);
        rig.home.stop().await;
    }

    async fn a_push_service_with_a_fault_is_tried_after_ever_longer_waits(db: Db) {
        let rig = Rig::new(&db).await;
        rig.service.behave(|_, attempt| if attempt <= 3 { (500, None) } else { TAKE });
        rig.home.rule(HOT).await;
        rig.home.minute(35.0).await;
        for ceiling in [5_000, 10_000, 20_000] {
            assert_eq!(rig.work_off().await, 1);
            let waiting = &rig.letters(State::Queued).await[0];
            let wait = waiting.next_at.since(rig.home.clock.now());
            assert!((ceiling / 2..=ceiling).contains(&wait), "{wait}");
            rig.home.hand.advance(wait);
        }
        assert_eq!(rig.told().await.len(), 1);
        rig.home.stop().await;
    }

    async fn nothing_is_lost_while_a_push_service_is_away(db: Db) {
        let mut rig = Rig::new(&db).await;
        let addr = rig.service.close().await;
        rig.home.rule(HOT).await;
        rig.home.minute(35.0).await;
        assert_eq!(rig.work_off().await, 1);
        let waiting = &rig.letters(State::Queued).await[0];
        assert_eq!(waiting.last_error.as_deref(), Some("the push service is not reached"));
        rig.home.hand.advance(waiting.next_at.since(rig.home.clock.now()));
        rig.service = PushService::start_at(addr).await;
        assert_eq!(rig.told().await.len(), 1);
        rig.home.stop().await;
    }

    async fn what_is_refused_for_good_is_not_tried_again_and_its_owner_sees_why(db: Db) {
        let rig = Rig::new(&db).await;
        rig.service.behave(|_, _| (403, None));
        rig.home.rule(HOT).await;
        rig.home.minute(35.0).await;
        assert_eq!(rig.work_off().await, 1);
        rig.home.hand.advance(3_600_000);
        assert_eq!(rig.work_off().await, 0);
        assert_eq!(rig.letters(State::Dead).await.len(), 1);
        assert!(rig.known().await.unwrap().last_error.unwrap().contains("403"));
        rig.home.stop().await;
    }

    async fn yesterdays_alert_wakes_nobody(db: Db) {
        let rig = Rig::new(&db).await;
        rig.home.rule(HOT).await;
        rig.home.minute(35.0).await;
        rig.home.hand.advance(24 * 3_600_000);
        assert_eq!(rig.work_off().await, 1);
        assert_eq!(rig.service.attempts("ann"), 0);
        assert!(rig.letters(State::Dead).await[0].last_error.as_ref().unwrap().starts_with("too late"));
        rig.home.stop().await;
    }
}
