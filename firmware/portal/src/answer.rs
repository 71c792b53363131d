//! What a request is answered with.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::form;
use crate::page::{self, Language};
use crate::request::Request;
use crate::settings::{Settings, Typed};

/// A network that was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Its name.
    pub ssid: String,
    /// How loud, dBm.
    pub rssi: i8,
    /// Whether it wants a password.
    pub locked: bool,
}

/// A whole HTTP response, and what it means for the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// To be written as it is; then the connection ends.
    pub bytes: Vec<u8>,
    /// To be stored; then the device starts anew.
    pub settings: Option<Settings>,
}

/// The page and what it knows.
#[derive(Clone, Default)]
pub struct Portal {
    networks: Vec<Network>,
    known: Typed,
    host: String,
}

impl Portal {
    /// The portal at the address `host` (as a browser writes it), which heard `networks`; `known` are earlier settings,
    /// so that a new Wi-Fi password does not cost the rest.
    pub fn new(host: &str, mut networks: Vec<Network>, known: Option<&Settings>) -> Self {
        // Loudest first, each name once: several access points share one.
        networks.sort_by_key(|network| core::cmp::Reverse(network.rssi));
        let mut heard: Vec<Network> = Vec::new();
        for network in networks {
            if !network.ssid.is_empty() && heard.iter().all(|other| other.ssid != network.ssid) {
                heard.push(network);
            }
        }
        Self {
            networks: heard,
            known: known.map(Settings::typed).unwrap_or_default(),
            host: host.into(),
        }
    }

    /// Answers a request.
    pub fn answer(&self, request: &Request) -> Answer {
        // The phone looks whether it is in the internet and asks for some page of its maker: this is the sign.
        if request.host != self.host {
            return self.redirect();
        }
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let language = Language::choose(query, &request.languages);
        match (path, request.is_post) {
            ("/", false) => html(200, &page::form(language, &self.networks, &self.known, None), None),
            ("/", true) => self.save(language, &request.body),
            _ => self.redirect(),
        }
    }

    fn save(&self, language: Language, body: &str) -> Answer {
        let typed = Typed {
            ssid: match form::value(body, "ssid").as_str() {
                "" => form::value(body, "other"),
                chosen => chosen.into(),
            },
            wifi_password: form::value(body, "wifi_password"),
            line: form::value(body, "line"),
            server: form::value(body, "server"),
            serial: form::value(body, "serial"),
            password: form::value(body, "password"),
        };
        match typed.settings() {
            Ok(settings) => html(200, &page::saved(language, &settings), Some(settings)),
            Err(flaw) => html(422, &page::form(language, &self.networks, &typed, Some(flaw)), None),
        }
    }

    fn redirect(&self) -> Answer {
        let head = format!(
            "HTTP/1.1 302 Found\r\nLocation: http://{}/\r\nCache-Control: no-store\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            self.host
        );
        Answer {
            bytes: head.into_bytes(),
            settings: None,
        }
    }
}

fn html(status: u16, page: &str, settings: Option<Settings>) -> Answer {
    let reason = if status == 200 { "OK" } else { "Unprocessable Content" };
    let bytes = format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: \
         no-store\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action \
         'self'\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    Answer {
        bytes: bytes.into_bytes(),
        settings,
    }
}
