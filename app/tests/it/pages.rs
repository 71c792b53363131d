//! What each page says to whom.

use app::api::rooms::{Alarm, Concern};
use app::error::AppError;
use axum::http::StatusCode;

use crate::house::{House, LIVING, room, silent};
use crate::site::{OWNER_VISITS, Visit, get};

const STRANGER: Visit = Visit {
    signed_in: false,
    cookies: "",
    languages: "en",
    answer: "",
};

#[tokio::test]
async fn the_first_thing_on_the_home_page_is_the_sentence_for_the_whole_home() {
    let page = get(House::calm(), OWNER_VISITS, "/").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    let (before, after) = text.split_once("집은 괜찮아요").expect(&text);
    assert!(before.ends_with("우리 집 "), "{before}");
    assert!(
        after
            .trim_start()
            .starts_with("거실 23.4 °C, 15:23 측정 · 모든 방이 평온해요"),
        "{after}"
    );
}

#[tokio::test]
async fn an_alert_that_is_not_over_is_in_the_sentence_for_the_whole_home_and_leads_to_the_log() {
    let mut bath = room("TL-00000003", "욕실", 22.0);
    bath.alarm = Some(Alarm {
        concern: Concern::Humid,
        limit: Some(45.0),
        from: None,
        danger: false,
        known: false,
    });
    let page = get(House::of(vec![room(LIVING, "거실", 23.4), bath]), OWNER_VISITS, "/").await;
    let text = page.text();
    assert!(
        text.contains("욕실 습도가 높아요 습도 48 %, 15:23 측정 · 정해 둔 45 %보다 높아요 · 다른 방은 괜찮아요"),
        "{text}"
    );
    assert!(
        page.html.contains("<p class=\"status__more\"><a href=\"/alerts\">"),
        "{}",
        page.html
    );
    let calm = get(House::calm(), OWNER_VISITS, "/").await;
    assert!(calm.html.contains("<p hidden class=\"status__more\">"), "{}", calm.html);
}

#[tokio::test]
async fn a_card_tells_now_today_and_the_last_day_without_any_script() {
    let text = get(House::calm(), OWNER_VISITS, "/").await.text();
    let card = text
        .split("부엌")
        .next()
        .expect("the first card comes before the second");
    for words in [
        "15:23 측정",
        "23.4 °C",
        "48 %",
        "그대로",
        "오늘 평균 22.9°",
        "최저 21.2°",
        "최고 24.1°",
        "기록 92%",
    ] {
        assert!(card.contains(words), "{words} is missing in: {card}");
    }
}

#[tokio::test]
async fn a_gap_in_the_last_day_stays_a_gap_in_the_line() {
    let html = get(House::calm(), OWNER_VISITS, "/").await.html;
    let path = html
        .split("class=\"sparkline\"")
        .nth(1)
        .and_then(|rest| rest.split("d=\"").nth(1))
        .expect("a line");
    let path = path.split('"').next().expect("a quoted path");
    assert_eq!(path.matches('M').count(), 2, "{path}");
}

#[tokio::test]
async fn a_silent_room_is_grey_and_says_since_when() {
    let house = House::of(vec![
        room(LIVING, "거실", 23.4),
        silent(room("TL-00000002", "욕실", 8.7)),
    ]);
    let page = get(house, OWNER_VISITS, "/").await;
    let text = page.text();
    assert!(text.contains("욕실에서 소식이 없어요"), "{text}");
    assert!(text.contains("14:46부터 소식이 없어요"), "{text}");
    assert_eq!(page.html.matches("card--stale").count(), 1);
}

#[tokio::test]
async fn a_demo_says_that_it_is_one_and_a_real_home_does_not() {
    assert!(
        get(House::calm().demo(), OWNER_VISITS, "/")
            .await
            .text()
            .contains("데모예요")
    );
    let path = format!("/devices/{LIVING}");
    assert!(
        get(House::calm().demo(), OWNER_VISITS, &path)
            .await
            .text()
            .contains("데모예요")
    );
    assert!(!get(House::calm(), OWNER_VISITS, "/").await.text().contains("데모예요"));
}

#[tokio::test]
async fn an_empty_home_shows_three_steps() {
    let page = get(House::of(vec![]), OWNER_VISITS, "/").await;
    assert_eq!(page.html.matches("class=\"steps__step\"").count(), 3);
}

