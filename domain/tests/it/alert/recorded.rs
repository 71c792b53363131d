//! Real rooms, as they were recorded: what they did is told once each time, what they did not do is never told.

use domain::alert::{Event, Metric, Past, Preset, Rule, rehearse};
use domain::reading::{Gate, Measured, Verdict, judge};
use domain::time::Timestamp;

use super::{is_cleared, is_fired};

const HOUSE: &str = include_str!("../../../../firmware/simulator/rooms/house.csv");
/// Seconds between two readings of the recording.
const EVERY_S: u32 = 600;
const EVERY_MS: i64 = 600_000;
/// 2016-01-11 17:00, when it begins.
const BEGIN_MS: i64 = 1_452_531_600_000;
/// Readings of a week.
const WEEK: usize = 7 * 144;

fn at(nth: usize) -> Timestamp {
    Timestamp::from_millis(BEGIN_MS + i64::try_from(nth).unwrap() * EVERY_MS)
}

/// The reading so many days after January 11 at this hour and minute.
fn nth(days: usize, hour: usize, minute: usize) -> usize {
    days * 144 + hour * 6 + minute / 10 - 17 * 6
}

/// A room of the recorded house, one reading every ten minutes.
fn room(name: &str) -> Vec<Measured> {
    let rows = HOUSE.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.filter(|row| row[1] == name)
        .map(|row| Measured {
            t: Some(row[2].parse().unwrap()),
            h: Some(row[3].parse().unwrap()),
        })
        .collect()
}

/// What the gate makes of them, in order.
fn pass(readings: impl IntoIterator<Item = Measured>) -> Vec<Past> {
    let mut gate = Gate::default();
    let judged = readings.into_iter().enumerate().map(|(nth, measured)| {
        let (next, verdict) = judge(gate, at(nth), measured);
        gate = next;
        let sound = matches!(verdict, Verdict::Sound | Verdict::Confirming);
        (at(nth), sound.then_some(measured))
    });
    judged.collect()
}

fn change(delta: f64, window_s: u32) -> Rule {
    Rule::Change {
        metric: Metric::T,
        delta,
        window_s,
    }
}

fn fired(told: &[(usize, Event)]) -> Vec<Event> {
    told.iter()
        .map(|(_, event)| *event)
        .filter(|event| is_fired(Some(event)))
        .collect()
}

/// Readings at which the room differs by `delta` from one at most so many before it: plain arithmetic, no state.
fn truly_changed(readings: &[Measured], delta: f64, before: usize) -> Vec<usize> {
    let t = |nth: usize| readings[nth].t.unwrap();
    let changed = |now: &usize| (now.saturating_sub(before)..*now).any(|old| (t(*now) - t(old)).abs() >= delta - 1e-9);
    (0..readings.len()).filter(changed).collect()
}

#[test]
fn windows_opened_on_a_winter_morning_are_told_of_once_in_that_week() {
    let week: Vec<_> = room("be-living").into_iter().take(WEEK).collect();
    let told = rehearse(&[change(1.5, 1800)], EVERY_S, pass(week), at(WEEK));
    let [(_, Event::Fired { at: when, value, from }), (_, end)] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(*when, at(nth(4, 8, 20)), "Friday, January 15");
    assert!(value.unwrap() < from.unwrap().value, "a fall");
    assert!(is_cleared(Some(end)));
}

#[test]
fn the_one_steep_rise_of_a_bathroom_in_four_months_is_told_of_once() {
    let bath = room("be-bath");
    let told = rehearse(&[change(3.0, 600)], EVERY_S, pass(bath.clone()), at(bath.len()));
    let fired = fired(&told);
    let [Event::Fired { at: when, value, from }] = &fired[..] else {
        panic!("{fired:?}")
    };
    assert_eq!(*when, at(nth(37, 20, 40)), "somebody takes a bath on February 17");
    assert!(value.unwrap() - from.unwrap().value >= 3.0);
}

