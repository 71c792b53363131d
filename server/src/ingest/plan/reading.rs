//! Takes one reading: is it new, is it sound, is it "now", which slot does it change.

use domain::alert::{Input, Metric, Point};
use domain::presence::late_for_ms;
use domain::reading::{Fault, Gate, Measured, Verdict, judge};
use domain::time::Timestamp;
use domain::wire::telemetry::{Body, Sample};

use super::identity::{Identity, identify};
use super::{Outcome, Present, Writes, roll_up};
use crate::alerts::{News, observe};
use crate::db::readings::{Flags, Reading};
use crate::db::states::{Extras, Known, Newest};
use crate::ingest::{Committed, Now, calibrated};

/// A reading and how it came.
pub(super) struct Arrived<'a> {
    pub sample: &'a Sample,
    pub received: Timestamp,
    /// Whether it is its message's only one.
    pub alone: bool,
}

/// Takes a reading into the device's state and the rows to write.
pub(super) fn take(
    arrived: &Arrived<'_>,
    known: &mut Known,
    present: &mut Present,
    writes: &mut Writes,
    outcome: &mut Outcome,
) {
    let Arrived { sample, received, .. } = *arrived;
    // What an earlier household measured is told to be settled, so that the device forgets it too, and is not kept.
    let foreign = known.cut_at.is_some_and(|cut| sample.at.is_some_and(|at| at < cut));
    if foreign {
        outcome.tally.foreign += 1;
    }
    let identity = (!foreign).then(|| identify(sample, received, known, present)).flatten();
    let stored = identity.map(|identity| store(arrived, identity, known, present, writes, outcome));
    if identity.is_none() && !foreign {
        outcome.tally.duplicates += 1;
    }
    outcome.committed.push(Committed {
        device: known.id,
        serial: known.serial,
        id: sample.id,
        now: stored.and_then(|stored| stored.now),
        duplicate: identity.is_none(),
        wants_witness: stored.is_some_and(|stored| stored.wants_witness),
        interval_s: known.interval_s,
        will_offline: known.state.will_at.is_some(),
    });
}

/// What became of a reading that is new.
#[derive(Clone, Copy)]
struct Stored {
    /// The value to show if it became "now".
    now: Option<Now>,
    wants_witness: bool,
}

/// Stores a reading that is new.
fn store(
    arrived: &Arrived<'_>,
    identity: Identity,
    known: &mut Known,
    present: &mut Present,
    writes: &mut Writes,
    outcome: &mut Outcome,
) -> Stored {
    let (sample, Identity { at, flags, name }) = (arrived.sample, identity);
    let (raw, verdict, suspect) = pass_gate(sample, at, known);
    writes.readings.push(Reading {
        device: known.id,
        at,
        raw,
        flags: match verdict {
            Verdict::Sound | Verdict::Confirming => flags,
            Verdict::Unconfirmed => flags.and(Flags::UNCONFIRMED),
            Verdict::Fault(_) => flags.and(Flags::FAULT),
        },
    });
    present.readings.insert((known.id, at));
    if let Some(name) = name {
        writes.names.push((name, at));
        present.names.insert(name);
        known.state.retimed_boot = known.state.retimed_boot.max(Some(name.boot));
    }
    outcome.tally.count(verdict);
    if verdict == Verdict::Confirming
        && let Some(suspect) = suspect
    {
        writes.confirmed.push((known.id, suspect.at));
        writes.stale.push((known.serial, suspect.at));
    }
    if matches!(verdict, Verdict::Sound | Verdict::Confirming) {
        roll_up::add(known, at, raw, writes);
    }
    let is_newest = known.state.max_at < Some(at);
    known.state.max_at = known.state.max_at.max(Some(at));
    // Of several readings without a clock nobody knows which are news.
    if is_newest && (arrived.alone || flags == Flags::NONE) {
        let input = input(at, raw, verdict, suspect, known);
        writes.news.extend(observe(known, input, arrived.received));
        writes
            .news
            .extend(observe_light(known, at, sample.light, arrived.received));
    }
    if known.state.will_at.is_some_and(|will| will < at) {
        known.state.will_at = None; // it has measured since its broker gave it up
    }
    let is_fault = matches!(verdict, Verdict::Fault(_));
    let is_news = arrived.received.since(at) <= late_for_ms(known.interval_s);
    Stored {
        now: (!is_fault).then(|| become_now(sample, at, raw, known)).flatten(),
        wants_witness: verdict == Verdict::Unconfirmed && is_newest && is_news,
    }
}

/// The raw values, what the gate says, and the suspect it was still waiting for.
fn pass_gate(sample: &Sample, at: Timestamp, known: &mut Known) -> (Measured, Verdict, Option<Point>) {
    let Body::Measured(raw) = sample.body else {
        return (Measured::default(), Verdict::Fault(Fault::SensorFailed), None);
    };
    let Gate {
        suspect_at, suspect_t, ..
    } = known.state.gate;
    let suspect = suspect_at.zip(suspect_t).map(|(at, value)| Point { at, value });
    let (gate, verdict) = judge(known.state.gate, at, raw);
    known.state.gate = gate;
    (raw, verdict, suspect)
}

/// What the rules are told: calibrated values, or that the sensor cannot be believed.
fn input(at: Timestamp, raw: Measured, verdict: Verdict, suspect: Option<Point>, known: &Known) -> Input {
    let suspect = suspect.filter(|_| verdict == Verdict::Confirming).map(|suspect| Point {
        value: suspect.value + known.t_offset,
        ..suspect
    });
    match verdict {
        Verdict::Sound | Verdict::Confirming => Input::Sound {
            at,
            measured: calibrated(raw, known.t_offset, known.h_offset),
            suspect,
        },
        Verdict::Unconfirmed | Verdict::Fault(_) => Input::Bad { at },
    }
}

/// What rules over the brightness have to tell, if there are any.
fn observe_light(known: &mut Known, at: Timestamp, light: Option<u16>, received: Timestamp) -> Vec<News> {
    let is_watched = known.rules.iter().any(|rule| rule.rule.metric() == Some(Metric::Light));
    match light.filter(|_| is_watched) {
        Some(light) => {
            let light = f64::from(light);
            observe(known, Input::Lit { at, light }, received)
        }
        None => Vec::new(),
    }
}

/// "Now" is the newest reading, not the one that arrived last.
fn become_now(sample: &Sample, at: Timestamp, raw: Measured, known: &mut Known) -> Option<Now> {
    if known.state.now.is_some_and(|now| at <= now.at) {
        return None;
    }
    known.state.now = Some(Newest { at, t: raw.t, h: raw.h });
    known.state.extras = Extras {
        light: sample.light,
        rssi: sample.rssi,
        bat: sample.bat,
    };
    known.state.boot = sample
        .id
        .and_then(|id| i64::try_from(id.boot).ok())
        .or(known.state.boot);
    let shown = calibrated(raw, known.t_offset, known.h_offset);
    Some(Now {
        at,
        t: shown.t,
        h: shown.h,
    })
}
