//! Turns the environment into a [`Config`], or into one line that says what to change.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::kakao::{self, KakaoConfig};
use super::variables::{self as var, Variable};
use super::{BrokerUrl, Config, Identity, MqttConfig, PublicUrl, PushHosts, Secret, SecretKey, TrustedProxies};
use crate::mail::MailConfig;
use crate::site;

/// Bytes that mean something in a `sqlite://` address.
const NOT_IN_A_PATH: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#');

/// The longest name of an instance: a broker may refuse longer client ids.
const LONGEST_INSTANCE: usize = 32;
/// Whoever guesses the broker's token can try the passwords of all devices.
const SHORTEST_MQTT_AUTH_TOKEN: usize = 32;

/// One wrong variable. Never holds the value: it may be a secret.
#[derive(Debug, thiserror::Error)]
#[error("{variable}: {problem} (example: {example})")]
pub struct ConfigError {
    variable: String,
    problem: String,
    example: &'static str,
}

impl ConfigError {
    pub(super) fn new(variable: &str, problem: &str, example: &'static str) -> Self {
        Self {
            variable: variable.to_owned(),
            problem: problem.to_owned(),
            example,
        }
    }
}

/// The `TEMPLOG_*` part of the environment; an empty value counts as unset.
struct Vars(BTreeMap<String, String>);

