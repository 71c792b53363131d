//! `…/history`: days, slots and single readings, as JSON and as CSV.

use domain::time::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::browser::Browser;
use crate::harness::test_app::{Resident, TestApp};

/// 2026-11-20 17:00 in Seoul.
const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);
const HOUR_MS: i64 = 3_600_000;

/// Two readings of yesterday 23:00 and three of today 16:00.
async fn with_readings() -> (TestApp, Resident, Browser) {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let (eleven, four) = (START.as_millis() - 18 * HOUR_MS, START.as_millis() - HOUR_MS);
    let readings = json!([
        {"at": eleven, "t": 18.0, "h": 40.0},
        {"at": eleven + 60_000, "t": 18.5},
        {"at": four, "t": 20.0, "h": 50.0},
        {"at": four + 60_000, "t": 22.0, "h": 52.0},
        {"at": four + 600_000, "t": 24.0, "h": 54.0},
    ]);
    app.publish(&mina.devices[0], readings).await;
    let browser = app.signed_in(&mina).await;
    (app, mina, browser)
}

fn path(resident: &Resident, query: &str) -> String {
    format!("/api/v1/devices/{}/history?{query}", resident.serial(0))
}

fn band(avg: f64, min: f64, max: f64) -> Value {
    json!({"avg": avg, "min": min, "max": max})
}

#[tokio::test]
async fn two_hour_slots_start_on_the_even_hours_of_the_devices_day() {
    let (_app, mina, browser) = with_readings().await;
    let history = browser
        .json(&path(&mina, "from=2026-11-19&to=2026-11-20&step=2h"))
        .await;
    let expected = json!({"points": [
        {"start": "2026-11-19T22:00:00+09:00", "n": 2, "coverage": 240.0 / 7_200.0,
         "t": band((18.0 * 60.0 + 18.5 * 180.0) / 240.0, 18.0, 18.5), "h": band(40.0, 40.0, 40.0)},
        {"start": "2026-11-20T16:00:00+09:00", "n": 3, "coverage": 420.0 / 7_200.0,
         "t": band(9_480.0 / 420.0, 20.0, 24.0), "h": band(22_080.0 / 420.0, 50.0, 54.0)},
    ]});
    assert_eq!(history, expected);
}

#[tokio::test]
async fn days_add_up_their_slots_and_days_without_readings_are_left_out() {
    let (_app, mina, browser) = with_readings().await;
    let history = browser
        .json(&path(&mina, "from=2026-01-01&to=2026-12-31&step=day"))
        .await;
    let points = history["points"].as_array().unwrap();
    let starts: Vec<_> = points.iter().map(|point| point["start"].as_str().unwrap()).collect();
    assert_eq!(starts, ["2026-11-19T00:00:00+09:00", "2026-11-20T00:00:00+09:00"]);
    assert_eq!(points[1]["coverage"], json!(420.0 / 86_400.0));
    assert_eq!(
        browser.json(&path(&mina, "")).await,
        history,
        "and that is what comes without asking"
    );
    let today = browser.json(&path(&mina, "from=2026-11-20&to=2026-11-20")).await;
    assert_eq!(today["points"].as_array().unwrap().len(), 1, "both dates are included");
}

#[tokio::test]
async fn raw_readings_come_one_by_one_with_milliseconds() {
    let (_app, mina, browser) = with_readings().await;
    let history = browser
        .json(&path(&mina, "from=2026-11-19&to=2026-11-19&step=raw"))
        .await;
    let expected = json!({"points": [
        {"start": "2026-11-19T23:00:00.000+09:00", "n": 1, "coverage": 1.0, "t": band(18.0, 18.0, 18.0), "h": band(40.0, 40.0, 40.0)},
        {"start": "2026-11-19T23:01:00.000+09:00", "n": 1, "coverage": 1.0, "t": band(18.5, 18.5, 18.5), "h": null},
    ]});
    assert_eq!(history, expected);
}