#[tokio::test]
async fn a_room_shows_today_in_slots_and_the_days_with_their_gaps() {
    let path = format!("/devices/{LIVING}?days=7");
    let page = get(House::calm(), OWNER_VISITS, &path).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(text.contains("쾌적해요 · 이슬점 11.8 °C"), "{text}");
    assert!(text.contains("02–04시 기록 없음"), "{text}");
    assert!(text.contains("7일 가운데 6일에 기록이 있어요"), "{text}");
    assert!(text.contains("11월 3일 – – – 0/24시간"), "{text}");
    assert!(text.contains("최근 7일은 그 앞 7일보다 1.2 °C 높았어요"), "{text}");
    assert!(text.contains("세로줄은 알림이 울린 때예요. 모두 2번."), "{text}");
    assert!(page.html.contains("d=\"M40 0V1000\""), "the fifth day");
    assert!(text.contains("지난 24시간은 20.1 °C에서 23.4 °C 사이였어요"), "{text}");
    assert!(page.html.contains(&format!(
        "/api/v1/devices/{LIVING}/history?from=2026-11-01&amp;to=2026-11-07&amp;step=day"
    )));
}

#[tokio::test]
async fn a_room_shows_humidity_when_asked() {
    let path = format!("/devices/{LIVING}?days=7&metric=h");
    let text = get(House::calm(), OWNER_VISITS, &path).await.text();
    assert!(text.contains("11월 1일 50% 49% 52%"), "{text}");
}

#[tokio::test]
async fn a_day_tells_its_hours_and_how_much_of_them_was_recorded() {
    let path = format!("/devices/{LIVING}/history?day=2026-11-19");
    let page = get(House::calm(), OWNER_VISITS, &path).await;
    let text = page.text();
    assert!(text.contains("평균 22.0 °C. 가장 높은 때는 00–02시(22.0 °C)"), "{text}");
    assert!(text.contains("25시간 중 22시간 기록"), "{text}");
    assert!(text.contains("02–04시 기록 없음"), "{text}");
    assert!(
        page.html.contains("day=2026-11-18&amp;days=30&amp;metric=t#day"),
        "the day before"
    );
    assert!(text.contains("가장 높은 때는 토요일 14–16시(24.8 °C)"), "{text}");
    assert_eq!(page.html.matches("class=\"pattern__none\"").count(), 82);
}

#[tokio::test]
async fn rooms_are_compared_in_words_lines_and_a_table() {
    let page = get(House::calm(), OWNER_VISITS, "/compare?days=7").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(
        text.contains("가장 따뜻한 방은 거실(23.4 °C), 가장 서늘한 방은 부엌(22.0 °C)"),
        "{text}"
    );
    assert_eq!(page.html.matches("class=\"band-plot__line line-").count(), 2);
    assert!(
        text.contains("거실 23.4° 19.0° 27.5° 132/168시간") || text.contains("133/168시간"),
        "{text}"
    );
}

#[tokio::test]
async fn what_is_not_there_has_the_status_404_and_words() {
    for path in ["/devices/TL-99999999", "/no-such-page"] {
        let page = get(House::calm(), OWNER_VISITS, path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.text().contains("찾을 수 없어요"), "{path}");
    }
}

#[tokio::test]
async fn a_server_in_trouble_says_so_without_details() {
    let page = get(House::failing(AppError::Unavailable), OWNER_VISITS, "/").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text().contains("지금은 닿지 않아요"));
}