impl Config {
    /// Reads the variables that `templog serve --help` lists.
    ///
    /// # Errors
    /// The first variable whose value cannot be used.
    pub fn from_vars(vars: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Self, ConfigError> {
        let vars = Vars::collect(vars)?;
        let http_addr: SocketAddr = vars.address(&var::HTTP_ADDR)?;
        let data_dir = PathBuf::from(vars.get_or_default(&var::DATA_DIR));
        Ok(Self {
            http_addr,
            public_url: vars.public_url(http_addr.port())?,
            database_url: vars.database_url(&data_dir)?,
            mqtt: vars.mqtt()?,
            redis_url: vars.redis()?,
            mail: vars.mail(&data_dir)?,
            kakao: vars.kakao()?,
            push_hosts: vars.push_hosts()?,
            heartbeat_url: vars.heartbeat_url()?,
            data_dir,
            site_dir: vars.get(&var::SITE_DIR).map_or_else(default_site_dir, PathBuf::from),
            operator_token: vars.operator_token(),
            mqtt_auth_token: vars.mqtt_auth_token()?,
            secret_key: vars.secret_key()?,
            trusted_proxies: vars.trusted_proxies()?,
            unknown_variables: vars.unknown(),
        })
    }
}

impl Vars {
    fn collect(vars: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Self, ConfigError> {
        let mut known = BTreeMap::new();
        for (name, value) in vars {
            let Some(name) = name.to_str().filter(|name| name.starts_with("TEMPLOG_")) else {
                continue;
            };
            let Ok(value) = value.into_string() else {
                let variable = var::ALL.iter().find(|variable| variable.name == name);
                return Err(ConfigError {
                    variable: name.to_owned(),
                    problem: "is not UTF-8 text".to_owned(),
                    example: variable.map_or("plain text", |variable| variable.example),
                });
            };
            if !value.trim().is_empty() {
                known.insert(name.to_owned(), value.trim().to_owned());
            }
        }
        Ok(Self(known))
    }

    fn get(&self, variable: &Variable) -> Option<&str> {
        self.0.get(variable.name).map(String::as_str)
    }

    fn get_or_default<'a>(&'a self, variable: &'a Variable) -> &'a str {
        self.get(variable).unwrap_or(variable.default)
    }

    fn address(&self, variable: &Variable) -> Result<SocketAddr, ConfigError> {
        self.get_or_default(variable)
            .parse()
            .map_err(|_| wrong(variable, "is not an IP address and a port"))
    }

    fn public_url(&self, http_port: u16) -> Result<PublicUrl, ConfigError> {
        let local = format!("http://localhost:{http_port}");
        PublicUrl::parse(self.get(&var::PUBLIC_URL).unwrap_or(&local))
            .map_err(|problem| wrong(&var::PUBLIC_URL, problem))
    }

    fn database_url(&self, data_dir: &Path) -> Result<Secret, ConfigError> {
        let Some(url) = self.get(&var::DATABASE_URL) else {
            return Ok(sqlite_in(data_dir));
        };
        if url.starts_with("sqlite:") || url::Url::parse(url).is_ok_and(|url| names_a_mysql_base(&url)) {
            return Ok(Secret::new(url));
        }
        Err(wrong(
            &var::DATABASE_URL,
            "must be mysql://user:password@host/database (or sqlite://path?mode=rwc)",
        ))
    }

    fn mqtt(&self) -> Result<MqttConfig, ConfigError> {
        let listen = self.address(&var::MQTT_LISTEN)?;
        match self.get(&var::MQTT_URL) {
            None => Ok(MqttConfig::Embedded { listen }),
            Some(url) => {
                let url = BrokerUrl::parse(url).map_err(|problem| wrong(&var::MQTT_URL, problem))?;
                let instance = self.instance()?;
                let asks_us = self.get(&var::MQTT_AUTH_TOKEN).is_some();
                let identity = self.mqtt_identity(url.tls)?;
                Ok(MqttConfig::Link(BrokerUrl {
                    instance,
                    identity,
                    asks_us,
                    ..url
                }))
            }
        }
    }

    fn mqtt_identity(&self, tls: bool) -> Result<Option<Identity>, ConfigError> {
        match (self.get(&var::MQTT_CLIENT_CERT), self.get(&var::MQTT_CLIENT_KEY)) {
            (None, None) => Ok(None),
            (Some(_), Some(_)) if !tls => Err(wrong(&var::MQTT_CLIENT_CERT, "is for mqtts:// only")),
            (Some(certificate), Some(key)) => Ok(Some(Identity {
                certificate: certificate.into(),
                key: key.into(),
            })),
            (Some(_), None) => Err(wrong(&var::MQTT_CLIENT_KEY, "is needed with TEMPLOG_MQTT_CLIENT_CERT")),
            (None, Some(_)) => Err(wrong(&var::MQTT_CLIENT_CERT, "is needed with TEMPLOG_MQTT_CLIENT_KEY")),
        }
    }

    fn mqtt_auth_token(&self) -> Result<Option<Secret>, ConfigError> {
        match self.get(&var::MQTT_AUTH_TOKEN) {
            Some(token) if token.chars().count() < SHORTEST_MQTT_AUTH_TOKEN => {
                Err(wrong(&var::MQTT_AUTH_TOKEN, "must have 32 characters or more"))
            }
            token => Ok(token.map(Secret::new)),
        }
    }

    fn instance(&self) -> Result<String, ConfigError> {
        let name = self.get(&var::INSTANCE).unwrap_or_default();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if name.len() > LONGEST_INSTANCE || !name.bytes().all(is_plain) {
            return Err(wrong(&var::INSTANCE, "must be at most 32 letters, digits and hyphens"));
        }
        Ok(name.to_owned())
    }

    fn redis(&self) -> Result<Option<Secret>, ConfigError> {
        match self.get(&var::REDIS_URL) {
            None => Ok(None),
            Some(url) if url.starts_with("redis://") && redis::parse_redis_url(url).is_some() => {
                Ok(Some(Secret::new(url)))
            }
            Some(_) => Err(wrong(
                &var::REDIS_URL,
                "must be redis://host:port, with a database if you like",
            )),
        }
    }

    fn mail(&self, data_dir: &Path) -> Result<MailConfig, ConfigError> {
        let mail = MailConfig::parse(self.get(&var::SMTP_URL), self.get(&var::MAIL_FROM), data_dir);
        mail.map_err(|wrong| ConfigError {
            variable: wrong.variable.to_owned(),
            problem: wrong.problem.to_owned(),
            example: wrong.example,
        })
    }

    fn kakao(&self) -> Result<Option<KakaoConfig>, ConfigError> {
        let base = |variable: &'static Variable| {
            kakao::parse_base(self.get_or_default(variable))
                .ok_or_else(|| wrong(variable, "must begin with http:// or https:// and name a host"))
        };
        let (auth_base, api_base) = (base(&var::KAKAO_AUTH_BASE)?, base(&var::KAKAO_API_BASE)?);
        let client_secret = self.get(&var::KAKAO_CLIENT_SECRET).map(Secret::new);
        match self.get(&var::KAKAO_CLIENT_ID) {
            Some(client_id) => Ok(Some(KakaoConfig {
                client_id: client_id.to_owned(),
                client_secret,
                auth_base,
                api_base,
            })),
            None if client_secret.is_some() => Err(wrong(
                &var::KAKAO_CLIENT_ID,
                "must be set when TEMPLOG_KAKAO_CLIENT_SECRET is",
            )),
            None => Ok(None),
        }
    }

