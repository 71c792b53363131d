//! What a phone meets at a new device: DNS, the sign that a page wants to be seen, the form, and its refusals.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use portal::{Answer, Network, Portal, Request, Settings, Unreadable, dns};

const HOST: &str = "192.168.4.1";
const LINE: &str = "mqtt%3A%2F%2FTL-7K3F9Q2M%3As3cret%40192.168.0.10%3A1883";

fn network(ssid: &str, rssi: i8) -> Network {
    Network {
        ssid: ssid.to_owned(),
        rssi,
        locked: true,
    }
}

fn portal() -> Portal {
    let networks = vec![
        network("garden", -85),
        network("home", -70),
        network("home", -50),
        network("", -40),
    ];
    Portal::new(HOST, networks, None)
}

fn get(portal: &Portal, target: &str, languages: &str) -> String {
    let request = format!("GET {target} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Language: {languages}\r\n\r\n");
    text(&portal.answer(&Request::read(request.as_bytes()).unwrap().unwrap()))
}

fn post(portal: &Portal, form: &str) -> Answer {
    let length = form.len();
    let request = format!("POST /?lang=en HTTP/1.1\r\nhost: {HOST}\r\ncontent-length: {length}\r\n\r\n{form}");
    portal.answer(&Request::read(request.as_bytes()).unwrap().unwrap())
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.bytes.clone()).unwrap()
}

#[test]
fn the_page_speaks_the_phones_language_and_the_one_asked_for() {
    for (target, languages, expected) in [
        ("/", "ko-KR,ko;q=0.9,en;q=0.8", "센서 설정"),
        ("/", "fr-FR,en;q=0.5", "Set up this sensor"),
        ("/", "", "Set up this sensor"),
        ("/?lang=ko", "en", "센서 설정"),
        ("/?lang=en", "ko", "Set up this sensor"),
    ] {
        let page = get(&portal(), target, languages);
        assert!(
            page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains(expected),
            "{target} {languages}"
        );
    }
}

#[test]
fn networks_are_offered_loudest_first_and_once() {
    let page = get(&portal(), "/", "en");
    let (home, garden) = (
        page.find("value=\"home\"").unwrap(),
        page.find("value=\"garden\"").unwrap(),
    );
    assert!(home < garden);
    assert_eq!(page.matches("value=\"home\"").count(), 1);
}

#[test]
fn a_neighbour_cannot_write_into_the_page() {
    let evil = Portal::new(HOST, vec![network("\"><script>alert(1)</script>", -50)], None);
    let page = get(&evil, "/", "en");
    assert!(!page.contains("<script"), "{page}");
}

#[test]
fn a_phone_that_looks_for_the_internet_is_sent_to_the_page() {
    for probe in [
        "connectivitycheck.gstatic.com/generate_204",
        "captive.apple.com/hotspot-detect.html",
    ] {
        let (host, path) = probe.split_once('/').unwrap();
        let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let answer = portal().answer(&Request::read(request.as_bytes()).unwrap().unwrap());
        assert!(text(&answer).starts_with("HTTP/1.1 302 Found\r\nLocation: http://192.168.4.1/\r\n"));
    }
}

fn saved(form: &str) -> Settings {
    let answer = post(&portal(), form);
    assert!(text(&answer).contains("Saved"), "{}", text(&answer));
    answer.settings.unwrap()
}

#[test]
fn the_line_of_the_sticker_is_enough() {
    let settings = saved(&format!(
        "ssid=home&other=&wifi_password=long+en%26ough&line={LINE}&server=&serial=&password="
    ));
    assert_eq!(
        (settings.ssid.as_str(), settings.wifi_password.as_str()),
        ("home", "long en&ough")
    );
    assert_eq!(settings.broker.to_string(), "mqtt://192.168.0.10:1883");
    assert_eq!(settings.credentials.serial.to_string(), "TL-7K3F9Q2M");
    assert_eq!(settings.credentials.password, "s3cret");
    assert_eq!(
        Settings::from_json(settings.to_json().as_bytes()),
        Some(settings.clone())
    );
    assert!(!format!("{settings:?}").contains("s3cret"), "secrets stay out of logs");
}

#[test]
fn so_is_what_the_shop_prints() {
    let json = "%5B%7B%22serial%22%3A%22TL-7K3F9Q2M%22%2C%22mqtt%22%3A%7B%22url%22%3A%22mqtt%3A%2F%2Fhome.lan%3A1883%22%2C%22\
                client_id%22%3A%22x%22%2C%22username%22%3A%22TL-7K3F9Q2M%22%2C%22password%22%3A%22s3cret%22%7D%7D%5D";
    let settings = saved(&format!("ssid=&other=%ED%95%9C%EA%B5%AD&line={json}"));
    assert_eq!(
        (settings.ssid.as_str(), settings.broker.host.as_str()),
        ("한국", "home.lan")
    );
}

