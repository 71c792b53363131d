//! Any stretch of days in pieces that are read one after another: a year of readings never lies in memory at once, and
//! whoever reads slowly holds no connection of the store.

use futures_util::{Stream, stream};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Point, Step, history};
use crate::db::Db;
use crate::db::devices::Device;
use crate::db::slots::find_first_day;
use crate::db::states::find_state;
use crate::error::Result;

/// Days that are read at once: some hundred rows, or a day of readings.
const fn days_at_once(step: Step) -> i64 {
    match step {
        Step::Day => 366,
        Step::TwoHours => 31,
        Step::Raw => 1,
    }
}

/// What [`history`] answers, cut into pieces.
///
/// # Errors
/// If the store does not answer; later, in place of a piece.
pub async fn pieces(
    db: &Db,
    device: Device,
    from: Date,
    to: Date,
    step: Step,
) -> Result<impl Stream<Item = Result<Vec<Point>>> + Send + use<>> {
    // Ten thousand years before the first reading need not be asked for day by day.
    let span = measured_days(db, &device).await?;
    let start = span.map(|(first, last)| (first.max(from), last.min(to)));
    let db = db.clone();
    Ok(stream::try_unfold(start, move |rest| {
        let (db, device) = (db.clone(), device.clone());
        async move {
            let Some((from, to)) = rest.filter(|(from, to)| from <= to) else {
                return Ok(None);
            };
            let end = from.saturating_add((days_at_once(step) - 1).days()).min(to);
            let points = history(&db, &device, from, end, step).await?;
            let next = end.tomorrow().ok().map(|next| (next, to));
            Ok(Some((points, next)))
        }
    }))
}

/// The first and the last local date on which anything was measured.
async fn measured_days(db: &Db, device: &Device) -> Result<Option<(Date, Date)>> {
    // The state first: a slot that ends in between is then seen twice, and not missed.
    let open = find_state(db, device.id)
        .await?
        .and_then(|state| state.open)
        .map(|open| open.day);
    let first = find_first_day(db, device.id).await?.or(open);
    // After a move to another time zone the last day may be an earlier one than the one before it.
    Ok(first.zip(open).map(|(first, last)| {
        (
            first.min(last).yesterday().unwrap_or(first),
            last.tomorrow().unwrap_or(last),
        )
    }))
}