    fn push_hosts(&self) -> Result<PushHosts, ConfigError> {
        match self.get_or_default(&var::PUSH_HOSTS) {
            "public" => Ok(PushHosts::Public),
            "loopback" => Ok(PushHosts::AlsoLoopback),
            _ => Err(wrong(&var::PUSH_HOSTS, "must be `public` or `loopback`")),
        }
    }

    fn heartbeat_url(&self) -> Result<Option<Secret>, ConfigError> {
        match self.get(&var::HEARTBEAT_URL) {
            None => Ok(None),
            Some(text) if url::Url::parse(text).is_ok_and(|url| is_web(&url)) => Ok(Some(Secret::new(text))),
            Some(_) => Err(wrong(
                &var::HEARTBEAT_URL,
                "must begin with http:// or https:// and name a host",
            )),
        }
    }

    fn operator_token(&self) -> Option<Secret> {
        self.get(&var::OPERATOR_TOKEN).map(Secret::new)
    }

    fn secret_key(&self) -> Result<Option<SecretKey>, ConfigError> {
        let Some(text) = self.get(&var::SECRET_KEY) else {
            return Ok(None);
        };
        let key = SecretKey::parse(text).ok_or_else(|| wrong(&var::SECRET_KEY, "is not base64 of 32 bytes"))?;
        Ok(Some(key))
    }

    fn trusted_proxies(&self) -> Result<TrustedProxies, ConfigError> {
        let text = self.get(&var::TRUSTED_PROXIES).unwrap_or_default();
        TrustedProxies::parse(text).map_err(|problem| wrong(&var::TRUSTED_PROXIES, problem))
    }

