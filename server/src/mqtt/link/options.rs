//! How we introduce ourselves to the broker.

use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rumqttc::v5::MqttOptions;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Connect, ConnectProperties, Filter, Login, Packet, RetainForwardRule};
use rumqttc::{TlsConfiguration, Transport};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use domain::wire::topic::{REPLY_FILTER, STATUS_FILTER, TELEMETRY_FILTER};

use crate::config::{BrokerUrl, Identity, Secret};
use crate::error::{Error, Result};

/// Names the session at the broker, with the instance's own name behind it. It must not change from start to start, or
/// what was queued while we were away is lost.
const CLIENT_ID: &str = "templog-server";
/// How long the broker keeps our session and queues for it while we are away, s: a long weekend.
const SESSION_EXPIRY_S: u32 = 4 * 24 * 3600;
/// Unacknowledged messages the broker may have in the air: a few commits' worth.
const RECEIVE_MAXIMUM: u16 = 2_048;
/// Announced, so that the broker drops what is larger instead of sending what we cannot read, again and again.
pub(super) const MAX_PACKET_BYTES: u32 = 256 * 1024;
/// How often we speak, at least, unless the broker asks for more.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// For everything up to the broker's welcome.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where the broker is, and who we are there.
pub(super) struct Options {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Option<Arc<ClientConfig>>,
    client_id: String,
    /// Whether other instances share the readings with us.
    pub(super) is_one_of_several: bool,
    username: String,
    password: Secret,
}

impl Options {
    /// Options for the broker at `url`.
    ///
    /// # Errors
    /// If the system's certificates cannot be read, with TLS.
    pub(super) fn new(url: &BrokerUrl) -> Result<Self> {
        Ok(Self {
            host: url.host.clone(),
            port: url.port,
            tls: url.tls.then(|| tls(url.identity.as_ref())).transpose()?,
            client_id: client_id(&url.instance),
            is_one_of_several: !url.instance.is_empty(),
            username: url.username.clone(),
            password: url.password.clone(),
        })
    }

    /// The first packet of a connection.
    pub(super) fn hello(&self) -> Packet {
        // No topic alias maximum: a message's topic is always in the message.
        let properties = ConnectProperties {
            session_expiry_interval: Some(SESSION_EXPIRY_S),
            receive_maximum: Some(RECEIVE_MAXIMUM),
            max_packet_size: Some(MAX_PACKET_BYTES),
            ..ConnectProperties::new()
        };
        let connect = Connect {
            keep_alive: u16::try_from(KEEP_ALIVE.as_secs()).unwrap_or(u16::MAX),
            client_id: self.client_id.clone(),
            clean_start: false,
            properties: Some(properties),
        };
        let login = (!self.username.is_empty()).then(|| Login::new(&self.username, self.password.expose()));
        Packet::Connect(connect, None, login)
    }
}

fn client_id(instance: &str) -> String {
    if instance.is_empty() {
        CLIENT_ID.to_owned()
    } else {
        format!("{CLIENT_ID}-{instance}")
    }
}

/// The options of a connection beside the link: the same broker and account, a name of its own, and no session.
///
/// # Errors
/// If the system's certificates cannot be read, with TLS.
pub(in crate::mqtt) fn visitor_options(url: &BrokerUrl, client_id: &str) -> Result<MqttOptions> {
    let mut options = MqttOptions::new(client_id, &url.host, url.port);
    if !url.username.is_empty() {
        options.set_credentials(&url.username, url.password.expose());
    }
    options
        .set_keep_alive(KEEP_ALIVE)
        .set_clean_start(true)
        .set_connection_timeout(CONNECT_TIMEOUT.as_secs());
    if url.tls {
        options.set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(tls(url
            .identity
            .as_ref())?)));
    }
    Ok(options)
}

/// What we subscribe to.
///
/// Telemetry and replies are shared among the servers of one group. Status is not: a broker sends no retained
/// messages to a shared subscription, and after a restart it is the retained status that tells who is there. Each
/// server writes it down; it is the same row with the same content.
pub(super) fn subscriptions() -> [Filter; 3] {
    let [telemetry, replies] = shared_filters().map(|filter| Filter::new(filter, QoS::AtLeastOnce));
    let mut status = Filter::new(STATUS_FILTER, QoS::AtLeastOnce);
    status.retain_forward_rule = RetainForwardRule::OnNewSubscribe;
    [telemetry, replies, status]
}

/// Of these each message goes to one instance only.
pub(super) fn shared_filters() -> [String; 2] {
    [TELEMETRY_FILTER, REPLY_FILTER].map(|filter| format!("$share/templog/{filter}"))
}

/// Trusts what the system trusts; `SSL_CERT_FILE` names another bundle, for a private authority.
fn tls(identity: Option<&Identity>) -> Result<Arc<ClientConfig>> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let example = "for example SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt";
        return Err(Error::Config(format!(
            "TEMPLOG_MQTT_URL: mqtts:// needs certificates to trust, {example}"
        )));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Config(format!("TLS: {error}")))?
        .with_root_certificates(roots);
    let config = match identity {
        None => config.with_no_client_auth(),
        Some(identity) => {
            let (chain, key) = read_identity(identity)?;
            config
                .with_client_auth_cert(chain, key)
                .map_err(|error| unusable("TEMPLOG_MQTT_CLIENT_KEY", &identity.key, &error))?
        }
    };
    Ok(Arc::new(config))
}

fn read_identity(identity: &Identity) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let chain = CertificateDer::pem_file_iter(&identity.certificate)
        .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| unusable("TEMPLOG_MQTT_CLIENT_CERT", &identity.certificate, &error))?;
    let key = PrivateKeyDer::from_pem_file(&identity.key);
    let key = key.map_err(|error| unusable("TEMPLOG_MQTT_CLIENT_KEY", &identity.key, &error))?;
    Ok((chain, key))
}

fn unusable(variable: &str, file: &Path, problem: &dyn Display) -> Error {
    Error::Config(format!(
        "{variable}: {} cannot be used: {problem} (example: /etc/templog/client.pem)",
        file.display()
    ))
}
