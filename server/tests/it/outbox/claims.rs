//! Several workers on one outbox.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use server::outbox::{Policy, State};

use super::rig::{Rig, wait_until};
use crate::harness::smtp::Manner;
use crate::store::rig::on_both;

on_both! {
    async fn workers_side_by_side_send_every_letter_once(db: Db) {
        let rig = Rig::new(&db).await;
        let count = 120;
        for number in 0..count {
            rig.write("ann@example.com", &format!("changed:{number}")).await;
        }
        let workers: Vec<_> = (0..4).map(|_| rig.worker()).collect();
        let tried = join_all(workers.iter().map(server::outbox::Worker::work_off)).await;

        let tried: usize = tried.into_iter().map(Result::unwrap).sum();
        let mut copies = BTreeMap::new();
        for mail in rig.smtp.taken() {
            *copies.entry(mail.header("Message-ID")).or_insert(0) += 1;
        }
        assert_eq!((tried, copies.len()), (count, count));
        assert!(copies.values().all(|&copies| copies == 1), "{copies:?}");
    }

    async fn a_letter_under_way_is_nobody_else_s_until_the_claim_lapses(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|_, attempt| if attempt == 1 { Manner::Hold } else { Manner::Accept });
        rig.write("ann@example.com", "changed:1").await;
        let (first, second) = (rig.worker(), rig.worker());
        let sending = async { first.work_off().await.unwrap() };
        let meddling = async {
            rig.smtp.wait_for(1).await;
            assert_eq!(second.work_off().await.unwrap(), 0);
            rig.smtp.release();
        };
        tokio::join!(sending, meddling);
        assert_eq!((rig.smtp.taken().len(), rig.entry("changed:1").await.state), (1, State::Accepted));
    }

    async fn a_claim_is_extended_for_as_long_as_the_mail_server_takes(db: Db) {
        let rig = Rig::new(&db).await;
        rig.smtp.behave(|_, _| Manner::Hold);
        rig.write("ann@example.com", "changed:1").await;
        let lease = std::time::Duration::from_millis(150);
        let first = rig.worker_with(Policy { lease, ..Policy::default() });
        let second = rig.worker();
        let sending = async { first.work_off().await.unwrap() };
        let meddling = async {
            rig.smtp.wait_for(1).await;
            for _ in 0..5 {
                // Time passes by less than the lease; when the holder has seen it, the claim reaches further.
                rig.hand.advance(100);
                let now = rig.clock.now();
                wait_until("the claim is extended", async || {
                    (rig.entry("changed:1").await.next_at.since(now) == 150).then_some(())
                })
                .await;
                assert_eq!(second.work_off().await.unwrap(), 0);
            }
            rig.smtp.release();
        };
        tokio::join!(sending, meddling);
        assert_eq!((rig.smtp.taken().len(), rig.entry("changed:1").await.state), (1, State::Accepted));
    }
}
