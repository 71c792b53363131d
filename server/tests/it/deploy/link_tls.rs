//! The link by TLS to a Mosquitto that runs with the very file that people get.

use std::net::SocketAddr;
use std::process::Command;

use server::products::Product;
use tempfile::TempDir;

use super::files::{Certificates, fill_in};
use crate::harness::dynsec;
use crate::harness::process::{Service, TemplogProcess, find_program, free_port, is_listening, wait_for};
use crate::harness::test_app::PATIENCE;

/// A broker that speaks TLS only.
struct Broker {
    address: SocketAddr,
    certificates: Certificates,
    _dir: TempDir,
    _service: Service,
}

impl Broker {
    fn start() -> Self {
        Self::start_with("")
    }

    /// One that lets only those in whom this authority vouches for.
    fn demanding(clients: &Certificates) -> Self {
        let authority = clients.authority();
        Self::start_with(&format!("cafile {}\nrequire_certificate true\n", authority.display()))
    }

    fn start_with(more: &str) -> Self {
        let certificates = Certificates::new();
        let dir = tempfile::tempdir().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let configuration = fill_in(
            "mosquitto/mosquitto.conf.template",
            &[
                ("TEMPLOG_MQTT_PORT", address.port().to_string()),
                ("TEMPLOG_MQTT_DATA", dir.path().display().to_string()),
                ("TEMPLOG_MQTT_PLUGIN", dynsec::plugin().to_owned()),
                ("TEMPLOG_CERTIFICATES", certificates.folder()),
            ],
        );
        // Tests may run as root, which Mosquitto refuses to be unless it is told so.
        let configuration = format!("user root\n{configuration}\n{more}");
        std::fs::write(dir.path().join("mosquitto.conf"), configuration).unwrap();
        dynsec::init(&dir.path().join("dynamic-security.json"));
        let args = ["-c".to_owned(), dir.path().join("mosquitto.conf").display().to_string()];
        let log = dir.path().join("mosquitto.log");
        let mut service = Service::start("mosquitto", &find_program("mosquitto"), &args, &[], &log);
        service.wait_until(|| is_listening(address));
        Self {
            address,
            certificates,
            _dir: dir,
            _service: service,
        }
    }

    fn url(&self) -> String {
        format!("mqtts://server:server-password@localhost:{}", self.address.port())
    }

    fn publish(&self, product: &Product) -> bool {
        let mut client = Command::new("mosquitto_pub");
        client.args([
            "-V",
            "5",
            "-q",
            "1",
            "-h",
            "localhost",
            "-p",
            &self.address.port().to_string(),
        ]);
        client.arg("--cafile").arg(self.certificates.authority());
        let (name, password) = (&product.mqtt.username, &product.mqtt.password);
        client.args(["-i", name, "-u", name, "-P", password]);
        client.args([
            "-t",
            &format!("templog/v1/{name}/telemetry"),
            "-m",
            "{\"t\":21.5,\"h\":48}",
        ]);
        client.output().is_ok_and(|output| output.status.success())
    }
}

fn is_stored(server: &TemplogProcess) -> Option<()> {
    let (_, metrics) = server.get("/metrics")?;
    metrics
        .lines()
        .any(|line| line == "templog_readings_total{outcome=\"stored\"} 1")
        .then_some(())
}

#[test]
fn a_reading_comes_in_by_tls_without_anybody_touching_the_brokers_accounts() {
    let broker = Broker::start();
    let authority = broker.certificates.authority().display().to_string();
    let server = TemplogProcess::start(&[("TEMPLOG_MQTT_URL", &broker.url()), ("SSL_CERT_FILE", &authority)]);
    server.command_with(&["user", "create", "mina@home.example"], "correct horse battery\n");
    let printed = server.command(&["product", "create", "--count", "1", "--owner", "mina@home.example"]);
    let products: Vec<Product> = serde_json::from_str(&printed).unwrap();

    let admitted = wait_for(PATIENCE, || broker.publish(&products[0]).then_some(()));

    assert!(admitted.is_some(), "the device is let in");
    assert!(
        wait_for(PATIENCE, || is_stored(&server)).is_some(),
        "the reading is stored"
    );
}

#[test]
fn a_broker_that_nobody_vouches_for_is_not_spoken_to() {
    let broker = Broker::start();
    let others = Certificates::new();
    let stranger = others.authority().display().to_string();
    let server = TemplogProcess::start_unready(&[("TEMPLOG_MQTT_URL", &broker.url()), ("SSL_CERT_FILE", &stranger)]);
    let says_why = || Some(server.log()).filter(|log| log.contains("certificate"));
    let said = wait_for(PATIENCE, says_why).expect("the log names the certificate");
    assert_eq!(server.readyz().map(|(status, _)| status), Some(503));
    assert!(!said.contains("server-password"), "{said}");
}

#[test]
fn a_broker_that_wants_a_certificate_gets_ours_and_lets_nobody_in_without() {
    let clients = Certificates::new();
    let broker = Broker::demanding(&clients);
    let authority = broker.certificates.authority().display().to_string();
    let common = [("TEMPLOG_MQTT_URL", broker.url()), ("SSL_CERT_FILE", authority)];
    let file = |name| format!("{}/{name}", clients.folder());
    let identity = [
        ("TEMPLOG_MQTT_CLIENT_CERT", file("fullchain.pem")),
        ("TEMPLOG_MQTT_CLIENT_KEY", file("privkey.pem")),
    ];
    let without: Vec<_> = common.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let with: Vec<_> = common
        .iter()
        .chain(&identity)
        .map(|(name, value)| (*name, value.as_str()))
        .collect();

    assert!(
        TemplogProcess::start(&with)
            .wait_readyz(200)
            .contains("\"broker\":\"ok\"")
    );
    let refused = TemplogProcess::start_unready(&without);
    let lost = || Some(refused.log()).filter(|log| log.contains("no connection to the MQTT broker"));
    assert!(wait_for(PATIENCE, lost).is_some());
    assert_eq!(refused.readyz().map(|(status, _)| status), Some(503));
}
