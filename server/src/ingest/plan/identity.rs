//! Which reading this is: its time, its name, and whether it has been here before.

use domain::reading::{StampSource, stamp};
use domain::time::Timestamp;
use domain::wire::telemetry::Sample;

use super::Present;
use crate::db::readings::Flags;
use crate::db::retimed::Name;
use crate::db::states::Known;

/// What a first delivery is stored as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Identity {
    pub at: Timestamp,
    pub flags: Flags,
    /// Set if `at` is our receive time: then it takes a name to recognise a second delivery.
    pub name: Option<Name>,
}

/// `None` for a reading that has been stored before.
pub(super) fn identify(sample: &Sample, received: Timestamp, known: &Known, present: &Present) -> Option<Identity> {
    let stamp = stamp(sample.at, received);
    let name = name_to_look_up(sample, stamp.source, known);
    if name.is_some_and(|name| present.names.contains(&name)) {
        return None;
    }
    if let Some(at) = time_to_look_up(sample, received, known)
        && present.readings.contains(&(known.id, at))
    {
        return None;
    }
    Some(match stamp.source {
        StampSource::Device => Identity {
            at: stamp.at,
            flags: late(stamp.at, known),
            name: None,
        },
        StampSource::Received => Identity {
            at: free_time(received, known),
            flags: Flags::RECEIVED,
            name,
        },
        StampSource::Distrusted => Identity {
            at: free_time(received, known),
            flags: Flags::DISTRUSTED,
            name,
        },
    })
}

/// The name under which an earlier delivery may have been stored.
///
/// A device that got its clock in the middle of a boot may send a reading first without and then with a time, so
/// readings of that boot and of those before it are looked up by name even if they have a time.
pub(super) fn name_to_look_up(sample: &Sample, source: StampSource, known: &Known) -> Option<Name> {
    let name = name_of(sample, known)?;
    (source != StampSource::Device || known.state.retimed_boot >= Some(name.boot)).then_some(name)
}

/// The time under which an earlier delivery may have been stored.
///
/// A time older than trusted may have been trusted when the reading came first.
pub(super) fn time_to_look_up(sample: &Sample, received: Timestamp, known: &Known) -> Option<Timestamp> {
    let claimed = sample.at?;
    let may_be_there = claimed <= received || stamp(sample.at, received).source == StampSource::Device;
    (may_be_there && known.state.max_at.is_some_and(|max| claimed <= max)).then_some(claimed)
}

fn name_of(sample: &Sample, known: &Known) -> Option<Name> {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    match (sample.id, sample.at) {
        (Some(id), _) => Some(Name {
            device: known.id,
            boot: number(id.boot),
            seq: number(id.seq),
        }),
        (None, Some(claimed)) => Some(Name {
            device: known.id,
            boot: -1,
            seq: claimed.as_millis(),
        }),
        (None, None) => None,
    }
}

/// Our receive time, moved on to where no reading is yet.
fn free_time(received: Timestamp, known: &Known) -> Timestamp {
    known
        .state
        .max_at
        .map_or(received, |max| received.max(max.plus_millis(1)))
}

fn late(at: Timestamp, known: &Known) -> Flags {
    if known.state.max_at.is_some_and(|max| at < max) {
        Flags::LATE
    } else {
        Flags::NONE
    }
}