#[test]
fn by_hand_works_too() {
    let settings = saved("ssid=home&server=+home.lan&serial=tl-7k3f9q2m&password=s3cret");
    assert_eq!(settings.broker.to_string(), "mqtt://home.lan:1883");
    assert_eq!(settings.credentials.serial.to_string(), "TL-7K3F9Q2M");
}

#[test]
fn what_cannot_be_right_is_refused_with_its_reason_and_nothing_typed_is_lost() {
    let long = "x".repeat(33);
    for (form, reason) in [
        (format!("ssid=&other=&line={LINE}"), "Choose a network"),
        (format!("ssid=&other={long}&line={LINE}"), "Choose a network"),
        (
            format!("ssid=home&wifi_password=short&line={LINE}"),
            "8 to 63 characters",
        ),
        ("ssid=home&line=nonsense".to_owned(), "not a line of credentials"),
        (
            "ssid=home&line=mqtt%3A%2F%2FTL-1%3Ax%40h".to_owned(),
            "not a line of credentials",
        ),
        (
            "ssid=home&server=mqtts%3A%2F%2Fh&serial=TL-7K3F9Q2M&password=x".to_owned(),
            "A server is",
        ),
        (
            "ssid=home&server=h%3A0&serial=TL-7K3F9Q2M&password=x".to_owned(),
            "A server is",
        ),
        (
            "ssid=home&server=h&serial=TL-7K3F9Q2O0&password=x".to_owned(),
            "A serial is",
        ),
        (
            "ssid=home&server=h&serial=TL-7K3F9Q2M&password=".to_owned(),
            "must not be empty",
        ),
    ] {
        let answer = post(&portal(), &form);
        let page = text(&answer);
        assert!(
            page.starts_with("HTTP/1.1 422") && page.contains(reason),
            "{form}: {page}"
        );
        assert_eq!(answer.settings, None);
        assert!(page.contains("aria-invalid=true"), "{form}");
        assert!(
            !form.contains("ssid=home") || page.contains("value=\"home\" checked"),
            "{form}"
        );
    }
}

#[test]
fn known_settings_are_shown_again_without_their_secrets() {
    let known = saved(&format!("ssid=home&wifi_password=secret-wifi&line={LINE}"));
    let page = get(&Portal::new(HOST, vec![], Some(&known)), "/", "en");
    assert!(page.contains("value=\"home\"") && page.contains("value=\"TL-7K3F9Q2M\""));
    assert!(!page.contains("s3cret") && !page.contains("secret-wifi"));
}

#[test]
fn a_request_comes_in_pieces_and_not_without_end() {
    let whole = format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 6\r\n\r\nssid=a");
    for part in 0..whole.len() {
        assert_eq!(Request::read(&whole.as_bytes()[..part]), Ok(None), "{part} bytes");
    }
    assert_eq!(Request::read(whole.as_bytes()).unwrap().unwrap().body, "ssid=a");
    for wrong in [
        "\0\0\0".to_owned(),
        "BREW / HTTP/1.1\r\n\r\n".to_owned(),
        "POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n".to_owned(),
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n".to_owned(),
        format!("GET /{} HTTP/1.1\r\n", "x".repeat(7000)),
    ] {
        assert_eq!(Request::read(wrong.as_bytes()), Err(Unreadable), "{}", &wrong[..3]);
    }
}

/// A question for `name`, as a phone asks it.
fn question(name: &str, kind: u8) -> Vec<u8> {
    let mut packet = vec![0xab, 0xcd, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in name.split('.') {
        packet.push(u8::try_from(label.len()).unwrap());
        packet.extend(label.as_bytes());
    }
    packet.extend([0, 0, kind, 0, 1]);
    packet
}

#[test]
fn every_name_is_here() {
    let asked = question("captive.apple.com", 1);
    let answer = dns::answer(&asked, [192, 168, 4, 1]).unwrap();
    assert_eq!(answer[..12], [0xab, 0xcd, 0x85, 0, 0, 1, 0, 1, 0, 0, 0, 0]);
    assert_eq!(answer[12..asked.len()], asked[12..]);
    assert_eq!(
        answer[asked.len()..],
        [0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 192, 168, 4, 1]
    );
    let empty = dns::answer(&question("captive.apple.com", 28), [192, 168, 4, 1]).unwrap();
    assert_eq!(
        (empty[7], empty.len()),
        (0, asked.len()),
        "no IPv6 here, and no waiting for it"
    );
}

#[test]
fn what_is_no_question_gets_no_answer() {
    let asked = question("a.b", 1);
    for cut in 0..asked.len() {
        assert_eq!(dns::answer(&asked[..cut], [0; 4]), None, "{cut} bytes");
    }
    let mut response = asked.clone();
    response[2] |= 0x80;
    assert_eq!(dns::answer(&response, [0; 4]), None);
    let mut endless = asked;
    endless[12] = 0xc0;
    assert_eq!(dns::answer(&endless, [0; 4]), None);
}
