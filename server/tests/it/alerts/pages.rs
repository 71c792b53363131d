//! The way of a person: turn a worry on, be told, say that one knows, read what happened. No script anywhere.

use std::time::Duration;

use domain::time::Timestamp;
use serde_json::{Value, json};

use crate::harness::browser::Browser;
use crate::harness::smtp::{Manner, SmtpServer, Taken};
use crate::harness::test_app::{Options, Resident, TestApp};

pub(super) const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);

pub(super) async fn page(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// Posts a form and reads the page it leads to.
pub(super) async fn send(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.post_form(path, fields).await;
    assert_eq!(answer.status(), 303, "{path}");
    let to = answer.headers()["location"].to_str().unwrap().to_owned();
    page(browser, &to).await
}

pub(super) async fn minute(app: &TestApp, mina: &Resident, t: f64) {
    app.advance(Duration::from_mins(1));
    let reading = json!({"at": app.now().as_millis(), "t": t, "h": 50.0});
    app.publish(&mina.devices[0], reading).await;
}

/// Where the button of a mail leads.
fn link_in(mail: &Taken) -> String {
    let text = mail.bodies()[0].clone();
    let link = text.split("http://localhost").nth(1).expect("the mail holds a link");
    link.split_whitespace().next().unwrap_or_default().to_owned()
}

/// The rule about silence.
async fn silence(browser: &Browser, api: &str) -> Value {
    let rules = browser.json(api).await;
    let mut rules = rules.as_array().unwrap().iter();
    rules.find(|rule| rule["kind"] == "offline").cloned().unwrap()
}

#[tokio::test]
async fn a_worry_is_turned_on_told_acknowledged_and_in_the_log() {
    let smtp = SmtpServer::start().await;
    let app = TestApp::spawn_with(Options {
        stopped_at: Some(START),
        mail: Some(smtp.config()),
        ..Options::default()
    })
    .await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let rules = format!("/devices/{}/alerts", mina.serial(0));
    minute(&app, &mina, 23.1).await;
    assert!(page(&browser, &rules).await.contains("아직 없어요."));

    let on = send(&browser, &format!("{rules}/presets"), &[("preset", "fire")]).await;
    assert!(
        on.contains("켰어요. 이제 살펴볼게요.") && on.contains("온도가 10분 안에 5\u{a0}°C 넘게 변하면"),
        "{on}"
    );

    for t in [23.1, 25.0, 27.0, 29.4] {
        minute(&app, &mina, t).await;
    }
    let mail = smtp.wait_for(1).await[0].clone();
    assert!(
        mail.header("Subject").contains("23.1 → 29.4 °C (3분)"),
        "{}",
        mail.header("Subject")
    );
    let link = link_in(&mail);
    let home = page(&browser, "/").await;
    assert!(
        home.contains("빠르게 더워지고 있어요") && home.contains("status--danger"),
        "{home}"
    );
    acknowledge_by_mail(&app, &browser, &link).await;
    everybody_knows(&browser).await;
    app.stop().await;
}

/// A program that looks into mails opens the link, and nothing is acknowledged by that; whoever reads it presses the
/// button.
async fn acknowledge_by_mail(app: &TestApp, owner: &Browser, link: &str) {
    let stranger = app.browser();
    let asked = page(&stranger, link).await;
    assert!(asked.contains("23.1 → 29.4 °C로 3분 만에 올랐어요."), "{asked}");
    assert!(page(owner, "/alerts").await.contains("alert--active"));
    let token = link.split("letter=").nth(1).unwrap();
    let known = send(&stranger, "/alerts/acknowledge", &[("letter", token)]).await;
    assert!(known.contains("다시 알리지 않을게요"), "{known}");
}

/// Home and log say who has seen it, and what became of the mail.
async fn everybody_knows(browser: &Browser) {
    let home = page(browser, "/").await;
    assert!(
        home.contains("이미 확인했어요") && home.contains("href=\"/alerts\""),
        "{home}"
    );
    let log = page(browser, "/alerts").await;
    assert!(
        log.contains("alert--known") && log.contains("mina@home.example, 17:05에 확인했어요"),
        "{log}"
    );
    assert!(
        log.contains("에 전해졌어요"),
        "the ledger says that the mail server took it: {log}"
    );
}

#[tokio::test]
async fn an_alert_is_acknowledged_from_the_page_too_and_only_once() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let form = [
        ("kind", "above"),
        ("metric", "t"),
        ("number", "30"),
        ("minutes", "0"),
        ("enabled", "on"),
    ];
    send(&browser, &format!("/devices/{}/alerts", mina.serial(0)), &form).await;
    minute(&app, &mina, 31.0).await;
    let id = browser.json("/api/v1/alerts").await[0]["id"].to_string();

    let log = send(&browser, &format!("/alerts/{id}/acknowledge"), &[]).await;
    assert!(log.contains("alert--known"), "{log}");
    app.advance(Duration::from_mins(5));
    send(&browser, &format!("/alerts/{id}/acknowledge"), &[]).await;
    let alert = &browser.json("/api/v1/alerts").await[0];
    assert_eq!(alert["acknowledged_at"], START.plus_millis(60_000).as_millis());
    app.stop().await;
}

