//! Mail into a folder, and the page that shows it to whoever sits at this machine.

use std::path::Path;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use domain::time::Timestamp;
use server::config::PublicUrl;
use server::mail::{Language, Mail, MailConfig, Mailer, Outgoing, mailbox};
use tempfile::TempDir;
use tower::ServiceExt as _;

struct House {
    data_dir: TempDir,
    mailer: Mailer,
    router: Router,
}

impl House {
    fn new() -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let config = MailConfig::parse(None, None, data_dir.path()).unwrap();
        let mailer = Mailer::new(&config).unwrap();
        let public_url = PublicUrl::parse("http://localhost:3000").unwrap();
        let router = mailbox::router(&config, "127.0.0.1:3000".parse().unwrap(), &public_url).unwrap();
        Self {
            data_dir,
            mailer,
            router,
        }
    }

    async fn send(&self, to: &str, number: i64, mail: Mail<'_>) {
        let (content, message_id) = (mail.render(Language::Ko), format!("{number:032x}"));
        let written_at = Timestamp::from_millis(1_795_161_600_000 + number);
        self.mailer
            .send(&Outgoing {
                to,
                message_id: &message_id,
                written_at,
                content: &content,
            })
            .await
            .unwrap();
    }

    async fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.router
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.ask(path, &[("host", "localhost:3000")]).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        String::from_utf8(to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
    }

    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.data_dir.path().join("outbox")).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

const CODE: Mail<'static> = Mail::VerifyAddress {
    code: "7K3F-9Q2M",
    minutes: 10,
};
const CHANGED: Mail<'static> = Mail::PasswordChanged {
    device: "Chrome",
    reset_url: "https://home.example/reset",
};

#[tokio::test]
async fn a_mail_becomes_one_file_that_any_mail_program_opens_and_only_its_owner_reads() {
    let house = House::new();
    house.send("ann@example.com", 1, CODE).await;
    house.send("ann@example.com", 1, CODE).await;

    let [file] = &house.files()[..] else {
        panic!("a second attempt replaces the first: {:?}", house.files())
    };
    assert_eq!(Path::new(file).extension().unwrap(), "eml");
    let path = house.data_dir.path().join("outbox").join(file);
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.is_ascii());
    assert_eq!(mailparse::parse_mail(&bytes).unwrap().subparts.len(), 2);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn the_mailbox_lists_the_newest_first_and_shows_text_and_html() {
    let house = House::new();
    assert!(house.page("/dev/mailbox").await.contains("No mail yet."));
    house.send("ann@example.com", 1, CODE).await;
    house.send("bob@example.com", 2, CHANGED).await;

    let list = house.page("/dev/mailbox").await;
    let (bob, ann) = (
        list.find("비밀번호가 바뀌었어요").unwrap(),
        list.find("확인 코드 7K3F-9Q2M").unwrap(),
    );
    assert!(bob < ann, "{list}");
    let to_ann = house.page("/dev/mailbox?to=ann@example.com").await;
    assert!(
        to_ann.contains("7K3F-9Q2M") && !to_ann.contains("bob@example.com"),
        "{to_ann}"
    );

    let link = list.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    let text = house.page(link).await;
    assert!(
        text.contains("바꾼 곳: Chrome") && text.contains("<a href=\"https://home.example/reset\">"),
        "{text}"
    );
    let html = house.page(&format!("{link}/html")).await;
    assert!(html.contains("<strong>Chrome</strong>"), "{html}");
}

#[tokio::test]
async fn a_page_of_the_mailbox_can_run_and_fetch_nothing() {
    let house = House::new();
    house.send("ann@example.com", 1, CODE).await;
    let answer = house.ask("/dev/mailbox", &[("host", "localhost:3000")]).await;
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; ") && !policy.contains("script-src"),
        "{policy}"
    );
    assert_eq!(answer.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn whoever_comes_by_another_name_or_through_a_proxy_finds_nothing() {
    let house = House::new();
    house.send("ann@example.com", 1, CODE).await;
    let strangers: [&[(&str, &str)]; 7] = [
        &[],
        &[("host", "home.example")],
        &[("host", "localhost.evil.example")],
        &[("host", "127.0.0.1.evil.example:3000")],
        &[("host", "localhost@evil.example")],
        &[("host", "localhost:3000"), ("x-forwarded-for", "203.0.113.7")],
        &[("host", "localhost:3000"), ("forwarded", "for=203.0.113.7")],
    ];
    for headers in strangers {
        assert_eq!(
            house.ask("/dev/mailbox", headers).await.status(),
            StatusCode::NOT_FOUND,
            "{headers:?}"
        );
    }
    for host in ["localhost", "LOCALHOST:80", "127.0.0.1:3000", "[::1]:3000"] {
        assert_eq!(
            house.ask("/dev/mailbox", &[("host", host)]).await.status(),
            StatusCode::OK,
            "{host}"
        );
    }
}

#[tokio::test]
async fn no_name_leads_out_of_the_folder() {
    let house = House::new();
    house.send("ann@example.com", 1, CODE).await;
    std::fs::write(house.data_dir.path().join("secret.eml"), "Subject: secret\r\n\r\nkey").unwrap();
    for name in [
        "..%2Fsecret",
        "%2e%2e%2fsecret",
        "..%5Csecret",
        "%00",
        "nothing-here",
        ".",
        "%2Fetc%2Fpasswd",
    ] {
        for path in [format!("/dev/mailbox/{name}"), format!("/dev/mailbox/{name}/html")] {
            let answer = house.ask(&path, &[("host", "localhost")]).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}

#[tokio::test]
async fn a_server_shows_its_mailbox_only_as_long_as_nobody_else_can_reach_it() {
    use crate::harness::test_app::{Options, TestApp};

    let app = TestApp::spawn().await;
    let answer = app.browser().get("/dev/mailbox").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    app.stop().await;

    let known = TestApp::spawn_with(Options {
        public_url: Some("https://home.example"),
        ..Options::default()
    })
    .await;
    assert_eq!(known.browser().get("/dev/mailbox").await.status(), 404);
    known.stop().await;
}
