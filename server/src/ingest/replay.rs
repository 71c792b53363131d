//! Stores a recording as if every reading had been received when it was measured: same gate, same roll-up, same tables.
//! Nobody is told: it is the past.

use domain::reading::Measured;
use domain::serial::Serial;
use domain::time::Timestamp;
use domain::wire::telemetry::{Body as Reading, Sample};
use tokio::sync::oneshot;

use super::commit::commit;
use super::devices::Devices;
use super::message::{Body, Message};
use crate::db::Db;
use crate::error::Result;

/// Readings per message: with one every few minutes, far less than the week for which a time is trusted.
const ITEMS: usize = 200;
/// Messages per transaction.
const MESSAGES: usize = 20;

/// Stores a device's recording, oldest first, and returns how many readings were new.
pub async fn replay(db: &Db, serial: Serial, recording: &[(Timestamp, Measured)]) -> Result<u64> {
    let mut connection = db.acquire_writer().await?;
    let mut devices = Devices::default();
    let mut stored = 0;
    for part in recording.chunks(ITEMS * MESSAGES) {
        let batch: Vec<_> = part.chunks(ITEMS).map(|items| message(serial, items)).collect();
        stored += commit(db, &mut connection, &mut devices, &batch, None)
            .await?
            .tally
            .stored;
    }
    Ok(stored)
}

fn message(serial: Serial, readings: &[(Timestamp, Measured)]) -> Message {
    let sample = |&(at, measured): &(Timestamp, Measured)| {
        Ok(Sample {
            id: None,
            at: Some(at),
            body: Reading::Measured(measured),
            light: None,
            rssi: None,
            bat: None,
        })
    };
    let received = readings.last().map(|(at, _)| *at).unwrap_or_default();
    let body = Body::Telemetry {
        items: readings.iter().map(sample).collect(),
        excerpt: None,
    };
    Message {
        serial,
        received,
        body,
        reply: oneshot::channel().0,
        room: None,
    }
}
