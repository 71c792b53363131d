//! Files built for the browser.

use reqwest::Method;

use crate::harness::test_app::{Options, TestApp};

async fn site() -> (TestApp, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::create_dir(dir.path().join("pkg")).expect("a temporary folder can be written");
    std::fs::write(dir.path().join("pkg/templog.js"), "plain").expect("a temporary folder can be written");
    std::fs::write(dir.path().join("pkg/templog.js.br"), "brotli").expect("a temporary folder can be written");
    std::fs::write(dir.path().join("manifest.webmanifest"), "{}").expect("a temporary folder can be written");
    let app = TestApp::spawn_with(Options {
        site_dir: Some(dir.path().to_owned()),
        ..Options::default()
    })
    .await;
    (app, dir)
}

#[tokio::test]
async fn a_file_is_served_as_it_was_compressed_beforehand() {
    let (app, _dir) = site().await;
    for (accepted, encoding, text) in [("br, gzip", Some("br"), "brotli"), ("identity", None, "plain")] {
        let request = app.browser().request(Method::GET, "/pkg/templog.js");
        let answer = request.header("accept-encoding", accepted).send().await.unwrap();
        assert_eq!(
            answer
                .headers()
                .get("content-encoding")
                .map(|value| value.to_str().unwrap()),
            encoding
        );
        assert_eq!(answer.headers()["content-type"], "text/javascript");
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        assert_eq!(answer.text().await.unwrap(), text);
    }
}

#[tokio::test]
async fn a_file_that_has_not_changed_is_not_sent_again() {
    let (app, _dir) = site().await;
    let first = app.browser().get("/manifest.webmanifest").await;
    let modified = first.headers()["last-modified"].clone();
    let request = app.browser().request(Method::GET, "/manifest.webmanifest");
    let again = request.header("if-modified-since", modified).send().await.unwrap();
    assert_eq!(again.status(), 304);
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let (app, dir) = site().await;
    std::fs::write(dir.path().parent().unwrap().join("outside.txt"), "secret").unwrap();
    for path in [
        "/pkg/%2e%2e/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/pkg//../../outside.txt",
        "/pkg/..%5c..%5coutside.txt",
    ] {
        let answer = app.browser().get(path).await;
        assert_ne!(answer.status(), 200, "{path}");
        assert!(!answer.text().await.unwrap().contains("secret"), "{path}");
    }
    std::fs::remove_file(dir.path().parent().unwrap().join("outside.txt")).unwrap();
}

/// Where the files of this edition are, as a page says it.
async fn edition(app: &TestApp) -> String {
    let html = app.browser().get("/sign-in").await.text().await.unwrap();
    let named = html.split("data-files=\"").nth(1).expect("a page names its edition");
    named.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_of_this_edition_is_kept_for_good_and_of_no_other() {
    let (app, _dir) = site().await;
    let edition = edition(&app).await;
    let cases = [
        (
            format!("{edition}/pkg/templog.js"),
            200,
            "public, max-age=31536000, immutable",
        ),
        ("/v/before/pkg/templog.js".to_owned(), 200, "no-cache"),
        (format!("{edition}/pkg/nothing.js"), 404, "no-store"),
    ];
    for (path, status, kept) in cases {
        let answer = app.browser().get(&path).await;
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(answer.headers()["cache-control"], kept, "{path}");
    }
    let (other, dir) = site().await;
    assert_eq!(self::edition(&other).await, edition, "the same files");
    std::fs::write(dir.path().join("pkg/templog.css"), "a { color: red }").unwrap();
    let renewed = TestApp::spawn_with(Options {
        site_dir: Some(dir.path().to_owned()),
        ..Options::default()
    })
    .await;
    assert_ne!(self::edition(&renewed).await, edition, "another file");
}

#[tokio::test]
async fn the_worker_is_told_its_edition_and_asked_for_each_time() {
    let (app, _dir) = site().await;
    let edition = edition(&app).await;
    let answer = app.browser().get("/sw.js").await;
    assert_eq!(answer.headers()["cache-control"], "no-cache");
    assert_eq!(answer.headers()["content-type"], "text/javascript");
    let script = answer.text().await.unwrap();
    let name = edition.trim_start_matches("/v/");
    assert!(script.contains(&format!("self.EDITION = \"{name}\";")), "{script}");
}
