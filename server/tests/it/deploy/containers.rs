//! What the containers start with, outside a container.

use std::net::SocketAddr;
use std::path::Path;

use tempfile::TempDir;

use super::files::Certificates;
use crate::harness::dynsec;
use crate::harness::process::{Service, TemplogProcess, find_program, free_port, is_listening};

/// Mosquitto as `start.sh` starts it.
fn start_mosquitto(dir: &TempDir, certificates: &Certificates, address: SocketAddr) -> Service {
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/mosquitto");
    // Tests may run as root, which Mosquitto refuses to be unless it is told so.
    let template = std::fs::read_to_string(deploy.join("mosquitto.conf.template")).unwrap();
    let file = dir.path().join("template");
    std::fs::write(&file, format!("user root\n{template}")).unwrap();
    let env = [
        ("TEMPLOG_MQTT_PORT", address.port().to_string()),
        ("TEMPLOG_MQTT_DATA", dir.path().display().to_string()),
        ("TEMPLOG_MQTT_PLUGIN", dynsec::plugin().to_owned()),
        ("TEMPLOG_CERTIFICATES", certificates.folder()),
        ("TEMPLOG_MQTT_PASSWORD", "server-password".to_owned()),
        ("TEMPLOG_MQTT_TEMPLATE", file.display().to_string()),
        ("PATH", format!("{}:/usr/sbin", std::env::var("PATH").unwrap())),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let args = [deploy.join("start.sh").display().to_string()];
    let log = dir.path().join("mosquitto.log");
    let mut service = Service::start("mosquitto", &find_program("sh"), &args, &env, &log);
    service.wait_until(|| is_listening(address));
    service
}

#[test]
fn a_container_of_mosquitto_knows_the_server_from_its_first_start_and_forgets_nothing_at_its_second() {
    let (dir, certificates) = (TempDir::new().unwrap(), Certificates::new());
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let first = start_mosquitto(&dir, &certificates, address);
    let url = format!("mqtts://server:server-password@localhost:{}", address.port());
    let authority = certificates.authority().display().to_string();
    let server = TemplogProcess::start(&[("TEMPLOG_MQTT_URL", &url), ("SSL_CERT_FILE", &authority)]);
    assert!(server.wait_readyz(200).contains("\"broker\":\"ok\""));

    drop(first);
    server.wait_readyz(503);
    let _second = start_mosquitto(&dir, &certificates, address);
    server.wait_readyz(200);
}

#[test]
fn the_health_check_of_the_container_tells_a_server_that_works_from_one_that_does_not() {
    let mut server = TemplogProcess::start(&[]);
    let address = server.http.to_string();
    let ask = || {
        let mut health = std::process::Command::new(env!("CARGO_BIN_EXE_templog"));
        health.arg("health").env("TEMPLOG_HTTP_ADDR", &address);
        health.output().unwrap()
    };
    let well = ask();
    assert!(well.status.success());
    assert!(String::from_utf8_lossy(&well.stdout).contains("\"status\":\"ok\""));

    server.kill9();
    let gone = ask();
    assert_eq!(gone.status.code(), Some(1));
    let said = String::from_utf8_lossy(&gone.stderr).into_owned();
    assert!(said.contains("does not answer") && said.lines().count() == 1, "{said}");
}
