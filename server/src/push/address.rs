//! Where a browser can be told, as it says so itself: checked before it is stored.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use url::{Host, Url};

use super::encrypt::{AUTH_BYTES, KEY_BYTES, is_public_key};
use super::network::may_reach;
use crate::config::PushHosts;

/// Several times the longest of any push service.
const LONGEST_ENDPOINT: usize = 1_000;

/// What of an address cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// No https address of a public host.
    #[error("not an https address of a push service")]
    Endpoint,
    /// No public key on P-256.
    #[error("not a browser's public key")]
    Key,
    /// Not 16 bytes.
    #[error("not a browser's shared secret")]
    Auth,
}

/// A browser's address at its push service, with what it takes to write to it.
#[derive(Clone, Debug)]
pub struct Address {
    /// Where messages go.
    pub endpoint: Url,
    /// The browser's public key: an uncompressed point.
    pub(super) key: [u8; KEY_BYTES],
    /// What only the browser and we know.
    pub(super) auth: [u8; AUTH_BYTES],
}

impl Address {
    /// Reads what `PushSubscription.toJSON()` gives.
    ///
    /// # Errors
    /// The part that cannot be right.
    pub fn read(hosts: PushHosts, endpoint: &str, p256dh: &str, auth: &str) -> Result<Self, Unfit> {
        let endpoint = read_endpoint(hosts, endpoint).ok_or(Unfit::Endpoint)?;
        let key = bytes(p256dh).filter(is_public_key).ok_or(Unfit::Key)?;
        let auth = bytes(auth).ok_or(Unfit::Auth)?;
        Ok(Self { endpoint, key, auth })
    }
}

fn read_endpoint(hosts: PushHosts, text: &str) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= LONGEST_ENDPOINT)?;
    let literal = match url.host()? {
        Host::Domain("localhost") => Some(IpAddr::from([127, 0, 0, 1])),
        // Names are looked at when they are resolved; one without a dot can only be of this network.
        Host::Domain(name) => return (name.contains('.') && is_plain(&url, "https")).then_some(url),
        Host::Ipv4(address) => Some(IpAddr::from(address)),
        Host::Ipv6(address) => Some(IpAddr::from(address)),
    };
    let literal = literal.filter(|address| may_reach(hosts, *address))?;
    let may_be_in_clear = literal.is_loopback() && is_plain(&url, "http");
    (may_be_in_clear || is_plain(&url, "https")).then_some(url)
}

fn is_plain(url: &Url, scheme: &str) -> bool {
    url.scheme() == scheme && url.username().is_empty() && url.password().is_none()
}

/// Exactly so many bytes; browsers leave the padding out, some libraries do not.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let decoded = URL_SAFE_NO_PAD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()?;
    decoded.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of RFC 8291, appendix A.
    const KEY: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    fn read(endpoint: &str) -> Option<Unfit> {
        Address::read(PushHosts::Public, endpoint, KEY, AUTH).err()
    }

    #[test]
    fn an_endpoint_is_https_on_a_public_host() {
        for fit in [
            "https://fcm.googleapis.com/fcm/send/c1KrmpTuRm8:APA91b",
            "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
            "https://web.push.apple.com/QGuQ",
        ] {
            assert_eq!(read(fit), None, "{fit}");
        }
        for unfit in [
            "http://push.example/x",
            "https://localhost/x",
            "https://127.0.0.1/x",
            "https://127.1/x",
            "https://0x7f000001/x",
            "https://[::1]/x",
            "https://[::ffff:127.0.0.1]/x",
            "https://169.254.169.254/latest/meta-data",
            "https://192.168.0.1/x",
            "https://router/x",
            "https://user:pw@push.example/x",
            "ftp://push.example/x",
            "push.example",
            "",
            &format!("https://push.example/{}", "a".repeat(LONGEST_ENDPOINT)),
        ] {
            assert_eq!(read(unfit), Some(Unfit::Endpoint), "{unfit}");
        }
    }

    #[test]
    fn only_a_point_on_the_curve_is_a_key() {
        let read = |key: &str, auth: &str| Address::read(PushHosts::Public, "https://push.example/x", key, auth).err();
        assert_eq!(
            read(&format!("{KEY}="), &format!("{AUTH}==")),
            None,
            "padding does no harm"
        );
        for key in [
            "",
            "AAAA",
            &KEY.replace('B', "C"),
            &URL_SAFE_NO_PAD.encode([4_u8; KEY_BYTES]),
        ] {
            assert_eq!(read(key, AUTH), Some(Unfit::Key), "{key}");
        }
        assert_eq!(read(KEY, "AAAA"), Some(Unfit::Auth));
    }
}
