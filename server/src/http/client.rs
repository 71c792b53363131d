//! Where a request really comes from: the address that limits are counted by and that people see beside their
//! sessions.
//!
//! Anybody can write `X-Forwarded-For`. So it is read only if the peer is one of our own proxies, and from the
//! right: each proxy appends whom it was asked by, so the rightmost address that is not a proxy of ours is the last
//! one that somebody trustworthy has seen. `Forwarded` (RFC 7239) is not read at all.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;

use super::AppState;
use crate::config::TrustedProxies;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Who is at the other end of the connection: the client, or a proxy.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The address of whoever made a request, IPv4 in its own shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

/// A trusted proxy says that the request reached it without TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameInClear;

impl<S: Sync> FromRequestParts<S> for ClientIp {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // Without a peer (a request that came by no socket) all share one address, so that limits still hold.
        let known = parts.extensions.get().copied();
        Ok(known.unwrap_or(Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

/// Middleware: leaves the [`ClientIp`] in the request's extensions.
pub async fn recognise(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if let Some(Peer(peer)) = request.extensions().get().copied() {
        let proxies = &state.config.trusted_proxies;
        let client = client_of(peer.ip(), request.headers(), proxies);
        if proxies.contains(peer.ip()) && last(request.headers(), &FORWARDED_PROTO) == Some("http") {
            request.extensions_mut().insert(CameInClear);
        }
        request.extensions_mut().insert(client);
    }
    next.run(request).await
}

fn client_of(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> ClientIp {
    let mut client = peer.to_canonical();
    let values = headers.get_all(FORWARDED_FOR).iter().rev();
    let hops = values.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    for hop in hops {
        if !proxies.contains(client) {
            break;
        }
        // Whatever a proxy of ours could not have written ends the chain.
        match address_of(hop.trim()) {
            Some(address) => client = address.to_canonical(),
            None => break,
        }
    }
    ClientIp(client)
}

/// An address, with or without a port (some proxies write one).
fn address_of(text: &str) -> Option<IpAddr> {
    let bare = text.trim_matches(['[', ']']).parse();
    bare.ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

fn last<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    value.rsplit(',').next().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn client(peer: &str, forwarded: &[&'static str], proxies: &str) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
        }
        let proxies = TrustedProxies::parse(proxies).unwrap();
        client_of(peer.parse().unwrap(), &headers, &proxies).0.to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(client("192.0.2.1", &["203.0.113.9"], ""), "192.0.2.1");
        assert_eq!(client("192.0.2.1", &["203.0.113.9"], "10.0.0.0/8"), "192.0.2.1");
    }

    #[test]
    fn the_rightmost_address_that_is_no_proxy_of_ours_is_the_client() {
        let ours = "10.0.0.0/8";
        assert_eq!(client("10.0.0.1", &["203.0.113.9"], ours), "203.0.113.9");
        assert_eq!(
            client("10.0.0.1", &["1.1.1.1, 203.0.113.9, 10.0.0.2"], ours),
            "203.0.113.9"
        );
        assert_eq!(
            client("10.0.0.1", &["1.1.1.1", "203.0.113.9", "10.0.0.2"], ours),
            "203.0.113.9"
        );
        assert_eq!(client("10.0.0.1", &["10.0.0.3, 10.0.0.2"], ours), "10.0.0.3");
        assert_eq!(client("10.0.0.1", &[], ours), "10.0.0.1");
    }

    #[test]
    fn rubbish_ends_the_chain_at_the_last_one_who_was_believed() {
        for rubbish in ["unknown", "", "1.1.1.1, _hidden", "203.0.113.9,", "256.1.1.1"] {
            assert_eq!(client("10.0.0.1", &[rubbish], "10.0.0.0/8"), "10.0.0.1", "{rubbish:?}");
        }
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        let ours = "10.0.0.0/8, ::1";
        assert_eq!(client("10.0.0.1", &["203.0.113.9:4711"], ours), "203.0.113.9");
        assert_eq!(client("::1", &["[2001:db8::7]:443"], ours), "2001:db8::7");
        assert_eq!(client("::1", &["[2001:db8::7]"], ours), "2001:db8::7");
        assert_eq!(client("::ffff:10.0.0.1", &["::ffff:203.0.113.9"], ours), "203.0.113.9");
    }
}
