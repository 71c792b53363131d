//! The last 24 hours, to which the browser adds what comes in.
//!
//! Times are what the device's wall clock shows, written as if it were UTC: the chart then says the hours of the room,
//! wherever it is looked at.

use charming::element::AxisType;
use serde_json::{Value, json};

use super::{axis, complete, dot_lone_values, drawn_line, ground, label, mark_alerts, rounded, tooltip};
use crate::api::history::{CoursePoint, CourseView};
use crate::context::CourseItem;
use crate::words::history::Telling;

/// A line over time.
pub fn course(telling: Telling, view: &CourseView) -> Value {
    let x_axis = axis().type_(AxisType::Time).axis_label(label().formatter("{HH}:{mm}"));
    let chart = ground(telling)
        .x_axis(x_axis)
        // Each point carries its own words.
        .tooltip(tooltip("{b0}"))
        .series(drawn_line("course", "calm").data(Vec::<f64>::new()));
    let mut option = complete(&chart);
    option["series"][0]["data"] = json!(items(telling, view));
    dot_lone_values(&mut option["series"][0]);
    let fired = view.alerts.iter().map(|at| json!(at + view.offset_ms));
    mark_alerts(&mut option, fired.collect());
    option["useUTC"] = json!(true);
    option["xAxis"]["min"] = json!(view.from + view.offset_ms);
    option["xAxis"]["max"] = json!(view.to + view.offset_ms);
    option["xAxis"]["splitLine"] = json!({ "show": false });
    option
}

/// The points, with a break wherever nothing was measured for too long.
fn items(telling: Telling, view: &CourseView) -> Vec<Value> {
    let measured = view
        .points
        .iter()
        .filter_map(|point| Some((point, telling.metric.mean(point.means)?)));
    let mut items = Vec::new();
    let mut before: Option<&CoursePoint> = None;
    for (point, value) in measured {
        if let Some(before) = before.filter(|before| point.at - before.at > view.gap_ms) {
            items.push(json!({ "value": [before.at + view.offset_ms + 1, null] }));
        }
        let shown = rounded(telling.metric.shown(telling.degrees, value));
        let item = CourseItem::new(point.at + view.offset_ms, shown, telling.metric.mark());
        items.push(json!({ "name": item.name, "value": [item.at, item.value] }));
        before = Some(point);
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::history::Means;
    use crate::i18n::Locale;
    use crate::words::degrees::Degrees;
    use crate::words::metric::Metric;

    #[test]
    fn a_silence_breaks_the_line_and_hours_are_those_of_the_room() {
        let telling = Telling {
            locale: Locale::ko,
            degrees: Degrees::Celsius,
            metric: Metric::Temperature,
        };
        // 2026-11-20T15:24:05+09:00.
        let now = 1_795_155_845_000;
        let point = |minutes: i64, t| CoursePoint {
            at: now - minutes * 60_000,
            means: Means { t: Some(t), h: None },
        };
        let view = CourseView {
            points: vec![point(60, 20.04), point(10, 21.0), point(5, 21.5)],
            gap_ms: 13 * 60_000,
            from: now - 86_400_000,
            to: now,
            offset_ms: 9 * 3_600_000,
            alerts: vec![now - 60_000],
        };
        let option = course(telling, &view);
        let data = option["series"][0]["data"].as_array().unwrap();
        assert_eq!(data.len(), 4, "{data:?}");
        assert_eq!(data[0]["name"], "14:24  20.0°");
        assert_eq!(data[0]["symbol"], "circle", "it stands alone");
        assert!(data[1]["value"][1].is_null());
        assert!(data[3].get("symbol").is_none());
        assert_eq!(option["xAxis"]["max"], json!(view.to + view.offset_ms));
        assert_eq!(option["useUTC"], json!(true));
        let alert = &option["series"][0]["markLine"]["data"][0]["xAxis"];
        assert_eq!(*alert, json!(now - 60_000 + view.offset_ms));
    }
}