    fn unknown(&self) -> Vec<String> {
        let is_known = |name: &str| var::ALL.iter().any(|variable| variable.name == name);
        self.0.keys().filter(|name| !is_known(name)).cloned().collect()
    }
}

fn wrong(variable: &Variable, problem: impl Into<String>) -> ConfigError {
    ConfigError {
        variable: variable.name.to_owned(),
        problem: problem.into(),
        example: variable.example,
    }
}

fn is_web(url: &url::Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host().is_some()
}

fn names_a_mysql_base(url: &url::Url) -> bool {
    url.scheme() == "mysql" && url.host().is_some() && url.path().len() > 1
}

fn sqlite_in(data_dir: &Path) -> Secret {
    let file = data_dir.join("templog.db");
    let path = file.to_string_lossy();
    Secret::new(format!(
        "sqlite://{}?mode=rwc",
        utf8_percent_encode(&path, NOT_IN_A_PATH)
    ))
}

/// The program itself, if it carries a site.
fn default_site_dir() -> PathBuf {
    let program = std::env::current_exe().ok();
    if let Some(program) = program.as_ref().filter(|program| site::is_carried_by(program)) {
        return program.clone();
    }
    let beside = program.and_then(|program| Some(program.parent()?.join("site")));
    beside
        .filter(|dir| dir.is_dir())
        .unwrap_or_else(|| PathBuf::from("target/site"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(vars: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_vars(vars.iter().map(|(name, value)| (name.into(), value.into())))
    }

    #[test]
    fn an_empty_environment_gives_a_complete_embedded_server() {
        let config = read(&[]).unwrap();

        assert_eq!(config.http_addr.to_string(), "127.0.0.1:3000");
        assert_eq!(config.public_url.origin(), "http://localhost:3000");
        assert_eq!(config.database_url.expose(), "sqlite://./data/templog.db?mode=rwc");
        assert_eq!(config.device_mqtt_url(), "mqtt://localhost:1883");
        assert!(matches!(config.mqtt, MqttConfig::Embedded { listen } if listen.port() == 1883));
    }

    #[test]
    fn each_url_swaps_one_part() {
        let config = read(&[
            ("TEMPLOG_DATABASE_URL", "mysql://u:pw@db/templog"),
            ("TEMPLOG_MQTT_URL", "mqtt://u:pw@broker"),
            ("TEMPLOG_HTTP_ADDR", "0.0.0.0:8080"),
        ])
        .unwrap();

        assert_eq!(config.database_url.expose(), "mysql://u:pw@db/templog");
        assert_eq!(config.device_mqtt_url(), "mqtt://broker:1883");
        assert_eq!(config.public_url.origin(), "http://localhost:8080");
    }

    #[test]
    fn an_instance_has_a_plain_name_at_the_broker() {
        let read = |name| read(&[("TEMPLOG_MQTT_URL", "mqtt://broker"), ("TEMPLOG_INSTANCE", name)]);
        let MqttConfig::Link(broker) = read("eu-2").unwrap().mqtt else {
            panic!("a broker outside was named")
        };
        assert_eq!(broker.instance, "eu-2");
        assert!(read("b/+").is_err() && read(&"x".repeat(33)).is_err());
    }

    #[test]
    fn an_empty_value_is_the_same_as_none() {
        let config = read(&[("TEMPLOG_MQTT_URL", ""), ("TEMPLOG_HTTP_ADDR", " ")]).unwrap();
        assert_eq!(config.device_mqtt_url(), "mqtt://localhost:1883");
    }

    #[test]
    fn a_wrong_value_is_one_line_naming_variable_problem_and_example() {
        let wrong = [
            ("TEMPLOG_HTTP_ADDR", "localhost"),
            ("TEMPLOG_PUBLIC_URL", "home.example"),
            ("TEMPLOG_DATABASE_URL", "postgres://u:hunter2@db/templog"),
            ("TEMPLOG_DATABASE_URL", "mysql://u:hunter2@db"),
            ("TEMPLOG_MQTT_URL", "broker:1883"),
            ("TEMPLOG_MQTT_LISTEN", "1883"),
            ("TEMPLOG_REDIS_URL", "http://u:hunter2@cache.example"),
            ("TEMPLOG_SMTP_URL", "http://u:hunter2@mail.example"),
            ("TEMPLOG_MAIL_FROM", "nobody"),
            ("TEMPLOG_KAKAO_AUTH_BASE", "kauth.kakao.com"),
            ("TEMPLOG_KAKAO_API_BASE", "ftp://kapi.kakao.com"),
            ("TEMPLOG_PUSH_HOSTS", "hunter2"),
            ("TEMPLOG_HEARTBEAT_URL", "monitor.example/hunter2"),
            ("TEMPLOG_SECRET_KEY", "hunter2"),
            ("TEMPLOG_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example"),
        ];
        for (name, value) in wrong {
            let line = read(&[(name, value)]).unwrap_err().to_string();
            assert!(line.starts_with(&format!("{name}: ")), "{line}");
            assert!(line.contains("(example: "), "{line}");
            assert!(!line.contains('\n'), "{line}");
            assert!(!line.contains("hunter2"), "a secret is never shown: {line}");
        }
    }

    #[test]
    fn every_example_of_an_address_is_itself_a_right_value() {
        let literal = [
            var::HTTP_ADDR,
            var::PUBLIC_URL,
            var::DATA_DIR,
            var::DATABASE_URL,
            var::MQTT_URL,
            var::MQTT_LISTEN,
            var::REDIS_URL,
            var::INSTANCE,
            var::MAIL_FROM,
            var::KAKAO_CLIENT_ID,
            var::KAKAO_AUTH_BASE,
            var::KAKAO_API_BASE,
            var::PUSH_HOSTS,
            var::HEARTBEAT_URL,
            var::SITE_DIR,
            var::TRUSTED_PROXIES,
        ];
        for variable in literal {
            assert!(read(&[(variable.name, variable.example)]).is_ok(), "{}", variable.name);
        }
    }

    #[test]
    fn any_operator_token_is_taken_and_a_short_one_is_called_weak() {
        let read = |token| read(&[("TEMPLOG_OPERATOR_TOKEN", token)]).unwrap();
        assert_eq!(read("shop").operator_token.as_ref().unwrap().expose(), "shop");
        assert!(read("shop").has_weak_operator_token());
        assert!(!read("abcdefghijklmnopqrstuvwxyz012345").has_weak_operator_token());
        assert!(!read("").has_weak_operator_token(), "none at all is not weak");
    }

    #[test]
    fn a_mail_server_needs_a_sender() {
        let smtp = (var::SMTP_URL.name, var::SMTP_URL.example);
        let line = read(&[smtp]).unwrap_err().to_string();
        assert!(line.starts_with("TEMPLOG_MAIL_FROM: "), "{line}");
        assert!(read(&[smtp, (var::MAIL_FROM.name, var::MAIL_FROM.example)]).is_ok());
    }

    #[test]
    fn kakao_is_offered_with_a_key_and_at_its_own_address_unless_told_otherwise() {
        assert!(read(&[]).unwrap().kakao.is_none());
        let kakao = read(&[("TEMPLOG_KAKAO_CLIENT_ID", "key")]).unwrap().kakao.unwrap();
        assert_eq!(kakao.auth_base, "https://kauth.kakao.com");
        assert_eq!(kakao.api_base, "https://kapi.kakao.com");
        assert!(kakao.client_secret.is_none());

        let line = read(&[("TEMPLOG_KAKAO_CLIENT_SECRET", "s")]).unwrap_err().to_string();
        assert!(line.starts_with("TEMPLOG_KAKAO_CLIENT_ID: "), "{line}");
    }

    #[test]
    fn a_variable_nobody_reads_is_told_of() {
        let config = read(&[("TEMPLOG_HTTP_ADR", "0.0.0.0:80"), ("PATH", "/bin")]).unwrap();
        assert_eq!(config.unknown_variables, ["TEMPLOG_HTTP_ADR"]);
    }

    #[test]
    fn a_debug_print_holds_no_secret() {
        let secret = "abcdefghijklmnopqrstuvwxyz0123456789";
        let key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
        let config = read(&[
            ("TEMPLOG_OPERATOR_TOKEN", secret),
            ("TEMPLOG_SECRET_KEY", key),
            ("TEMPLOG_DATABASE_URL", "mysql://u:hunter2@db/t"),
            ("TEMPLOG_MQTT_URL", "mqtt://u:hunter3@broker"),
            ("TEMPLOG_SMTP_URL", "smtps://u:hunter4@mail.example"),
            ("TEMPLOG_MAIL_FROM", "home@example.com"),
            ("TEMPLOG_KAKAO_CLIENT_ID", "rest-api-key"),
            ("TEMPLOG_KAKAO_CLIENT_SECRET", "hunter5"),
            ("TEMPLOG_HEARTBEAT_URL", "https://monitor.example/hunter6"),
        ])
        .unwrap();

        let shown = format!("{config:?}");

        for hidden in [
            secret, key, "hunter2", "hunter3", "hunter4", "hunter5", "hunter6", "0123",
        ] {
            assert!(!shown.contains(hidden), "{hidden} in {shown}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_text_are_refused_by_name() {
        use std::os::unix::ffi::OsStringExt as _;
        let vars = [("TEMPLOG_DATA_DIR".into(), OsString::from_vec(vec![0xff]))];
        let line = Config::from_vars(vars).unwrap_err().to_string();
        assert!(line.starts_with("TEMPLOG_DATA_DIR: is not UTF-8"), "{line}");
    }
}
