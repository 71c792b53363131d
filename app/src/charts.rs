//! The options of the interactive charts, built where nobody has to download the builder.
//!
//! Colours are written as the names of style tokens, `@calm`; the browser puts in the values of the theme in
//! force before it hands the option to the chart library. No functions in it: they would need `eval`.

use charming::Chart;
use charming::component::{Axis, Grid};
use charming::datatype::CompositeValue;
use charming::element::{
    AreaStyle, AxisLabel, AxisLine, AxisPointer, AxisPointerType, AxisTick, AxisType, Color, LineStyle, SplitLine,
    Tooltip, Trigger,
};
use charming::series::Line;
use serde_json::{Value, json};

use crate::api::rooms::{Band, DayPoint};
use crate::i18n::{Locale, td_string};
use crate::words::metric::Metric;
use crate::words::moment;

/// Daily averages with their band from low to high; a day without readings is a gap in both.
pub fn daily(locale: Locale, days: &[DayPoint], metric: Metric) -> Value {
    let bands: Vec<Option<Band>> = days.iter().map(|day| metric.of(day.t, day.h)).collect();
    let values = |of: fn(Band) -> f64| bands.iter().map(|band| tenth(band.map(of))).collect::<Vec<_>>();
    let chart = Chart::new()
        .animation(false)
        .grid(Grid::new().left(4).right(28).top(12).bottom(4).contain_label(true))
        .tooltip(tooltip(locale, metric))
        .x_axis(day_axis(
            days.iter().map(|day| moment::date(locale, &day.day)).collect(),
        ))
        .y_axis(value_axis(metric))
        .series(hidden_line("low").stack("band").data(values(|band| band.min)))
        .series(
            hidden_line("band")
                .stack("band")
                .area_style(AreaStyle::new().color(token("calm-soft")).opacity(1))
                .data(values(|band| band.max - band.min)),
        )
        .series(hidden_line("high").data(values(|band| band.max)))
        .series(
            Line::new()
                .name("average")
                .item_style(charming::element::ItemStyle::new().color(token("calm")))
                .line_style(LineStyle::new().color(token("calm")).width(2.5))
                .data(values(|band| band.avg)),
        );
    complete(&chart)
}

