//! What the first sentence of a home says of alerts, and in which unit its reader reads.

use super::pages::{START, minute, page, send};
use crate::harness::smtp::SmtpServer;
use crate::harness::test_app::{Options, TestApp};

#[tokio::test]
async fn the_sentence_for_the_whole_home_speaks_of_an_alert_until_it_is_over() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let rules = format!("/devices/{}/alerts", mina.serial(0));
    send(&browser, &format!("{rules}/presets"), &[("preset", "frost")]).await;
    for t in [6.0, 3.5, 3.4, 3.3, 3.2, 3.1, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0] {
        minute(&app, &mina, t).await;
    }
    let home = page(&browser, "/").await;
    assert!(
        home.contains("온도가 낮아요") && home.contains("status--danger"),
        "frost may wake people: {home}"
    );
    assert!(home.contains("정해 둔 4.0\u{a0}°C보다 낮아요"), "{home}");

    let id = browser.json("/api/v1/alerts").await[0]["id"].to_string();
    send(&browser, &format!("/alerts/{id}/acknowledge"), &[]).await;
    let home = page(&browser, "/").await;
    assert!(
        home.contains("이미 확인했어요") && home.contains("status--look"),
        "{home}"
    );

    minute(&app, &mina, 6.0).await;
    let home = page(&browser, "/").await;
    assert!(home.contains("집은 괜찮아요"), "{home}");
    app.stop().await;
}

#[tokio::test]
async fn whoever_reads_fahrenheit_fills_in_reads_and_is_written_to_in_fahrenheit() {
    let smtp = SmtpServer::start().await;
    let app = TestApp::spawn_with(Options {
        stopped_at: Some(START),
        mail: Some(smtp.config()),
        ..Options::default()
    })
    .await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    send(&browser, "/language", &[("locale", "en"), ("next", "/")]).await;
    send(&browser, "/degrees", &[("degrees", "f"), ("next", "/")]).await;
    let rules = format!("/devices/{}/alerts", mina.serial(0));
    let form = [
        ("kind", "above"),
        ("metric", "t"),
        ("number", "86"),
        ("degrees", "f"),
        ("minutes", "0"),
        ("enabled", "on"),
    ];
    let made = send(&browser, &rules, &form).await;
    assert!(made.contains("When the temperature rises above 86\u{a0}°F"), "{made}");
    let stored = browser.json(&format!("/api/v1/devices/{}/rules", mina.serial(0))).await;
    let limit = stored
        .as_array()
        .unwrap()
        .iter()
        .find_map(|rule| rule["limit"].as_f64())
        .unwrap();
    assert!((limit - 30.0).abs() < 1e-9, "rules are kept in °C: {limit}");

    minute(&app, &mina, 29.0).await;
    minute(&app, &mina, 31.0).await;
    let mail = smtp.wait_for(1).await[0].clone();
    let body = &mail.bodies()[0];
    assert!(
        body.contains("temperature is 87.8 °F, above your limit of 86 °F"),
        "{body}"
    );
    let log = page(&browser, "/alerts").await;
    assert!(log.contains("temperature is 87.8 °F"), "{log}");
    let home = page(&browser, "/").await;
    assert!(home.contains("above your limit of 86.0\u{a0}°F"), "{home}");
    app.stop().await;
}
