//! What the operator may decide: the command line and the environment of `templog`.
//!
//! Everything has a default, so `templog serve` alone is a complete server; each `TEMPLOG_*_URL`
//! swaps one embedded part for the real one. A wrong value stops the start with one line.

mod cli;
mod dotenv;
mod kakao;
mod mqtt;
mod proxies;
mod public_url;
mod push;
mod read;
mod secret;
mod secret_key;
mod variables;

use std::net::SocketAddr;
use std::path::PathBuf;

pub use cli::{Cli, Command, DemoArgs, ProductCommand, TokenCommand, UserCommand};
pub use dotenv::with_file as with_env_file;
pub use kakao::KakaoConfig;
pub use mqtt::{BrokerUrl, Identity, MqttConfig};
pub use proxies::TrustedProxies;
pub use public_url::PublicUrl;
pub use push::PushHosts;
pub use read::ConfigError;
pub use secret::Secret;
pub use secret_key::SecretKey;

use crate::mail::MailConfig;

/// The settings of one server process; made by [`Config::from_vars`] or, in tests, by hand.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where HTTP is served; port 0 takes a free one.
    pub http_addr: SocketAddr,
    /// The address people type; decides cookies' names, HSTS and which `Origin` is ours.
    pub public_url: PublicUrl,
    /// Everything that must survive a restart and is not in a database server.
    pub data_dir: PathBuf,
    /// `sqlite:…` or `mysql://…`; a secret, because it may hold a password.
    pub database_url: Secret,
    /// Which of the two doors readings come in by.
    pub mqtt: MqttConfig,
    /// Where several instances tell each other what happened; a secret, because it may hold a password.
    pub redis_url: Option<Secret>,
    /// How mail leaves: into a folder, or to a mail server.
    pub mail: MailConfig,
    /// Our keys at Kakao; without them nobody can sign in that way.
    pub kakao: Option<KakaoConfig>,
    /// Where push services may be.
    pub push_hosts: PushHosts,
    /// Pinged while all is well, so that somebody outside can tell when it is not; a secret, because whoever knows it
    /// can say so in our place.
    pub heartbeat_url: Option<Secret>,
    /// The files built for the browser: `pkg/`, icons, manifest. A folder, or a program that carries them.
    pub site_dir: PathBuf,
    /// Bearer token of the shop's own system; `None` leaves the operator API to signed-in operators.
    pub operator_token: Option<Secret>,
    /// Bearer token of a broker outside that asks who may connect.
    pub mqtt_auth_token: Option<Secret>,
    /// Whose word on where a request comes from is believed.
    pub trusted_proxies: TrustedProxies,
    /// Signs sessions; `None` means the key kept in the data dir, made on the first start.
    pub secret_key: Option<SecretKey>,
    /// `TEMPLOG_*` variables that nobody reads: probably typing errors, worth a warning.
    pub unknown_variables: Vec<String>,
}

/// A shorter operator token could be guessed.
const STRONG_TOKEN_CHARS: usize = 32;

impl Config {
    /// Whether the operator token is so short that its owner should be told.
    pub fn has_weak_operator_token(&self) -> bool {
        let token = self.operator_token.as_ref();
        token.is_some_and(|token| token.expose().chars().count() < STRONG_TOKEN_CHARS)
    }

    /// The broker address a device must use, as printed on its data sheet. Carries no credentials.
    pub fn device_mqtt_url(&self) -> String {
        match &self.mqtt {
            MqttConfig::Embedded { listen } => {
                format!("mqtt://{}:{}", self.public_url.host(), listen.port())
            }
            MqttConfig::Link(broker) => broker.without_credentials(),
        }
    }
}
