//! The way of a person: switch a browser on, try it, be told, say that one knows, take the browser away. No script here;
//! what the browser itself does stands in `end2end`.

use std::time::Duration;

use domain::time::Timestamp;
use serde_json::{Value, json};
use server::db::push_subscriptions::{PushSubscription, list_push_subscriptions};

use crate::harness::browser::Browser;
use crate::harness::push_browser::{PushBrowser, check_sender};
use crate::harness::push_service::PushService;
use crate::harness::test_app::{Options, PASSWORD, Resident, TestApp};

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);
const PAGE: &str = "/settings/notifications";
const SWITCH: &str = "/settings/notifications/push";

/// What a browser's own form sends.
async fn switch_on(browser: &Browser, endpoint: &str, device: &PushBrowser, before: &str) -> String {
    let (p256dh, auth) = (device.p256dh(), device.auth());
    let fields = [
        ("endpoint", endpoint),
        ("p256dh", &p256dh),
        ("auth", &auth),
        ("before", before),
    ];
    browser.send(SWITCH, &fields).await
}

async fn known(app: &TestApp, who: &Resident) -> Vec<PushSubscription> {
    list_push_subscriptions(&app.db, who.id).await.unwrap()
}

async fn minute(app: &TestApp, mina: &Resident, t: f64) {
    app.advance(Duration::from_mins(1));
    let reading = json!({"at": app.now().as_millis(), "t": t, "h": 50.0});
    app.publish(&mina.devices[0], reading).await;
}

#[tokio::test]
async fn a_browser_is_switched_on_tested_and_taken_away() {
    let (app, service) = (TestApp::spawn().await, PushService::start().await);
    let mina = app.resident("mina@home.example", 0).await;
    let (browser, device) = (app.signed_in(&mina).await, PushBrowser::new());
    assert!(browser.page(PAGE).await.contains("아직 없어요."));
    let on = switch_on(&browser, &service.endpoint("phone"), &device, "").await;
    assert!(
        on.contains("이제 이 기기로도 알려 드려요") && on.contains("지금 이 기기"),
        "{on}"
    );

    let id = known(&app, &mina).await[0].id.0.to_string();
    let tested = browser.send(&format!("{SWITCH}/test"), &[("id", &id)]).await;
    assert!(
        tested.contains("알림 서버가 받았어요") && tested.contains("마지막으로 알림"),
        "{tested}"
    );
    let taken = &service.taken()[0];
    assert_eq!(device.read(taken)["title"], "TempLog 알림 시험");
    let key = browser.page("/push/key").await;
    check_sender(taken, &key, &service.origin(), app.now());

    let off = browser.send(&format!("{SWITCH}/remove"), &[("id", &id)]).await;
    assert!(
        off.contains("더 이상 알리지 않아요") && off.contains("아직 없어요."),
        "{off}"
    );
    let gone = browser.send(&format!("{SWITCH}/test"), &[("id", &id)]).await;
    assert!(gone.contains("그 기기는 이제 없어요"), "{gone}");
    app.stop().await;
}

#[tokio::test]
async fn a_published_reading_reaches_a_browser_whose_button_acknowledges_without_signing_in() {
    let service = PushService::start().await;
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let (browser, device) = (app.signed_in(&mina).await, PushBrowser::new());
    switch_on(&browser, &service.endpoint("phone"), &device, "").await;
    let rules = format!("/devices/{}/alerts", mina.serial(0));
    browser.send(&format!("{rules}/presets"), &[("preset", "fire")]).await;
    for t in [23.1, 25.0, 27.0, 29.4] {
        minute(&app, &mina, t).await;
    }
    let message = device.read(&service.wait_for(1).await[0]);
    assert!(
        message["title"].as_str().unwrap().contains("23.1 → 29.4 °C (3분)"),
        "{message}"
    );
    assert_eq!(message["urgent"], json!(true), "a fire is danger");

    // What the service worker sends when a button is tapped: nobody is signed in there.
    let worker = app.browser();
    let letter = message["letter"].as_str().unwrap();
    let known = worker.send("/alerts/acknowledge", &[("letter", letter)]).await;
    assert!(known.contains("다시 알리지 않을게요"), "{known}");
    let opened = worker.post_form("/alerts/opened", &[("letter", letter)]).await;
    assert_eq!(opened.status(), 204);
    let forged = worker
        .post_form("/alerts/opened", &[("letter", "alert-1-1-now-0.00")])
        .await;
    assert_eq!(forged.status(), 204, "nobody learns which letters there are");

    let log = browser.page("/alerts").await.replace("<!>", "");
    assert!(log.contains("mina@home.example, 17:04에 확인했어요"), "{log}");
    assert!(
        log.contains("기기 · 17:04에 전해졌어요") && log.contains("17:04에 열어 봤어요"),
        "{log}"
    );
    let notices = browser.json("/api/v1/alerts").await[0]["notices"].clone();
    let pushed = notices
        .as_array()
        .unwrap()
        .iter()
        .find(|notice| notice["channel"] == "push");
    assert_eq!(pushed.unwrap()["opened_at"], app.now().as_millis());
    app.stop().await;
}

