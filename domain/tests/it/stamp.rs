//! Whose clock counts: the device's inside the trusted window, ours outside of it.

use domain::reading::{Stamp, StampSource, stamp};
use domain::time::Timestamp;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);
const DAY_MS: i64 = 86_400_000;

fn check(offset_ms: i64, expected: StampSource) {
    let claimed = NOW.plus_millis(offset_ms);
    let at = if expected == StampSource::Device { claimed } else { NOW };
    assert_eq!(stamp(Some(claimed), NOW), Stamp { at, source: expected }, "{offset_ms}");
}

#[test]
fn a_claimed_time_counts_from_seven_days_ago_to_two_minutes_ahead() {
    check(0, StampSource::Device);
    check(-7 * DAY_MS, StampSource::Device);
    check(-7 * DAY_MS - 1, StampSource::Distrusted);
    check(120_000, StampSource::Device);
    check(120_001, StampSource::Distrusted);
    check(i64::MIN, StampSource::Distrusted);
    check(i64::MAX, StampSource::Distrusted);
}

#[test]
fn a_device_without_a_clock_gets_the_time_of_reception() {
    assert_eq!(
        stamp(None, NOW),
        Stamp {
            at: NOW,
            source: StampSource::Received
        }
    );
}

proptest! {
    #[test]
    fn no_claim_moves_a_reading_out_of_the_window(claimed: i64, received in 0..i64::MAX / 2) {
        let received = Timestamp::from_millis(received);
        let stamp = stamp(Some(Timestamp::from_millis(claimed)), received);
        prop_assert!((-7 * DAY_MS..=120_000).contains(&stamp.at.since(received)));
    }
}
