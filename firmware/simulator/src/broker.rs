//! Where the broker is.

use std::str::FromStr;

/// Address of an MQTT broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broker {
    /// Name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Whether to speak TLS.
    pub tls: bool,
}

/// Not an address of a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadBroker;

impl std::fmt::Display for BadBroker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a broker is mqtt://host:port or mqtts://host:port")
    }
}

impl std::error::Error for BadBroker {}

impl FromStr for Broker {
    type Err = BadBroker;

    fn from_str(url: &str) -> Result<Self, BadBroker> {
        let (scheme, rest) = url.split_once("://").ok_or(BadBroker)?;
        let (tls, default_port) = match scheme {
            "mqtt" => (false, 1883),
            "mqtts" => (true, 8883),
            _ => return Err(BadBroker),
        };
        let address = rest.trim_end_matches('/');
        // In [::1]:1883 only the last colon is before the port.
        let (host, port) = match address.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| BadBroker)?),
            _ => (address, default_port),
        };
        let valid = !host.is_empty() && !host.contains(['/', '@', ' ']);
        if valid {
            Ok(Self {
                host: host.to_owned(),
                port,
                tls,
            })
        } else {
            Err(BadBroker)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_and_perhaps_a_port() {
        for (url, host, port, tls) in [
            ("mqtt://localhost", "localhost", 1883, false),
            ("mqtt://127.0.0.1:7/", "127.0.0.1", 7, false),
            ("mqtts://home.example", "home.example", 8883, true),
            ("mqtt://[::1]:1884", "[::1]", 1884, false),
            ("mqtt://[::1]", "[::1]", 1883, false),
        ] {
            assert_eq!(
                url.parse(),
                Ok(Broker {
                    host: host.to_owned(),
                    port,
                    tls
                }),
                "{url}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for url in [
            "",
            "localhost:1883",
            "http://x",
            "mqtt://",
            "mqtt://:1883",
            "mqtt://h:x",
            "mqtt://u:p@h",
            "mqtt://h/t",
        ] {
            assert_eq!(url.parse::<Broker>(), Err(BadBroker), "{url}");
        }
    }
}
