//! Which hosts a push service may be on. A browser names the address we connect to, so without this anybody with an
//! account could make the server knock on doors of its own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::config::PushHosts;

/// Nets inside `2000::/3` that lead elsewhere: protocol assignments with Teredo, documentation, 6to4.
const ELSEWHERE: [(u128, u32); 3] = [(0x2001 << 112, 23), (0x2001_0db8 << 96, 32), (0x2002 << 112, 16)];

/// Whether we may connect to this address.
pub fn may_reach(hosts: PushHosts, address: IpAddr) -> bool {
    let is_public = match address {
        IpAddr::V4(address) => is_public(address),
        IpAddr::V6(address) => address
            .to_ipv4_mapped()
            .map_or_else(|| is_public_v6(address), is_public),
    };
    is_public || (hosts == PushHosts::AlsoLoopback && address.is_loopback())
}

/// Everything but what IANA keeps for special purposes
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>).
fn is_public(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || matches!(
            (a, b, c),
            (0 | 240.., ..) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _)
        );
    !is_special
}

/// Only what is handed out as global unicast (`2000::/3`), without the nets that lead to other addresses.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    let is_in = |(net, length): (u128, u32)| (bits ^ net) >> (128 - length) == 0;
    is_in((0x2000 << 112, 3)) && !ELSEWHERE.into_iter().any(is_in)
}

/// Resolves names to addresses we may connect to. The check is made on what is connected to, so a name that changes its
/// mind in between gains nothing.
pub struct Guard(pub PushHosts);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let hosts = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let fit: Vec<SocketAddr> = found.filter(|address| may_reach(hosts, address.ip())).collect();
            if fit.is_empty() {
                return Err("the name leads to no public address".into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reaches(hosts: PushHosts, address: &str) -> bool {
        may_reach(hosts, address.parse().unwrap())
    }

    #[test]
    fn nothing_but_public_addresses_is_reached() {
        for inside in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.5.4",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!reaches(PushHosts::Public, inside), "{inside}");
        }
        for outside in ["142.250.0.1", "17.188.0.1", "2606:4700::1", "::ffff:8.8.8.8"] {
            assert!(reaches(PushHosts::Public, outside), "{outside}");
        }
    }

    #[test]
    fn a_test_reaches_its_own_machine_and_no_other_one() {
        assert!(reaches(PushHosts::AlsoLoopback, "127.0.0.1") && reaches(PushHosts::AlsoLoopback, "::1"));
        assert!(!reaches(PushHosts::AlsoLoopback, "192.168.0.1"));
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_not_resolved() {
        let name = || "localhost".parse().unwrap();
        assert!(Guard(PushHosts::Public).resolve(name()).await.is_err());
        assert!(Guard(PushHosts::AlsoLoopback).resolve(name()).await.is_ok());
    }
}