#[tokio::test]
async fn a_stranger_sees_what_this_is_and_no_room() {
    let page = get(House::calm(), STRANGER, "/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("See my home"));
    assert!(!page.html.contains(LIVING));
}

#[tokio::test]
async fn a_stranger_at_a_room_is_led_to_sign_in_and_back() {
    let page = get(House::calm(), STRANGER, &format!("/devices/{LIVING}")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(
        page.location.as_deref(),
        Some("/sign-in?next=%2Fdevices%2FTL%2D7K3F9Q2M")
    );
    assert!(!page.html.contains("거실"));
}

#[tokio::test]
async fn the_sign_in_form_posts_plainly_and_tells_why_the_last_attempt_failed() {
    let visit = Visit {
        answer: r#"{"form":"sign-in","problems":[["form","credentials"]],"values":[["email","mina@home.example"]]}"#,
        ..STRANGER
    };
    let page = get(House::calm(), visit, "/sign-in?next=%2Fdevices%2FTL-1").await;
    assert!(page.html.contains("method=\"post\" action=\"/sign-in\""));
    assert!(page.html.contains("name=\"next\" value=\"/devices/TL-1\""));
    assert!(page.html.contains("value=\"mina@home.example\""));
    assert!(page.text().contains("The e-mail or the password is not right."));
}

#[tokio::test]
async fn words_to_another_form_are_not_shown() {
    let visit = Visit {
        answer: r#"{"form":"other","problems":[["form","credentials"]]}"#,
        ..STRANGER
    };
    let page = get(House::calm(), visit, "/sign-in").await;
    assert!(!page.text().contains("is not right"));
}

#[tokio::test]
async fn language_and_theme_follow_the_cookie_before_the_browser() {
    let page = get(House::calm(), OWNER_VISITS, "/").await;
    assert!(page.html.contains("<html lang=\"ko\""));
    assert!(!page.html.contains("data-theme"));
    let visit = Visit {
        cookies: "locale=en; theme=dark",
        ..OWNER_VISITS
    };
    let page = get(House::calm(), visit, "/").await;
    assert!(page.html.contains("<html lang=\"en\" data-theme=\"dark\""));
    assert!(page.text().contains("Home is all right"));
}

#[tokio::test]
async fn temperatures_are_in_the_unit_that_was_chosen_everywhere() {
    let visit = Visit {
        cookies: "degrees=f",
        ..OWNER_VISITS
    };
    for path in [
        "/".to_owned(),
        format!("/devices/{LIVING}"),
        format!("/devices/{LIVING}/history"),
        "/compare".to_owned(),
    ] {
        let page = get(House::calm(), visit, &path).await;
        assert!(page.html.contains("data-degrees=\"f\""), "{path}");
        let text = page.text();
        let rest = text.replace("TempLog", "");
        let (said, choice) = rest.rsplit_once("°C °F").expect("the choice in the footer");
        assert!(
            said.contains("°F") && !said.replace("온도는 °C로", "").contains("°C"),
            "{path}: {said}{choice}"
        );
    }
}

#[tokio::test]
async fn damp_air_is_called_by_its_name_with_what_to_do_about_it() {
    let mut damp = room(LIVING, "거실", 20.0);
    damp.now.as_mut().expect("a reading").h = Some(65.0);
    let text = get(House::of(vec![damp]), OWNER_VISITS, &format!("/devices/{LIVING}"))
        .await
        .text();
    assert!(
        text.contains("습해요 · 이슬점 13.2 °C · 공기 속 물 11.2 g/m³"),
        "{text}"
    );
    assert!(text.contains("곰팡이가 피어요. 지금 창문을 활짝 열고"), "{text}");
}

#[tokio::test]
async fn a_name_is_text_and_never_markup() {
    let house = House::of(vec![room(LIVING, "<script>alert(1)</script>", 20.0)]);
    let html = get(house, OWNER_VISITS, "/").await.html;
    assert!(html.contains("&lt;script&gt;alert(1)"));
    assert!(!html.contains("<script>alert(1)"));
}

#[tokio::test]
async fn a_stranger_is_shown_a_room_of_the_demo_household_without_its_serial_number() {
    let page = get(House::calm().demo(), STRANGER, "/").await;
    let text = page.text();
    for words in ["거실", "23.4 °C", "48 %", "at 15:23", "A demo"] {
        assert!(text.contains(words), "{words} is missing in: {text}");
    }
    assert!(!page.html.contains(LIVING));
}

#[tokio::test]
async fn where_nothing_can_be_shown_a_stranger_sees_a_recorded_day_called_an_example() {
    for house in [House::calm(), House::failing(AppError::Unavailable)] {
        let page = get(house, STRANGER, "/").await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        assert!(text.contains("An example") && text.contains("18.3 °C"), "{text}");
        assert!(!text.contains("23.4"), "{text}");
    }
}

#[tokio::test]
async fn an_empty_home_tells_the_way_to_its_first_room() {
    let page = get(House::of(Vec::new()), OWNER_VISITS, "/").await;
    let text = page.text();
    for words in [
        "첫 기기를 맞이해",
        "templog product create --count 1 --owner min@templog.example",
        "templog-simulator",
    ] {
        assert!(text.contains(words), "{words} is missing in: {text}");
    }
}

#[tokio::test]
async fn the_page_for_when_the_server_is_gone_holds_nothing_of_anybody() {
    let page = get(House::failing(AppError::Unavailable), STRANGER, "/offline").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("No connection right now"));
    assert!(page.html.contains("<template id=\"kept-room\""));
    assert!(!page.html.contains("data-viewer"));
}

#[tokio::test]
async fn who_is_signed_in_finds_alerts_and_settings_on_every_page() {
    let page = get(House::calm(), OWNER_VISITS, "/").await;
    for place in ["href=\"/alerts\"", "href=\"/settings\""] {
        assert!(page.html.contains(place), "{place}");
    }
    let page = get(House::calm(), STRANGER, "/").await;
    assert!(!page.html.contains("href=\"/settings\""));
}