#[tokio::test]
async fn a_rule_is_tried_on_the_real_past_before_it_is_made() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let hour = |hour: i64| START.plus_millis((hour - 100) * 3_600_000).as_millis();
    let past: Vec<_> = (0..100)
        .map(|i| json!({"at": hour(i), "t": 20.0, "h": if i % 25 == 0 { 80.0 } else { 50.0 }}))
        .collect();
    app.publish(&mina.devices[0], json!(past)).await;

    let query = "kind=above&metric=h&number=70&minutes=0&enabled=on&repeat=0";
    let rules = format!("/devices/{}/alerts", mina.serial(0));
    let tried = page(&browser, &format!("{rules}?{query}")).await;
    assert!(tried.contains("지난 7일이라면 4번 울렸어요"), "{tried}");
    assert_eq!(
        browser
            .json(&format!("/api/v1{}", rules.replace("alerts", "rules")))
            .await,
        json!([])
    );
    let wrong = page(&browser, &format!("{rules}?{}", query.replace("70", "warm"))).await;
    assert!(wrong.contains("값을 숫자로"), "{wrong}");
    app.stop().await;
}

#[tokio::test]
async fn a_rule_is_changed_switched_off_and_taken_away() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let rules = format!("/devices/{}/alerts", mina.serial(0));
    let api = format!("/api/v1/devices/{}/rules", mina.serial(0));
    send(
        &browser,
        &rules,
        &[("kind", "offline"), ("minutes", "10"), ("enabled", "on")],
    )
    .await;
    let made = browser.json(&api).await;
    assert_eq!(
        made.as_array().unwrap().len(),
        2,
        "a watch over the sensor comes with it: {made}"
    );
    let id = silence(&browser, &api).await["id"].to_string();

    let off = send(
        &browser,
        &format!("/rules/{id}"),
        &[("kind", "offline"), ("minutes", "30"), ("repeat", "5")],
    )
    .await;
    assert!(off.contains("저장했어요.") && off.contains("꺼 둠"), "{off}");
    let wrong = send(
        &browser,
        &format!("/rules/{id}"),
        &[("kind", "offline"), ("minutes", "soon")],
    )
    .await;
    assert!(wrong.contains("시간을 분으로"), "{wrong}");
    let own = silence(&browser, &api).await;
    assert_eq!(
        (&own["after_s"], &own["enabled"], &own["repeat_s"]),
        (&json!(1800), &json!(false), &json!(300))
    );

    let gone = send(&browser, &format!("/rules/{id}/remove"), &[]).await;
    assert!(gone.contains("지웠어요."), "{gone}");
    assert_eq!(browser.json(&api).await, json!([]));
    app.stop().await;
}

#[tokio::test]
async fn a_test_mail_is_real_and_its_result_is_shown() {
    let smtp = SmtpServer::start().await;
    let app = TestApp::spawn_with(Options {
        mail: Some(smtp.config()),
        ..Options::default()
    })
    .await;
    let mina = app.resident("mina@home.example", 1).await;
    let juno = app.resident("juno@other.example", 1).await;
    smtp.behave(|to, _| {
        if to == "juno@other.example" {
            Manner::RefuseRecipient("550 5.1.1 no such mailbox")
        } else {
            Manner::Accept
        }
    });
    let path = "/settings/notifications";
    let browser = app.signed_in(&mina).await;
    let shown = send(&browser, &format!("{path}/test"), &[]).await;
    assert!(shown.contains("메일 서버가 받았어요"), "{shown}");
    assert!(smtp.taken()[0].header("Subject").contains("알림 시험"));

    let browser = app.signed_in(&juno).await;
    let shown = send(&browser, &format!("{path}/test"), &[]).await;
    assert!(shown.contains("메일이 가지 않았어요"), "{shown}");
    let later = page(&browser, path).await;
    assert!(
        later.contains("최근에 보낸 메일이 전해지지 않았어요"),
        "a failing way is shown before it is needed: {later}"
    );
    app.stop().await;
}

#[tokio::test]
async fn quiet_hours_are_kept_as_they_were_chosen() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 0).await;
    let browser = app.signed_in(&mina).await;
    let path = "/settings/notifications";
    let form = [("by_mail", "on"), ("quiet", "on"), ("from", "22:30"), ("to", "06:15")];
    let saved = send(&browser, path, &form).await;
    assert!(
        saved.contains("저장했어요.") && saved.contains("value=\"22:30\"") && saved.contains("value=\"06:15\""),
        "{saved}"
    );
    let wrong = send(&browser, path, &[("from", "noon"), ("to", "06:15")]).await;
    assert!(wrong.contains("23:00처럼"), "{wrong}");
    app.stop().await;
}
