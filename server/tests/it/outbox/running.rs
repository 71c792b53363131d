//! The worker as the server runs it: woken, or awake when something is due.

use std::sync::Arc;
use std::time::Duration;

use server::clock::Clock;
use server::lifecycle::Lifecycle;
use server::outbox::{self, State};

use super::rig::{NOW, Rig, wait_until, write};
use crate::harness::smtp::Manner;
use crate::store::rig::on_both;

on_both! {
    async fn a_woken_worker_sends_at_once(db: Db) {
        let rig = Rig::new(&db).await;
        let lifecycle = Lifecycle::new();
        let outbox = outbox::start(db.clone(), rig.clock.clone(), rig.mailer.clone(), &lifecycle);
        for number in 1..=3 {
            rig.write("ann@example.com", &format!("changed:{number}")).await;
            outbox.wake();
            rig.smtp.wait_for(number).await;
        }
        assert!(lifecycle.drain(Duration::from_secs(10)).await);
    }

    async fn letters_left_from_the_last_run_are_sent_without_being_woken(db: Db) {
        let rig = Rig::new(&db).await;
        rig.write("ann@example.com", "changed:1").await;
        let lifecycle = Lifecycle::new();
        let _outbox = outbox::start(db.clone(), rig.clock.clone(), rig.mailer.clone(), &lifecycle);
        rig.smtp.wait_for(1).await;
        assert!(lifecycle.drain(Duration::from_secs(10)).await);
    }

    async fn the_worker_gets_up_by_itself_when_a_letter_is_due(db: Db) {
        let rig = Rig::new(&db).await;
        let clock = Clock::system();
        write(&db, "ann@example.com", "changed:1", clock.now().plus_millis(700)).await;
        let lifecycle = Lifecycle::new();
        let _outbox = outbox::start(db.clone(), clock.clone(), rig.mailer.clone(), &lifecycle);
        let due = rig.entry("changed:1").await.next_at;
        rig.smtp.wait_for(1).await;
        let late = clock.now().since(due);
        assert!((0..5_000).contains(&late), "{late} ms after it was due; the next look of its own was 30 s away");
        assert!(lifecycle.drain(Duration::from_secs(10)).await);
    }

    async fn a_postponed_letter_goes_out_once_the_clock_says_so(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|_, attempt| if attempt == 1 { Manner::RefuseRecipient("451 later") } else { Manner::Accept });
        rig.write("ann@example.com", "changed:1").await;
        let lifecycle = Lifecycle::new();
        let outbox = outbox::start(db.clone(), rig.clock.clone(), rig.mailer.clone(), &lifecycle);
        wait_until("it is postponed", async || rig.entry("changed:1").await.last_error).await;
        rig.advance_to_next_attempt("changed:1").await;
        outbox.wake();
        rig.smtp.wait_for(1).await;
        assert!(lifecycle.drain(Duration::from_secs(10)).await);
    }

    async fn a_dawdling_mail_server_holds_up_nobody_else(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|to, _| if to == "slow@example.com" { Manner::Hold } else { Manner::Accept });
        let lifecycle = Lifecycle::new();
        let outbox = outbox::start(db.clone(), rig.clock.clone(), rig.mailer.clone(), &lifecycle);
        rig.write("slow@example.com", "changed:slow").await;
        outbox.wake();
        rig.smtp.wait_for(1).await;
        for number in 0..20 {
            rig.write("ann@example.com", &format!("changed:{number}")).await;
            outbox.wake();
        }
        rig.smtp.wait_for(21).await;
        assert_eq!(rig.entry("changed:slow").await.state, State::Queued, "still under way");
        rig.smtp.release();
        wait_until("the slow one ends, too", async || {
            (rig.entry("changed:slow").await.state == State::Accepted).then_some(())
        })
        .await;
        assert!(lifecycle.drain(Duration::from_secs(10)).await);
    }

    async fn old_letters_are_cleared_away_and_waiting_ones_never(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|to, _| match to {
            "dead@example.com" => Manner::RefuseRecipient("550 no"),
            "busy@example.com" => Manner::RefuseRecipient("451 later"),
            _ => Manner::Accept,
        });
        for name in ["dead", "busy", "ann"] {
            rig.write(&format!("{name}@example.com"), name).await;
        }
        rig.worker().work_off().await.unwrap();
        let day_ms = 86_400_000;
        let gone = async |key: &str| outbox::find_entry(&db, key).await.unwrap().is_none();
        for (days, left) in [(29, "ann dead busy"), (31, "dead busy"), (366, "busy")] {
            rig.hand.set(NOW.plus_millis(days * day_ms));
            let lifecycle = Lifecycle::new();
            lifecycle.spawn("outbox", rig.worker().run(Arc::default(), lifecycle.child()));
            for key in ["ann", "dead", "busy"] {
                if !left.contains(key) {
                    wait_until("it is cleared away", async || gone(key).await.then_some(())).await;
                }
            }
            assert!(lifecycle.drain(Duration::from_secs(10)).await);
            for key in left.split(' ') {
                assert!(!gone(key).await, "{key} after {days} days");
            }
        }
    }
}
