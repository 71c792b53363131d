//! Which reverse proxies stand in front: only what they say about where a request comes from is believed.

use std::net::IpAddr;

use ipnet::IpNet;

/// Addresses and networks; none of them means that every peer is the client itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads `127.0.0.1, 10.0.0.0/8, fd00::/8`.
    ///
    /// # Errors
    /// What is wrong, in words for the operator.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let networks = entries.map(|entry| {
            let network = entry.parse::<IpNet>();
            network.or_else(|_| entry.parse::<IpAddr>().map(IpNet::from))
        });
        let networks: Result<_, _> = networks.collect();
        networks
            .map(Self)
            .map_err(|_| "is not a list of IP addresses and networks with commas between")
    }

    /// Whether this address is one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusts(list: &str, address: &str) -> bool {
        TrustedProxies::parse(list).unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn addresses_and_networks_are_trusted_and_nobody_else() {
        let list = "127.0.0.1, 10.0.0.0/8,fd00::/8";
        for trusted in ["127.0.0.1", "10.255.0.1", "fd12::1", "::ffff:10.1.2.3"] {
            assert!(trusts(list, trusted), "{trusted}");
        }
        for other in ["127.0.0.2", "11.0.0.1", "fe80::1", "::1"] {
            assert!(!trusts(list, other), "{other}");
        }
        assert!(!trusts("", "127.0.0.1"));
    }

    #[test]
    fn names_and_halves_of_networks_are_refused() {
        for wrong in ["proxy.example", "10.0.0.0/33", "10.0.0", "127.0.0.1;::1", "*"] {
            assert!(TrustedProxies::parse(wrong).is_err(), "{wrong}");
        }
    }
}