#[test]
fn no_true_change_of_four_months_is_missed_and_none_is_invented() {
    for (name, delta, before) in [("be-living", 1.5, 3), ("be-bath", 2.0, 2), ("be-kitchen", 0.7, 3)] {
        let readings = room(name);
        let window_s = u32::try_from(before).unwrap() * EVERY_S;
        let told = rehearse(
            &[change(delta, window_s)],
            EVERY_S,
            pass(readings.clone()),
            at(readings.len()),
        );
        let truly = truly_changed(&readings, delta, before);
        assert!(truly.len() > 5, "{name} is worth looking at");
        let mut episodes = Vec::new();
        let mut since = None;
        for (_, event) in &told {
            match event {
                Event::Fired { at: when, .. } => {
                    assert!(truly.iter().any(|nth| at(*nth) == *when), "{name}: invented at {when}");
                    since.get_or_insert(*when);
                }
                Event::Cleared { at: when, .. } => {
                    episodes.push(since.take().expect("only what has begun ends")..*when);
                }
            }
        }
        episodes.extend(since.map(|began| began..at(readings.len())));
        let missed: Vec<_> = truly
            .iter()
            .filter(|nth| !episodes.iter().any(|episode| episode.contains(&at(**nth))))
            .collect();
        assert!(missed.is_empty(), "{name}: {missed:?}");
    }
}

/// A sensor that has got a bad contact: most of what it says is off by hundreds of degrees, the rest is the room.
fn broken(room: &[Measured]) -> Vec<Measured> {
    let mut dice = 1_u32;
    let lie = |measured: &Measured| {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let offset = f64::from(dice >> 20).mul_add(0.2, 150.0);
        match dice >> 28 {
            0..4 => *measured,
            4..10 => Measured {
                t: measured.t.map(|t| t + offset),
                ..*measured
            },
            _ => Measured {
                t: measured.t.map(|t| t - offset),
                ..*measured
            },
        }
    };
    room.iter().map(lie).collect()
}

#[test]
fn a_week_of_a_broken_sensor_is_one_message_and_the_next_fire_in_that_room_is_told_of() {
    let living = room("be-living");
    let (week, rest) = living.split_at(WEEK);
    let mut rules = vec![Rule::Fault {}];
    for preset in [Preset::Fire, Preset::Frost] {
        rules.extend(preset.rules());
    }
    // Then somebody mends the contact, and two days later the room burns.
    let mut readings = broken(week);
    readings.extend_from_slice(&rest[..2 * 144]);
    let last = readings[readings.len() - 1].t.unwrap();
    let fire = [2.0, 5.5, 14.0, 25.0].map(|more| Measured {
        t: Some(last + more),
        h: Some(40.0),
    });
    readings.extend(fire);
    let told = rehearse(&rules, EVERY_S, pass(readings.clone()), at(readings.len()));

    let week = told.iter().take_while(|(_, event)| when(event) < at(WEEK));
    let week: Vec<_> = week.collect();
    assert!(
        matches!(week[..], [(0, Event::Fired { .. })]),
        "the sensor looks broken, and nothing else: {week:?}"
    );
    let later = &told[week.len()..];
    assert!(matches!(later[0], (0, Event::Cleared { .. })), "{later:?}");
    assert!(
        later[1..]
            .iter()
            .any(|(rule, event)| rules[*rule].kind() == "change" && is_fired(Some(event))),
        "the fire: {later:?}"
    );
    assert!(
        later[1..].iter().all(|(_, event)| when(event) > at(WEEK + 2 * 144 - 1)),
        "{later:?}"
    );
}

const fn when(event: &Event) -> Timestamp {
    match event {
        Event::Fired { at, .. } | Event::Cleared { at, .. } => *at,
    }
}

#[test]
fn every_gap_of_a_recorded_week_is_found_once_and_nothing_else_is() {
    let readings = pass(room("be-kitchen").into_iter().take(WEEK));
    // Somebody pulls the plug: from which reading to which nothing came.
    let gaps = [(40, 47), (300, 310), (311, 330), (700, 844), (1000, 1006)];
    let past = readings
        .into_iter()
        .enumerate()
        .filter(|(nth, _)| gaps.iter().all(|(from, to)| !(from..to).contains(&nth)))
        .map(|(_, reading)| reading);
    let told = rehearse(&[Rule::Offline { after_s: 3600 }], EVERY_S, past, at(WEEK));
    let found: Vec<_> = told
        .chunks(2)
        .map(|pair| match pair {
            [
                (_, Event::Fired { from: Some(from), .. }),
                (_, Event::Cleared { at, .. }),
            ] => (from.at, *at),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(found, gaps.map(|(from, to)| (at(from - 1), at(to))));
}
