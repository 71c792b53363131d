//! What must be looked up before a batch can be decided.

use domain::reading::stamp;
use domain::time::Timestamp;

use super::identity::{name_to_look_up, time_to_look_up};
use crate::db::DeviceId;
use crate::db::retimed::Name;
use crate::ingest::devices::Devices;
use crate::ingest::message::{Body, Message};

/// Keys of rows that may exist.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Questions {
    pub readings: Vec<(DeviceId, Timestamp)>,
    pub names: Vec<Name>,
}

/// Everything in a batch that may have been delivered before.
pub(in crate::ingest) fn questions(batch: &[Message], devices: &Devices) -> Questions {
    let mut questions = Questions::default();
    for message in batch {
        let (Body::Telemetry { items, .. }, Some(known)) = (&message.body, devices.get(message.serial)) else {
            continue;
        };
        for sample in items.iter().flatten() {
            let source = stamp(sample.at, message.received).source;
            questions.names.extend(name_to_look_up(sample, source, known));
            let at = time_to_look_up(sample, message.received, known);
            questions.readings.extend(at.map(|at| (known.id, at)));
        }
    }
    questions
}