#[tokio::test]
async fn csv_has_one_line_per_point_and_empty_cells_for_what_is_absent() {
    let (_app, mina, browser) = with_readings().await;
    let request = browser.request(Method::GET, &path(&mina, "from=2026-11-19&to=2026-11-19&step=raw"));

    let answer = request.header("accept", "text/csv").send().await.unwrap();

    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(answer.headers()["vary"], "accept");
    let name = format!("attachment; filename=\"{}_2026-11-19_2026-11-19.csv\"", mina.serial(0));
    assert_eq!(answer.headers()["content-disposition"], name.as_str());
    let expected = "start,n,coverage,t_avg,t_min,t_max,h_avg,h_min,h_max\r\n\
                    2026-11-19T23:00:00.000+09:00,1,1,18,18,18,40,40,40\r\n\
                    2026-11-19T23:01:00.000+09:00,1,1,18.5,18.5,18.5,,,\r\n";
    assert_eq!(answer.text().await.unwrap(), expected);
}

#[tokio::test]
async fn a_link_asks_for_csv_in_its_address() {
    let (_app, mina, browser) = with_readings().await;
    for (query, kind) in [
        ("format=csv", "text/csv; charset=utf-8"),
        ("format=json", "application/json"),
    ] {
        let answer = browser.get(&path(&mina, query)).await;
        assert_eq!(answer.headers()["content-type"], kind);
    }
    let request = browser.request(Method::GET, &path(&mina, "format=json"));
    let answer = request.header("accept", "text/csv").send().await.unwrap();
    assert_eq!(
        answer.headers()["content-type"],
        "application/json",
        "what the address says comes first"
    );
}

#[tokio::test]
async fn a_wrong_parameter_is_a_problem_that_names_it() {
    let (_app, mina, browser) = with_readings().await;
    let wrong = [
        ("from=yesterday", "from"),
        ("from=2026-02-30", "from"),
        ("to=2026-11-20T00:00", "to"),
        ("from=2026-11-20&to=2026-11-19", "from"),
        ("step=hour", "step"),
        ("format=xml", "format"),
        ("header=fr", "header"),
    ];
    for (query, field) in wrong {
        let answer = browser.get(&path(&mina, query)).await;
        assert_eq!(answer.status(), 400, "{query}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(
            (&problem["field"], &problem["status"]),
            (&json!(field), &json!(400)),
            "{query}"
        );
        assert!(!problem["detail"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn all_of_time_may_be_asked_for_at_any_step() {
    let (_app, mina, browser) = with_readings().await;
    for (step, points) in [("day", 2), ("2h", 2), ("raw", 5)] {
        let query = format!("from=0001-01-01&to=9999-12-31&step={step}");
        let history = browser.json(&path(&mina, &query)).await;
        assert_eq!(history["points"].as_array().unwrap().len(), points, "{step}");
    }
    let nothing = browser.json(&path(&mina, "from=1999-01-01&to=1999-12-31")).await;
    assert_eq!(nothing, json!({"points": []}));
}

#[tokio::test]
async fn a_file_for_people_has_a_header_in_their_language_and_is_known_as_utf_8() {
    let (_app, mina, browser) = with_readings().await;
    let answer = browser.get(&path(&mina, "format=csv&header=ko")).await;
    let bytes = answer.bytes().await.unwrap();
    let text = std::str::from_utf8(&bytes).unwrap();
    assert!(
        text.starts_with("\u{feff}시작,횟수,기록된 비율,평균 온도(°C),"),
        "{text}"
    );
    assert_eq!(text.matches("\r\n").count(), 3);
    assert_eq!(text.matches('\n').count(), 3, "every line ends as RFC 4180 says");
}

#[tokio::test]
async fn no_cell_of_a_file_can_be_a_formula() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let payload = json!([{"at": START.as_millis() - HOUR_MS, "t": -12.5, "h": 40.0}]);
    app.publish(&mina.devices[0], payload).await;
    sqlx::query("UPDATE devices SET name = '=HYPERLINK(\"http://evil.example\")'")
        .execute(app.db.pool())
        .await
        .unwrap();
    let browser = app.signed_in(&mina).await;
    for step in ["day", "2h", "raw"] {
        let text = browser
            .get(&path(&mina, &format!("format=csv&step={step}")))
            .await
            .text()
            .await
            .unwrap();
        let mut cells = text.lines().skip(1).flat_map(|line| line.split(','));
        assert!(text.contains("-12.5"), "{text}");
        let is_plain = |cell: &str| cell.is_empty() || cell.parse::<f64>().is_ok() || cell.starts_with("2026-");
        assert!(cells.all(is_plain), "{text}");
    }
}
