//! Daily averages of several rooms.

use serde_json::Value;

use super::{complete, drawn_line, over_names, tenth, tooltip};
use crate::api::history::ComparedRoom;
use crate::words::history::Telling;
use crate::words::moment;

/// The tokens of the lines, in their order; more rooms begin anew, dashed.
pub const LINES: [&str; 6] = ["line-1", "line-2", "line-3", "line-4", "line-5", "line-6"];

/// A line per room.
pub fn compared(telling: Telling, rooms: &[ComparedRoom]) -> Value {
    let days = rooms.first().map(|room| room.days.as_slice()).unwrap_or_default();
    let names = days.iter().map(|day| moment::date(telling.locale, &day.day)).collect();
    let mut chart = over_names(telling, names).tooltip(tooltip(&words(telling, rooms.len())));
    for (room, colour) in rooms.iter().zip(LINES.iter().cycle()) {
        let value =
            |band: Option<crate::api::rooms::Band>| band.map(|band| telling.metric.shown(telling.degrees, band.avg));
        let values = room
            .days
            .iter()
            .map(|day| tenth(value(telling.metric.of(day.t, day.h))));
        chart = chart.series(drawn_line(&room.room.name, colour).data(values.collect::<Vec<_>>()));
    }
    let mut option = complete(&chart);
    for place in LINES.len()..rooms.len() {
        option["series"][place]["lineStyle"]["type"] = Value::from("dashed");
    }
    option
}

/// "11월 18일", then a line per room.
fn words(telling: Telling, rooms: usize) -> String {
    let unit = telling.metric.mark();
    let line = |place: usize| format!("\n{{a{place}}}  {{c{place}}}{unit}");
    format!("{{b0}}{}", (0..rooms).map(line).collect::<String>())
}
