//! Acks: exactly the stored numbers, no more.

use std::collections::BTreeSet;

use domain::time::Timestamp;
use domain::wire::ack::{Ack, clock, decode, encode, encode_at, ranges};
use proptest::prelude::*;

#[test]
fn an_ack_is_written_as_in_the_contract() {
    let ack = Ack {
        boot: 12,
        stored: vec![(1800, 1841), (1843, 1843)],
    };
    assert_eq!(encode(&ack), r#"{"boot":12,"stored":[[1800,1841],[1843,1843]]}"#);
    assert_eq!(decode(encode(&ack).as_bytes()), Ok(ack));
}

#[test]
fn anything_else_is_malformed() {
    for payload in [
        "",
        "{}",
        "[]",
        r#"{"boot":1}"#,
        r#"{"boot":1,"stored":[1]}"#,
        r#"{"boot":-1,"stored":[]}"#,
    ] {
        assert!(decode(payload.as_bytes()).is_err(), "{payload}");
    }
}

proptest! {
    #[test]
    fn ranges_cover_exactly_the_stored_numbers(seqs in prop::collection::vec(0..60_u64, 0..60)) {
        let mut sorted = seqs.clone();
        sorted.sort_unstable();
        let ack = Ack { boot: 1, stored: ranges(sorted) };
        let stored: BTreeSet<_> = seqs.into_iter().collect();
        for seq in 0..62 {
            prop_assert_eq!(ack.covers(seq), stored.contains(&seq), "{}", seq);
        }
        for pair in ack.stored.windows(2) {
            prop_assert!(pair[0].1 + 1 < pair[1].0, "neighbours are one range: {:?}", ack.stored);
        }
    }

    #[test]
    fn the_largest_numbers_do_not_overflow(seqs in prop::collection::vec(u64::MAX - 3..=u64::MAX, 0..9)) {
        let mut sorted = seqs;
        sorted.sort_unstable();
        prop_assert!(ranges(sorted).len() <= 2);
    }

    #[test]
    fn no_bytes_make_the_decoder_panic(bytes: Vec<u8>) {
        let _ = decode(&bytes);
    }
}

#[test]
fn an_ack_may_tell_the_time_and_is_the_same_ack() {
    let ack = Ack {
        boot: 12,
        stored: vec![(1800, 1841)],
    };
    let dated = encode_at(&ack, Timestamp::from_millis(1_795_161_600_000));
    assert_eq!(dated, r#"{"boot":12,"stored":[[1800,1841]],"now":1795161600000}"#);
    assert_eq!(decode(dated.as_bytes()), Ok(ack.clone()));
    assert_eq!(clock(dated.as_bytes()), Some(Timestamp::from_millis(1_795_161_600_000)));
    assert_eq!(clock(encode(&ack).as_bytes()), None);
    assert_eq!(clock(b"nonsense"), None);
}
