//! nginx in front, with the very file that people get: https outside, cookies bound to the host, a live socket.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::StreamExt as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::files::{Certificates, fill_in};
use crate::harness::process::{Service, find_program, free_port, is_listening};
use crate::harness::test_app::{Options, PASSWORD, PATIENCE, Resident, TestApp};

const PUBLIC_URL: &str = "https://localhost";

/// nginx on a port of its own, before a server.
struct Front {
    address: SocketAddr,
    certificates: Certificates,
    _service: Service,
    _dir: TempDir,
}

impl Front {
    fn start(app: &TestApp) -> Self {
        let certificates = Certificates::new();
        let dir = tempfile::tempdir().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let site = fill_in(
            "nginx/templog.conf.template",
            &[
                ("TEMPLOG_HTTPS_PORT", address.port().to_string()),
                ("TEMPLOG_UPSTREAM", app.addr.to_string()),
                ("TEMPLOG_CERTIFICATES", certificates.folder()),
            ],
        );
        let folder = dir.path().display();
        std::fs::write(dir.path().join("templog.conf"), site).unwrap();
        // What Debian and the official image have around conf.d, in folders of the test's own.
        let around = format!(
            "daemon off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n\
             client_body_temp_path {folder}/body;\nproxy_temp_path {folder}/proxy;\nfastcgi_temp_path {folder}/fastcgi;\n\
             uwsgi_temp_path {folder}/uwsgi;\nscgi_temp_path {folder}/scgi;\ninclude {folder}/templog.conf;\n}}\n"
        );
        let file = dir.path().join("nginx.conf");
        std::fs::write(&file, around).unwrap();
        let args = ["-c".to_owned(), file.display().to_string()];
        let log = dir.path().join("nginx.log");
        let mut service = Service::start("nginx", &find_program("nginx"), &args, &[], &log);
        service.wait_until(|| is_listening(address));
        Self {
            address,
            certificates,
            _service: service,
            _dir: dir,
        }
    }

    async fn connect(&self) -> TlsStream<TcpStream> {
        let mut roots = rustls::RootCertStore::empty();
        let authority = CertificateDer::from_pem_file(self.certificates.authority()).unwrap();
        roots.add(authority).unwrap();
        let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(tls)).connect(name, stream).await.unwrap()
    }

    /// Sends one request and returns status line, headers and body as they come.
    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
        let is_open_ended = !headers.iter().any(|(name, _)| *name == "connection");
        let lines = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let close = is_open_ended.then(|| "connection: close\r\n".to_owned());
        let lines: String = lines.chain(close).collect();
        let length = body.len();
        let request =
            format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{lines}content-length: {length}\r\n\r\n{body}");
        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // nginx may end the connection without TLS's good-bye; what came until then is the answer.
        let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Signs in and returns the cookies as a browser would send them.
    async fn sign_in(&self) -> String {
        let body = json!({"email": "mina@home.example", "password": PASSWORD}).to_string();
        let headers = [("origin", PUBLIC_URL), ("content-type", "application/json")];
        let answer = self.ask("POST", "/api/v1/session", &headers, &body).await;
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
        let cookies: Vec<_> = values(&answer, "set-cookie");
        for cookie in &cookies {
            assert!(cookie.starts_with("__Host-") && cookie.contains("Secure"), "{cookie}");
        }
        let pairs: Vec<_> = cookies.iter().filter_map(|cookie| cookie.split(';').next()).collect();
        pairs.join("; ")
    }

    async fn socket(&self, cookies: &str) -> WebSocketStream<TlsStream<TcpStream>> {
        let mut request = "wss://localhost/ws/live".into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("origin", PUBLIC_URL.parse().unwrap());
        headers.insert("cookie", cookies.parse().unwrap());
        client_async(request, self.connect().await).await.unwrap().0
    }
}

/// Every value of a header.
fn values<'a>(answer: &'a str, name: &str) -> Vec<&'a str> {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let fields = head.lines().filter_map(|line| line.split_once(": "));
    fields
        .filter(|(field, _)| field.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
        .collect()
}

async fn behind_nginx() -> (TestApp, Front, Resident) {
    let app = TestApp::spawn_with(Options {
        public_url: Some(PUBLIC_URL),
        ..Options::default()
    })
    .await;
    let mina = app.resident("mina@home.example", 1).await;
    let front = Front::start(&app);
    (app, front, mina)
}

#[tokio::test]
async fn pages_and_their_headers_come_through_nginx_unchanged() {
    let (app, front, mina) = behind_nginx().await;
    let cookies = front.sign_in().await;

    let page = front
        .ask("GET", "/", &[("accept", "text/html"), ("cookie", &cookies)], "")
        .await;

    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert_eq!(values(&page, "content-security-policy").len(), 1);
    assert_eq!(values(&page, "strict-transport-security").len(), 1);
    assert_eq!(values(&page, "server"), ["nginx"], "without its version");
    assert!(page.contains(&mina.serial(0)));
    app.stop().await;
}

#[tokio::test]
async fn a_reading_reaches_an_open_socket_through_nginx() {
    let (app, front, mina) = behind_nginx().await;
    let cookies = front.sign_in().await;
    let mut socket = front.socket(&cookies).await;

    app.publish(&mina.devices[0], json!({"t": 21.5, "h": 48})).await;

    let heard = async {
        while let Some(message) = socket.next().await {
            let text = message.unwrap().into_text().unwrap_or_default();
            let said: Value = serde_json::from_str(&text).unwrap_or_default();
            if said["t"] == 21.5 {
                return;
            }
        }
        panic!("the socket was closed");
    };
    tokio::time::timeout(PATIENCE, heard)
        .await
        .expect("the reading arrives");
    app.stop().await;
}

#[tokio::test]
async fn a_page_of_another_site_gets_no_socket_through_nginx() {
    let (app, front, _) = behind_nginx().await;
    let cookies = front.sign_in().await;
    let headers = [
        ("origin", "https://evil.example"),
        ("cookie", &cookies),
        ("connection", "close, upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let refused = front.ask("GET", "/ws/live", &headers, "").await;
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    app.stop().await;
}
