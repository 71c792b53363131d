//! The program as it is released: one file, copied anywhere, serves everything.

use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use reqwest::Method;
use tempfile::TempDir;

use crate::harness::browser::Browser;
use crate::harness::process::{Service, free_port, is_listening, run};

/// The first bytes of every WebAssembly file.
const WASM: &[u8] = b"\0asm\x01\0\0\0";

/// The program of this build, with a site in it, alone in an empty folder.
fn packed() -> TempDir {
    let site = TempDir::new().unwrap();
    fs::create_dir(site.path().join("pkg")).unwrap();
    fs::write(site.path().join("pkg/templog.wasm"), WASM).unwrap();
    fs::write(site.path().join("pkg/templog.wasm.br"), "compressed beforehand").unwrap();
    let dir = TempDir::new().unwrap();
    let mut pack = Command::new(env!("CARGO_BIN_EXE_templog"));
    pack.arg("pack").arg("--site").arg(site.path());
    run(pack.arg("--into").arg(dir.path().join("templog")));
    dir
}

fn start(dir: &TempDir, http: SocketAddr) -> Service {
    let data = dir.path().join("data").display().to_string();
    let env = [
        ("TEMPLOG_HTTP_ADDR", http.to_string()),
        ("TEMPLOG_MQTT_LISTEN", format!("127.0.0.1:{}", free_port())),
        ("TEMPLOG_DATA_DIR", data),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let program = dir.path().join("templog");
    let log = dir.path().join("templog.log");
    let mut service = Service::start("templog", &program, &["serve".to_owned()], &env, &log);
    service.wait_until(|| is_listening(http));
    service
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_copied_anywhere_serves_its_page_and_what_the_page_loads() {
    let dir = packed();
    let http = SocketAddr::from(([127, 0, 0, 1], free_port()));
    // Twice: at the second start the site is there already.
    for _ in 0..2 {
        let mut service = start(&dir, http);
        let browser = Browser::new(http);
        let page = browser.get("/sign-in").await;
        assert_eq!(page.status(), 200);
        assert!(
            page.text().await.unwrap().contains("/pkg/templog"),
            "it loads its script"
        );

        let plain = browser.get("/pkg/templog.wasm").await;
        assert_eq!(
            (plain.status().as_u16(), &plain.headers()["content-type"]),
            (200, &"application/wasm".parse().unwrap())
        );
        assert_eq!(plain.bytes().await.unwrap(), WASM);
        let request = browser.request(Method::GET, "/pkg/templog.wasm");
        let packed = request.header("accept-encoding", "br").send().await.unwrap();
        assert_eq!(packed.headers()["content-encoding"], "br");
        assert_eq!(packed.text().await.unwrap(), "compressed beforehand");
        assert_eq!(service.terminate(), Some(0));
    }
}
