//! The decisions, without a database.

use domain::serial::Serial;
use domain::time::Timestamp;
use tokio::sync::oneshot;

use super::{Outcome, Present, Writes, plan, questions};
use crate::db::readings::Flags;
use crate::db::retimed::Name;
use crate::db::states::{Known, State};
use crate::db::{DeviceId, HouseholdId};
use crate::ingest::Receipt;
use crate::ingest::devices::Devices;
use crate::ingest::message::{Body, Message};

/// 2026-11-20 17:00 in Seoul.
const NOW: i64 = 1_795_161_600_000;
const MINUTE_MS: i64 = 60_000;
const DEVICE: DeviceId = DeviceId(7);

const fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(NOW + minutes * MINUTE_MS)
}

fn serial() -> Serial {
    Serial::from_bits(7)
}

fn devices() -> Devices {
    let known = Known {
        id: DEVICE,
        serial: serial(),
        zone: "Asia/Seoul".to_owned(),
        interval_s: 60,
        t_offset: 0.0,
        h_offset: 0.0,
        fw: None,
        household: Some(HouseholdId(1)),
        cut_at: None,
        state: State::default(),
        rules: Vec::new(),
    };
    vec![known].into()
}

fn message(payload: &str) -> Message {
    Message {
        serial: serial(),
        received: at(0),
        body: Body::telemetry(payload.as_bytes()),
        reply: oneshot::channel().0,
        room: None,
    }
}

fn reading(minutes: i64, t: f64) -> Message {
    message(&format!(r#"{{"at":{},"t":{t}}}"#, at(minutes).as_millis()))
}

fn play(devices: &mut Devices, batch: &[Message]) -> (Writes, Outcome) {
    plan(batch, devices, Present::default())
}

#[test]
fn a_reading_newer_than_all_before_needs_no_look_up() {
    let mut devices = devices();
    play(&mut devices, &[reading(-5, 20.0)]);
    let asked = questions(&[reading(-4, 20.0), reading(-3, 20.0)], &devices);
    assert!(asked.readings.is_empty() && asked.names.is_empty(), "{asked:?}");
}

#[test]
fn what_may_have_been_delivered_before_is_looked_up() {
    let mut devices = devices();
    play(&mut devices, &[reading(-5, 20.0)]);
    let nameless = message(r#"{"boot":3,"seq":4,"t":20}"#);
    let too_old = message(r#"{"at":12345,"t":20}"#);
    let asked = questions(&[reading(-5, 20.0), nameless, too_old], &devices);
    assert_eq!(
        asked.readings,
        [(DEVICE, at(-5)), (DEVICE, Timestamp::from_millis(12_345))]
    );
    let name = |boot, seq| Name {
        device: DEVICE,
        boot,
        seq,
    };
    assert_eq!(asked.names, [name(3, 4), name(-1, 12_345)]);
}

#[test]
fn what_was_found_is_acknowledged_and_not_written() {
    let mut devices = devices();
    play(&mut devices, &[reading(-5, 20.0)]);
    let present = Present {
        readings: [(DEVICE, at(-5))].into(),
        ..Present::default()
    };
    let (writes, outcome) = plan(&[reading(-5, 20.0)], &mut devices, present);
    assert!(writes.readings.is_empty() && writes.stale.is_empty());
    assert!(outcome.committed[0].duplicate);
    assert_eq!(
        outcome.receipts,
        [Receipt::Stored {
            accepted: 1,
            rejected: 0
        }]
    );
}

#[test]
fn a_retried_batch_is_decided_as_the_first_time() {
    let batch = [reading(-3, 20.0), reading(-4, 20.0), message(r#"[{"t":21},{"t":"x"}]"#)];
    let (first, told) = play(&mut devices(), &batch);
    let (second, told_again) = play(&mut devices(), &batch);
    assert_eq!(first.readings, second.readings);
    assert_eq!(first.stale, second.stale);
    assert_eq!(
        (told.receipts, told.committed),
        (told_again.receipts, told_again.committed)
    );
}

#[test]
fn a_late_reading_leaves_the_sums_and_names_their_slot() {
    let mut devices = devices();
    play(&mut devices, &[reading(-5, 20.0)]);
    let before = devices.get(serial()).unwrap().state.open;
    let (writes, _) = play(&mut devices, &[reading(-6, 20.0)]);
    assert_eq!(writes.stale, [(serial(), at(-6))]);
    assert_eq!(writes.readings[0].flags, Flags::LATE);
    assert_eq!(devices.get(serial()).unwrap().state.open, before);
}

#[test]
fn the_first_reading_of_a_slot_closes_the_one_before() {
    let mut devices = devices();
    play(&mut devices, &[reading(-61, 20.0)]);
    let (writes, _) = play(&mut devices, &[reading(-59, 20.0)]);
    let (device, closed) = writes.closed[0];
    assert_eq!((device, closed.slot.end, closed.rollup.n), (DEVICE, at(-60), 1));
    assert_eq!(
        devices.get(serial()).unwrap().state.open.unwrap().open.slot.start,
        at(-60)
    );
}

#[test]
fn a_reading_without_a_clock_gets_a_time_of_its_own() {
    let (writes, _) = play(&mut devices(), &[reading(1, 20.0), message(r#"[{"t":20},{"t":20}]"#)]);
    let times: Vec<_> = writes.readings.iter().map(|reading| reading.at).collect();
    assert_eq!(
        times,
        [at(1), at(1).plus_millis(1), at(1).plus_millis(2)],
        "no two share a millisecond"
    );
}

#[test]
fn a_leap_asks_for_a_witness_once_and_only_while_it_is_news() {
    let mut devices = devices();
    play(&mut devices, &[reading(-3, 20.0)]);
    let asks = |devices: &mut Devices, minutes, t| {
        let (_, outcome) = play(devices, &[reading(minutes, t)]);
        outcome.committed[0].wants_witness
    };
    assert!(asks(&mut devices, -2, 35.0), "it may be a fire, or a lie");
    assert!(!asks(&mut devices, -1, 35.5), "the witness has come");
    let mut devices = self::devices();
    play(&mut devices, &[reading(-90, 20.0)]);
    assert!(!asks(&mut devices, -80, 45.0), "what is filled in later is no news");
}

#[test]
fn a_device_that_does_not_exist_is_refused() {
    let (writes, outcome) = play(&mut Devices::default(), &[reading(0, 20.0)]);
    assert_eq!(outcome.receipts, [Receipt::Refused("unknown device")]);
    assert!(writes.readings.is_empty());
}
