//! Which broker carries the readings: our own, or one outside.

use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

use super::Secret;

/// The door readings come in by.
#[derive(Debug, Clone)]
pub enum MqttConfig {
    /// The broker inside this process, listening here (port 0 takes a free one).
    Embedded {
        /// Where devices connect.
        listen: SocketAddr,
    },
    /// A broker of its own, Mosquitto ≥ 2.0.
    Link(BrokerUrl),
}

/// `mqtt://user:password@host:port`, or `mqtts://` for TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokerUrl {
    /// Whether the connection is TLS.
    pub tls: bool,
    /// Host name or address.
    pub host: String,
    /// 1883, or 8883 with TLS, unless given.
    pub port: u16,
    /// Empty if the address names no user.
    pub username: String,
    /// Empty if the address holds no password.
    pub password: Secret,
    /// This server's name among those that share the broker; empty if it is the only one.
    pub instance: String,
    /// What we show a broker that wants a certificate of its clients.
    pub identity: Option<Identity>,
    /// Whether the broker asks the server who may connect, and need not be told.
    pub asks_us: bool,
}

/// A client's certificate and its key, both PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The certificate, and those between it and its authority.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

impl BrokerUrl {
    /// Reads the address; percent-encoding in user and password is undone.
    ///
    /// # Errors
    /// What is wrong, in words for the operator.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "is not an address")?;
        let tls = match url.scheme() {
            "mqtt" => false,
            "mqtts" => true,
            _ => return Err("must begin with mqtt:// or mqtts://"),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("names no host")?;
        if !matches!(url.path(), "" | "/") || url.query().is_some() {
            return Err("must not hold a path or a query");
        }
        Ok(Self {
            tls,
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(if tls { 8883 } else { 1883 }),
            username: decode(url.username())?,
            password: Secret::new(decode(url.password().unwrap_or_default())?),
            instance: String::new(),
            identity: None,
            asks_us: false,
        })
    }

    /// The same address as a device may see it.
    pub fn without_credentials(&self) -> String {
        let scheme = if self.tls { "mqtts" } else { "mqtt" };
        if self.host.contains(':') {
            format!("{scheme}://[{}]:{}", self.host, self.port)
        } else {
            format!("{scheme}://{}:{}", self.host, self.port)
        }
    }
}

fn decode(text: &str) -> Result<String, &'static str> {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| "holds a user or password that is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_address_is_taken_apart_and_its_password_hidden() {
        let url = BrokerUrl::parse("mqtts://server:p%40ss@broker.example").unwrap();

        assert_eq!((url.tls, url.host.as_str(), url.port), (true, "broker.example", 8883));
        assert_eq!((url.username.as_str(), url.password.expose()), ("server", "p@ss"));
        assert_eq!(url.without_credentials(), "mqtts://broker.example:8883");
        assert!(!format!("{url:?}").contains("p@ss"));
    }

    #[test]
    fn an_ipv6_broker_keeps_its_brackets_only_where_they_belong() {
        let url = BrokerUrl::parse("mqtt://[::1]:1884").unwrap();
        assert_eq!(url.host, "::1");
        assert_eq!(url.without_credentials(), "mqtt://[::1]:1884");
    }

    #[test]
    fn addresses_of_something_else_are_refused() {
        for text in ["broker:1883", "tcp://broker", "mqtt://", "mqtt://broker/topic"] {
            assert!(BrokerUrl::parse(text).is_err(), "{text}");
        }
    }
}