fn tooltip(locale: Locale, metric: Metric) -> Tooltip {
    let unit = match metric {
        Metric::Temperature => "°",
        Metric::Humidity => "%",
    };
    let [average, low, high] = [
        td_string!(locale, card.average),
        td_string!(locale, card.low),
        td_string!(locale, card.high),
    ];
    // Series in their order: low, band, high, average.
    let text = format!("{{b0}}\n{average} {{c3}}{unit}\n{low} {{c0}}{unit}  {high} {{c2}}{unit}");
    Tooltip::new()
        .trigger(Trigger::Axis)
        .formatter(text.as_str())
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

fn day_axis(names: Vec<String>) -> Axis {
    Axis::new()
        .type_(AxisType::Category)
        .boundary_gap(names.len() == 1)
        .axis_tick(AxisTick::new().show(false))
        .axis_line(AxisLine::new().show(false))
        .axis_label(label().formatter("{value}"))
        .data(names)
}

fn value_axis(metric: Metric) -> Axis {
    let unit = match metric {
        Metric::Temperature => "{value}°",
        Metric::Humidity => "{value}%",
    };
    Axis::new()
        .type_(AxisType::Value)
        .scale(true)
        .split_number(4)
        .axis_label(label().formatter(unit))
        .split_line(SplitLine::new().line_style(LineStyle::new().color(token("line")).width(1)))
}

fn label() -> AxisLabel {
    AxisLabel::new().color(token("ink-2")).font_size(13)
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
    CompositeValue::from(value.map(|value| (value * 10.0).round() / 10.0))
}

/// Adds what the builder does not know of.
fn complete(chart: &Chart) -> Value {
    let mut option = serde_json::to_value(chart).expect("a chart without functions is JSON");
    // SVG text instead of an HTML box: no inline styles, no markup.
    option["tooltip"]["renderMode"] = json!("richText");
    option["tooltip"]["textStyle"] = json!({ "color": "@ink", "fontSize": 14, "lineHeight": 20 });
    option["textStyle"] = json!({ "fontFamily": "@font" });
    option["xAxis"]["axisLabel"]["hideOverlap"] = json!(true);
    // The first day stands under its point, not under the lowest value.
    option["xAxis"]["axisLabel"]["alignMinLabel"] = json!("left");
    option["xAxis"]["axisLabel"]["margin"] = json!(14);
    for series in option["series"].as_array_mut().expect("a chart has series") {
        if series["name"] == "average" {
            dot_lone_values(series);
        }
        if series["stack"].is_string() {
            // The default stacks only values of the same sign: a band from −3 to 5 would fall apart.
            series["stackStrategy"] = json!("all");
        }
    }
    option
}

/// Between two gaps there is no line to draw: a lone day would be invisible without a dot.
fn dot_lone_values(series: &mut Value) {
    series["symbol"] = json!("none");
    series["showAllSymbol"] = json!(true);
    let values = series["data"].as_array_mut().expect("a series has data");
    let measured: Vec<bool> = values.iter().map(Value::is_number).collect();
    let there = |place: Option<usize>| place.and_then(|place| measured.get(place)).is_some_and(|there| *there);
    for (place, value) in values.iter_mut().enumerate() {
        let alone = !there(place.checked_sub(1)) && !there(Some(place + 1));
        if value.is_number() && alone {
            *value = json!({ "value": value.take(), "symbol": "circle", "symbolSize": 6 });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: &str, band: Option<Band>) -> DayPoint {
        DayPoint {
            day: day.into(),
            start: 0,
            coverage: 1.0,
            n: 1,
            t: band,
            h: None,
        }
    }

    fn option() -> Value {
        let band = Band {
            avg: 1.04,
            min: -3.0,
            max: 5.0,
        };
        daily(
            Locale::ko,
            &[day("2026-11-18", Some(band)), day("2026-11-19", None)],
            Metric::Temperature,
        )
    }

    #[test]
    fn a_day_without_readings_is_a_gap_in_every_series() {
        let option = option();
        let data: Vec<_> = option["series"]
            .as_array()
            .unwrap()
            .iter()
            .map(|series| &series["data"])
            .collect();
        assert_eq!(data[0], &json!([-3.0, null]));
        assert_eq!(data[1], &json!([8.0, null]));
        assert_eq!(data[2], &json!([5.0, null]));
        assert_eq!(data[3][0]["value"], 1.0);
        assert_eq!(data[3][1], Value::Null);
    }

    #[test]
    fn a_day_between_gaps_is_a_dot_and_days_side_by_side_are_a_line() {
        let band = Some(Band {
            avg: 20.0,
            min: 19.0,
            max: 21.0,
        });
        let days = [band, band, None, band].map(|band| day("2026-11-18", band));
        let option = daily(Locale::ko, &days, Metric::Temperature);
        let average = &option["series"][3];
        assert_eq!(average["symbol"], "none");
        let lone = json!({ "value": 20.0, "symbol": "circle", "symbolSize": 6 });
        assert_eq!(average["data"], json!([20.0, 20.0, null, lone]));
    }

    #[test]
    fn the_band_holds_together_across_zero() {
        let option = option();
        assert_eq!(option["series"][0]["stackStrategy"], "all");
        assert_eq!(option["series"][1]["stackStrategy"], "all");
        assert!(option["series"][3].get("stackStrategy").is_none());
    }

    #[test]
    fn the_option_is_pure_data_in_the_page_s_language() {
        let option = option();
        let text = option.to_string();
        assert!(!text.contains("function") && !text.contains("#*#*"), "{text}");
        assert_eq!(option["xAxis"]["data"], json!(["11월 18일", "11월 19일"]));
        assert!(option["tooltip"]["formatter"].as_str().unwrap().contains("평균 {c3}°"));
    }
}
