//! The options of the interactive charts, built where nobody has to download the builder.
//!
//! Colours are written as the names of style tokens, `@calm`; the browser puts in the values of the theme in
//! force before it hands the option to the chart library. No functions in it: they would need `eval`.

mod banded;
mod compared;
mod course;

use charming::Chart;
use charming::component::{Axis, Grid};
use charming::datatype::CompositeValue;
use charming::element::{
    AxisLabel, AxisLine, AxisPointer, AxisPointerType, AxisTick, AxisType, Color, LineStyle, SplitLine, Tooltip,
    Trigger,
};
use charming::series::Line;
use serde_json::{Value, json};

pub use banded::banded;
pub use compared::{LINES, compared};
pub use course::course;

use crate::words::history::Telling;

/// A chart without series, with a category axis of these names.
fn over_names(telling: Telling, names: Vec<String>) -> Chart {
    let axis = axis()
        .type_(AxisType::Category)
        .boundary_gap(names.len() == 1)
        .axis_label(label().formatter("{value}"))
        .data(names);
    ground(telling).x_axis(axis)
}

fn ground(telling: Telling) -> Chart {
    Chart::new()
        .animation(false)
        .grid(Grid::new().left(4).right(28).top(12).bottom(4).contain_label(true))
        .y_axis(value_axis(telling))
}

fn tooltip(text: &str) -> Tooltip {
    Tooltip::new()
        .trigger(Trigger::Axis)
        .formatter(text)
        .padding(12)
        .background_color(token("surface"))
        .border_color(token("line"))
        .border_width(1)
        .axis_pointer(
            AxisPointer::new()
                .type_(AxisPointerType::Line)
                .line_style(LineStyle::new().color(token("ink-3")).width(1)),
        )
}

fn axis() -> Axis {
    Axis::new()
        .axis_tick(AxisTick::new().show(false))
        .axis_line(AxisLine::new().show(false))
}

fn value_axis(telling: Telling) -> Axis {
    let unit = format!("{{value}}{}", telling.metric.mark());
    Axis::new()
        .type_(AxisType::Value)
        .scale(true)
        .split_number(4)
        .axis_label(label().formatter(unit.as_str()))
        .split_line(SplitLine::new().line_style(LineStyle::new().color(token("line")).width(1)))
}

fn label() -> AxisLabel {
    AxisLabel::new().color(token("ink-2")).font_size(13)
}

/// A line that breaks where nothing was measured.
fn drawn_line(name: &str, colour: &str) -> Line {
    Line::new()
        .name(name)
        .item_style(charming::element::ItemStyle::new().color(token(colour)))
        .line_style(LineStyle::new().color(token(colour)).width(2.5))
}

/// A series that only carries its values: for the stack below the band, and for the tooltip.
fn hidden_line(name: &str) -> Line {
    Line::new()
        .name(name)
        .show_symbol(false)
        .silent(true)
        .line_style(LineStyle::new().opacity(0))
}

fn token(name: &str) -> Color {
    Color::from(format!("@{name}").as_str())
}

/// A value as it is shown; ECharts writes a missing one as "-" and breaks the line there.
fn tenth(value: Option<f64>) -> CompositeValue {
    CompositeValue::from(value.map(rounded))
}

fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Adds what the builder does not know of.
fn complete(chart: &Chart) -> Value {
    let mut option = serde_json::to_value(chart).expect("a chart without functions is JSON");
    // SVG text instead of an HTML box: no inline styles, no markup.
    option["tooltip"]["renderMode"] = json!("richText");
    option["tooltip"]["confine"] = json!(true);
    option["tooltip"]["textStyle"] = json!({ "color": "@ink", "fontSize": 14, "lineHeight": 20 });
    option["textStyle"] = json!({ "fontFamily": "@font" });
    option["xAxis"]["axisLabel"]["hideOverlap"] = json!(true);
    // The first label stands under its point, not under the lowest value.
    option["xAxis"]["axisLabel"]["alignMinLabel"] = json!("left");
    option["xAxis"]["axisLabel"]["margin"] = json!(14);
    // Two fingers, or the wheel with a key: one finger reads values, and the wheel alone scrolls the page.
    option["dataZoom"] = json!([{
        "type": "inside", "filterMode": "none", "minSpan": 5,
        "zoomOnMouseWheel": "ctrl", "moveOnMouseMove": "shift", "moveOnMouseWheel": false,
        "preventDefaultMouseMove": false,
    }]);
    // A home without rooms is a chart without series.
    for series in option["series"].as_array_mut().into_iter().flatten() {
        if series["silent"] != json!(true) {
            dot_lone_values(series);
        }
        if series["stack"].is_string() {
            // The default stacks only values of the same sign: a band from −3 to 5 would fall apart.
            series["stackStrategy"] = json!("all");
        }
    }
    option
}

/// Upright lines where alerts fired, as places on the axis.
fn mark_alerts(option: &mut Value, places: Vec<Value>) {
    let last = option["series"].as_array_mut().and_then(|series| series.last_mut());
    let Some(series) = last.filter(|_| !places.is_empty()) else {
        return;
    };
    let lines: Vec<_> = places.into_iter().map(|place| json!({ "xAxis": place })).collect();
    series["markLine"] = json!({
        "symbol": "none", "silent": true, "animation": false, "label": { "show": false },
        "lineStyle": { "color": "@danger", "width": 1.5, "type": "dashed" }, "data": lines,
    });
}

/// Between two gaps there is no line to draw: a lone value would be invisible without a dot.
fn dot_lone_values(series: &mut Value) {
    series["symbol"] = json!("none");
    series["showAllSymbol"] = json!(true);
    // A series that is filled later has none yet.
    let Some(values) = series["data"].as_array_mut() else {
        return;
    };
    let measured: Vec<bool> = values.iter().map(is_measured).collect();
    let there = |place: Option<usize>| place.and_then(|place| measured.get(place)).is_some_and(|there| *there);
    for (place, value) in values.iter_mut().enumerate() {
        let alone = !there(place.checked_sub(1)) && !there(Some(place + 1));
        if !alone || !is_measured(value) {
            continue;
        }
        match value {
            Value::Object(item) => {
                item.insert("symbol".to_owned(), json!("circle"));
                item.insert("symbolSize".to_owned(), json!(6));
            }
            number => *number = json!({ "value": number.take(), "symbol": "circle", "symbolSize": 6 }),
        }
    }
}

/// A number, or a point whose second coordinate is one.
fn is_measured(value: &Value) -> bool {
    value.is_number() || value["value"][1].is_number()
}
