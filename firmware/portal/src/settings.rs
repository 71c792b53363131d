//! What a device must know before it can do anything, and what of it is refused, with a reason each.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};

use domain::serial::Serial;
use serde::{Deserialize, Serialize};

/// IEEE 802.11: 1 to 32 bytes.
const SSID_BYTES: core::ops::RangeInclusive<usize> = 1..=32;
/// WPA2: 8 to 63 characters; none for an open network.
const WIFI_PASSWORD_BYTES: core::ops::RangeInclusive<usize> = 8..=63;
const MAX_HOST_BYTES: usize = 128;
const MAX_PASSWORD_BYTES: usize = 128;

/// Where readings go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broker {
    /// Name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

/// Who the device is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Name, username and topic.
    pub serial: Serial,
    /// Its proof; never shown again.
    pub password: String,
}

/// Everything.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The network's name.
    pub ssid: String,
    /// Empty for an open network.
    pub wifi_password: String,
    /// Where readings go.
    pub broker: Broker,
    /// Who the device is.
    pub credentials: Credentials,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The network.
    Ssid,
    /// Its password.
    WifiPassword,
    /// The line from the sticker, which is the next three in one.
    Line,
    /// The server.
    Server,
    /// The serial.
    Serial,
    /// The device's password.
    Password,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw(pub Field);

/// What was typed, as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub ssid: String,
    pub wifi_password: String,
    pub line: String,
    pub server: String,
    pub serial: String,
    pub password: String,
}

impl Typed {
    /// The settings meant.
    ///
    /// # Errors
    /// The first field that cannot be right.
    pub fn settings(&self) -> Result<Settings, Flaw> {
        let flaw = |field| Flaw(field);
        // Spaces belong to some networks' names, and to passwords.
        if !SSID_BYTES.contains(&self.ssid.len()) {
            return Err(flaw(Field::Ssid));
        }
        if !self.wifi_password.is_empty() && !WIFI_PASSWORD_BYTES.contains(&self.wifi_password.len()) {
            return Err(flaw(Field::WifiPassword));
        }
        let (broker, credentials) = if self.line.trim().is_empty() {
            (
                Broker::parse(&self.server).ok_or(flaw(Field::Server))?,
                Credentials::new(&self.serial, &self.password)?,
            )
        } else {
            read_line(self.line.trim()).ok_or(flaw(Field::Line))?
        };
        Ok(Settings {
            ssid: self.ssid.clone(),
            wifi_password: self.wifi_password.clone(),
            broker,
            credentials,
        })
    }
}

impl Credentials {
    fn new(serial: &str, password: &str) -> Result<Self, Flaw> {
        let password = password.trim();
        let serial = serial.trim().to_uppercase().parse().map_err(|_| Flaw(Field::Serial))?;
        if password.is_empty() || password.len() > MAX_PASSWORD_BYTES {
            return Err(Flaw(Field::Password));
        }
        Ok(Self {
            serial,
            password: password.to_owned(),
        })
    }
}

impl Broker {
    /// `mqtt://host:port`, `host:port` or `host`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('/');
        let text = text.strip_prefix("mqtt://").unwrap_or(text);
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, port.parse().ok().filter(|port| *port > 0)?),
            None => (text, 1883),
        };
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let is_name = !host.is_empty() && host.len() <= MAX_HOST_BYTES && host.chars().all(allowed);
        is_name.then(|| Self {
            host: host.to_owned(),
            port,
        })
    }
}

/// Secrets stay out of logs.
impl core::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Credentials")
            .field("serial", &self.serial)
            .finish_non_exhaustive()
    }
}

/// Secrets stay out of logs.
impl core::fmt::Debug for Settings {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut shown = f.debug_struct("Settings");
        shown.field("ssid", &self.ssid).field("broker", &self.broker);
        shown.field("credentials", &self.credentials).finish_non_exhaustive()
    }
}

impl core::fmt::Display for Broker {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "mqtt://{}:{}", self.host, self.port)
    }
}

/// A product as the shop prints it, as far as it matters here.
#[derive(Deserialize)]
struct Product {
    mqtt: Mqtt,
}

#[derive(Deserialize)]
struct Mqtt {
    url: String,
    username: String,
    password: String,
}

/// What a QR code or a shop's mail gives in one piece: `mqtt://SERIAL:PASSWORD@host:port`, or the JSON that
/// `templog product create` prints for the device, with or without the list around it.
fn read_line(line: &str) -> Option<(Broker, Credentials)> {
    if let Some(rest) = line.strip_prefix("mqtt://") {
        let (who, place) = rest.rsplit_once('@')?;
        let (serial, password) = who.split_once(':')?;
        return Some((Broker::parse(place)?, Credentials::new(serial, password).ok()?));
    }
    let object = line.trim_start_matches('[').trim_end_matches(']');
    let Product { mqtt } = serde_json::from_str(object).ok()?;
    let credentials = Credentials::new(&mqtt.username, &mqtt.password).ok()?;
    Some((Broker::parse(&mqtt.url)?, credentials))
}

impl Settings {
    /// As kept in flash.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what was kept.
    pub fn from_json(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// What the form shows again; passwords never leave the device.
    pub fn typed(&self) -> Typed {
        Typed {
            ssid: self.ssid.clone(),
            server: self.broker.to_string(),
            serial: self.credentials.serial.to_string(),
            ..Typed::default()
        }
    }
}
