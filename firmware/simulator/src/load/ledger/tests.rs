//! A ledger in the moments that matter: windows, lost acks, new connections.

use super::*;

fn ack(stored: &[(u64, u64)]) -> Ack {
    Ack {
        boot: 7,
        stored: stored.to_vec(),
    }
}

fn seqs(acknowledged: &[Acknowledged]) -> Vec<u64> {
    acknowledged.iter().map(|one| one.seq).collect()
}

#[test]
fn the_window_bounds_what_flies() {
    let mut ledger = Ledger::new(7, 2, true);
    let (_, pkid) = ledger.fire(1000, 0, 5);
    ledger.fire(1001, 1, 5);
    assert!(!ledger.has_room());
    let acknowledged = ledger.on_puback(pkid, true, 105);
    assert_eq!(
        acknowledged,
        Some(Acknowledged {
            seq: 0,
            at: 1000,
            latency_us: 105
        })
    );
    assert!(ledger.has_room());
    assert_eq!(ledger.on_puback(pkid, true, 106), None, "the id is not in use");
    assert_eq!(ledger.on_puback(9, true, 106), None);
    assert_eq!(ledger.on_puback(0, true, 106), None);
}

#[test]
fn a_reading_is_done_with_the_servers_ack_not_before() {
    let mut ledger = Ledger::new(7, 8, false);
    for k in 0..4 {
        let (seq, pkid) = ledger.fire(1000 + k, 0, 0);
        ledger.on_puback(pkid, true, 1);
        assert_eq!(seq.cast_signed(), k);
    }
    assert_eq!(seqs(&ledger.on_ack(&ack(&[(0, 1), (3, 900)]), 2)), [0, 1, 3]);
    assert!(!ledger.is_empty());
    assert_eq!(seqs(&ledger.on_ack(&ack(&[(0, 3)]), 3)), [2]);
    assert!(ledger.is_empty());
    assert_eq!(
        ledger.on_ack(
            &Ack {
                boot: 8,
                stored: vec![(0, 9)]
            },
            4
        ),
        []
    );
}

#[test]
fn a_new_connection_sends_again_what_is_not_done() {
    let mut ledger = Ledger::new(7, 3, false);
    let (_, first) = ledger.fire(1000, 0, 0);
    ledger.fire(1001, 0, 0);
    ledger.fire(1002, 0, 0);
    ledger.on_puback(first, true, 1);
    ledger.on_ack(&ack(&[(1, 1)]), 1);
    ledger.reconnect(3);
    let again: Vec<_> = std::iter::from_fn(|| ledger.fire_again(9))
        .map(|(seq, at, _)| (seq, at))
        .collect();
    assert_eq!(again, [(0, 1000), (2, 1002)]);
}

#[test]
fn with_pubacks_only_a_puback_is_the_last_word() {
    let mut ledger = Ledger::new(7, 3, true);
    let (_, accepted) = ledger.fire(1000, 0, 0);
    let (_, refused) = ledger.fire(1001, 0, 0);
    ledger.fire(1002, 0, 0);
    assert!(ledger.on_puback(accepted, true, 1).is_some());
    assert_eq!(ledger.on_puback(refused, false, 1), None);
    ledger.reconnect(3);
    assert_eq!(ledger.fire_again(9).map(|(seq, at, _)| (seq, at)), Some((2, 1002)));
    assert_eq!(ledger.fire_again(9), None);
}

#[test]
fn a_lost_ack_leads_to_one_more_sending() {
    let mut ledger = Ledger::new(7, 3, false);
    let (_, pkid) = ledger.fire(1000, 0, 10);
    ledger.requeue(100);
    assert_eq!(ledger.fire_again(100), None, "it still flies");
    ledger.on_puback(pkid, true, 20);
    ledger.requeue(10);
    assert_eq!(ledger.fire_again(100), None, "it is not old enough");
    ledger.requeue(11);
    ledger.requeue(11);
    let (seq, at, pkid) = ledger.fire_again(100).unwrap();
    assert_eq!((seq, at), (0, 1000));
    assert_eq!(ledger.fire_again(100), None);
    assert_eq!(ledger.on_puback(pkid, true, 120), None, "its second PUBACK");
    assert_eq!(seqs(&ledger.on_ack(&ack(&[(0, 0)]), 130)), [0]);
    assert!(ledger.is_empty());
}

#[test]
fn an_ack_for_a_queued_reading_takes_it_out_of_the_queue() {
    let mut ledger = Ledger::new(7, 3, false);
    let (_, pkid) = ledger.fire(1000, 0, 10);
    ledger.on_puback(pkid, true, 20);
    ledger.requeue(1000);
    ledger.on_ack(&ack(&[(0, 0)]), 30);
    assert_eq!(ledger.fire_again(40), None);
}
