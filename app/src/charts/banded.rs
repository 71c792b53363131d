//! Averages with their band from low to high: days side by side, or the twelfths of one day.

use charming::element::AreaStyle;
use serde_json::Value;

use super::{complete, drawn_line, hidden_line, mark_alerts, over_names, tenth, token, tooltip};
use crate::api::rooms::Band;
use crate::i18n::td_string;
use crate::words::history::Telling;

/// One band per name; what was not measured is a gap in all of them. `marks` are the places where alerts fired.
pub fn banded(telling: Telling, names: Vec<String>, bands: &[Option<Band>], marks: &[usize]) -> Value {
    let shown = |band: &Option<Band>| band.map(|band| telling.metric.shown_band(telling.degrees, band));
    let bands: Vec<Option<Band>> = bands.iter().map(shown).collect();
    let values = |of: fn(Band) -> f64| bands.iter().map(|band| tenth(band.map(of))).collect::<Vec<_>>();
    let chart = over_names(telling, names)
        .tooltip(tooltip(&words(telling)))
        .series(hidden_line("low").stack("band").data(values(|band| band.min)))
        .series(
            hidden_line("band")
                .stack("band")
                .area_style(AreaStyle::new().color(token("calm-soft")).opacity(1))
                .data(values(|band| band.max - band.min)),
        )
        .series(hidden_line("high").data(values(|band| band.max)))
        .series(drawn_line("average", "calm").data(values(|band| band.avg)));
    let mut option = complete(&chart);
    mark_alerts(&mut option, marks.iter().map(|place| Value::from(*place)).collect());
    option
}

fn words(telling: Telling) -> String {
    let (locale, unit) = (telling.locale, telling.metric.mark());
    let [average, low, high] = [
        td_string!(locale, card.average),
        td_string!(locale, card.low),
        td_string!(locale, card.high),
    ];
    // Series in their order: low, band, high, average.
    format!("{{b0}}\n{average} {{c3}}{unit}\n{low} {{c0}}{unit}  {high} {{c2}}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;
    use crate::words::degrees::Degrees;
    use crate::words::metric::Metric;
    use serde_json::json;

    const KO: Telling = Telling {
        locale: Locale::ko,
        degrees: Degrees::Celsius,
        metric: Metric::Temperature,
    };

    fn option() -> Value {
        let band = Band {
            avg: 1.04,
            min: -3.0,
            max: 5.0,
        };
        banded(
            KO,
            vec!["11월 18일".to_owned(), "11월 19일".to_owned()],
            &[Some(band), None],
            &[1],
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
        let names = vec![String::new(); 4];
        let option = banded(KO, names, &[band, band, None, band], &[]);
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

    #[test]
    fn an_alert_is_an_upright_line_on_its_day() {
        let mark = &option()["series"][3]["markLine"];
        assert_eq!(mark["data"], json!([{ "xAxis": 1 }]));
        assert_eq!(mark["lineStyle"]["color"], "@danger");
    }

    #[test]
    fn a_chart_in_fahrenheit_keeps_the_width_of_its_band() {
        let fahrenheit = Telling {
            degrees: Degrees::Fahrenheit,
            ..KO
        };
        let band = Band {
            avg: 20.0,
            min: 10.0,
            max: 30.0,
        };
        let option = banded(fahrenheit, vec![String::new()], &[Some(band)], &[]);
        assert_eq!(option["series"][0]["data"], json!([50.0]));
        assert_eq!(option["series"][1]["data"], json!([36.0]));
    }
}