#[tokio::test]
async fn what_no_push_service_has_given_is_refused_in_plain_words() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 0).await;
    let (browser, device) = (app.signed_in(&mina).await, PushBrowser::new());
    for endpoint in [
        "https://192.168.0.1/x",
        "http://push.example/x",
        "https://router/x",
        "x",
    ] {
        let refused = switch_on(&browser, endpoint, &device, "").await;
        assert!(refused.contains("쓸 수 없는 주소"), "{endpoint}: {refused}");
    }
    let fields = [
        ("endpoint", "https://push.example/x"),
        ("p256dh", "AAAA"),
        ("auth", "AAAA"),
    ];
    let refused = browser.send(SWITCH, &fields).await;
    assert!(refused.contains("쓸 수 없는 주소"), "{refused}");
    for number in 0..20 {
        switch_on(&browser, &format!("https://push.example/{number}"), &device, "").await;
    }
    let many = switch_on(&browser, "https://push.example/more", &device, "").await;
    assert!(many.contains("기기가 너무 많아요"), "{many}");
    assert_eq!(known(&app, &mina).await.len(), 20);
    app.stop().await;
}

#[tokio::test]
async fn a_browser_that_signs_out_is_told_nothing_any_more_and_one_whose_session_ran_out_is() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 0).await;
    let device = PushBrowser::new();
    let (phone, laptop, tablet) = (
        app.signed_in(&mina).await,
        app.signed_in(&mina).await,
        app.signed_in(&mina).await,
    );
    for (browser, name) in [(&phone, "phone"), (&laptop, "laptop"), (&tablet, "tablet")] {
        switch_on(browser, &format!("https://push.example/{name}"), &device, "").await;
    }
    let endpoints = async || -> Vec<String> {
        let known = known(&app, &mina).await.into_iter();
        known
            .map(|one| one.endpoint.rsplit('/').next().unwrap().to_owned())
            .collect()
    };
    phone.post_form("/sign-out", &[]).await;
    assert_eq!(endpoints().await, ["laptop", "tablet"]);
    tablet.post_form("/settings/sessions/end-others", &[]).await;
    assert_eq!(endpoints().await, ["tablet"]);
    app.advance(Duration::from_hours(40 * 24));
    server::db::sessions::delete_expired_sessions(&app.db, app.now())
        .await
        .unwrap();
    assert_eq!(
        endpoints().await,
        ["tablet"],
        "an alert must reach whoever has not looked for a month"
    );
    app.stop().await;
}

#[tokio::test]
async fn a_browser_tells_whoever_switched_it_on_last_and_its_new_address_takes_the_place_of_the_old() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 0).await;
    let juno = app.resident("juno@other.example", 0).await;
    let device = PushBrowser::new();
    let (hers, his) = (app.signed_in(&mina).await, app.signed_in(&juno).await);
    switch_on(&hers, "https://push.example/shared", &device, "").await;
    switch_on(&his, "https://push.example/shared", &device, "").await;
    assert_eq!((known(&app, &mina).await.len(), known(&app, &juno).await.len()), (0, 1));
    switch_on(
        &his,
        "https://push.example/renewed",
        &device,
        "https://push.example/shared",
    )
    .await;
    let known: Vec<_> = known(&app, &juno).await.into_iter().map(|one| one.endpoint).collect();
    assert_eq!(known, ["https://push.example/renewed"]);
    app.stop().await;
}

