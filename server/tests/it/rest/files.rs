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