#[tokio::test]
async fn nobody_tests_or_takes_away_somebody_elses_browser() {
    let (app, service) = (TestApp::spawn().await, PushService::start().await);
    let mina = app.resident("mina@home.example", 0).await;
    let juno = app.resident("juno@other.example", 0).await;
    let (hers, his) = (app.signed_in(&mina).await, app.signed_in(&juno).await);
    switch_on(&hers, &service.endpoint("phone"), &PushBrowser::new(), "").await;
    let id = known(&app, &mina).await[0].id.0.to_string();
    let tested = his.send(&format!("{SWITCH}/test"), &[("id", &id)]).await;
    assert!(
        tested.contains("그 기기는 이제 없어요"),
        "as if there were none: {tested}"
    );
    his.send(&format!("{SWITCH}/remove"), &[("id", &id)]).await;
    assert_eq!((known(&app, &mina).await.len(), service.taken().len()), (1, 0));
    app.stop().await;
}

#[tokio::test]
async fn a_browser_that_cannot_be_told_is_shown_before_the_day_it_is_needed() {
    let service = PushService::start().await;
    service.behave(|_, _| (403, None));
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 0).await;
    let browser = app.signed_in(&mina).await;
    switch_on(&browser, &service.endpoint("phone"), &PushBrowser::new(), "").await;
    let id = known(&app, &mina).await[0].id.0.to_string();
    let tested = browser.send(&format!("{SWITCH}/test"), &[("id", &id)]).await;
    assert!(
        tested.contains("알림이 가지 않았어요") && tested.contains("answered 403"),
        "{tested}"
    );
    assert!(
        !browser.page("/").await.contains("요즘 알림이 전해지지 않았어요"),
        "it may be over in a moment"
    );
    app.advance(Duration::from_mins(10));
    assert!(browser.page("/").await.contains("요즘 알림이 전해지지 않았어요"));

    service.behave(|_, _| (201, None));
    browser.send(&format!("{SWITCH}/test"), &[("id", &id)]).await;
    assert!(!browser.page("/").await.contains("요즘 알림이 전해지지 않았어요"));
    app.stop().await;
}

#[tokio::test]
async fn whoever_leaves_takes_their_browsers_along_and_finds_them_in_their_data() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 0).await;
    let browser = app.signed_in(&mina).await;
    switch_on(&browser, "https://push.example/phone", &PushBrowser::new(), "").await;
    let zip = browser.get("/settings/account/export").await.bytes().await.unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    let account: Value = serde_json::from_reader(archive.by_name("account.json").unwrap()).unwrap();
    assert_eq!(
        account["browsers_that_are_told"].as_array().unwrap().len(),
        1,
        "{account}"
    );
    assert!(!account.to_string().contains("push.example"), "never a secret");

    browser
        .post_form("/settings/account/delete", &[("password", PASSWORD)])
        .await;
    assert_eq!(known(&app, &mina).await.len(), 0);
    app.stop().await;
}

#[tokio::test]
async fn the_service_worker_is_asked_for_anew_each_time_and_all_its_parts_are_there() {
    let public = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../public");
    let app = TestApp::spawn_with(Options {
        site_dir: Some(public),
        ..Options::default()
    })
    .await;
    let browser = app.browser();
    let worker = browser.get("/sw.js").await;
    let header = |name: &str| worker.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        (header("content-type").as_str(), header("cache-control").as_str()),
        ("text/javascript", "no-cache")
    );
    assert!(header("content-security-policy").contains("script-src 'self'"));
    let text = worker.text().await.unwrap();
    let parts: Vec<_> = text
        .split("/sw/")
        .skip(1)
        .map(|rest| rest.split(".js").next().unwrap())
        .collect();
    assert!(parts.contains(&"push"), "{text}");
    for part in parts {
        let answer = browser.get(&format!("/sw/{part}.js")).await;
        assert_eq!(
            (
                answer.status().as_u16(),
                answer.headers()["content-type"].to_str().unwrap()
            ),
            (200, "text/javascript")
        );
    }
    app.stop().await;
}
