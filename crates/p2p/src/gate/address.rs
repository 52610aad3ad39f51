use std::net::{IpAddr, Ipv6Addr};

use libp2p::{Multiaddr, multiaddr::Protocol};

/// The part of an address that one household or class shares: an IPv4 address, or an IPv6 /64. `None` without an IP address.
pub(crate) fn network_of(address: &Multiaddr) -> Option<IpAddr> {
    ip_of(address).map(|ip| match ip {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64))),
        ip => ip,
    })
}

fn ip_of(address: &Multiaddr) -> Option<IpAddr> {
    match address.iter().next()? {
        Protocol::Ip4(ip) => Some(ip.into()),
        Protocol::Ip6(ip) => Some(ip.to_canonical()),
        _ => None,
    }
}

/// Whether an address is valid only in a local network, or in this process. Host names are public.
pub(crate) fn is_private(address: &Multiaddr) -> bool {
    match ip_of(address) {
        Some(IpAddr::V4(ip)) => {
            let shared = ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64;
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified() || shared
        }
        Some(IpAddr::V6(ip)) => {
            ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
        None => !names_host(address),
    }
}

/// Whether an address names a host, which has to be looked up.
pub(crate) fn names_host(address: &Multiaddr) -> bool {
    use Protocol::{Dns, Dns4, Dns6, Dnsaddr};
    address.iter().any(|part| matches!(part, Dns(_) | Dns4(_) | Dns6(_) | Dnsaddr(_)))
}

/// Whether one peer may tell another this address. `near`: they are in one local network. Host names are not told: whoever
/// looks one up may find another host, such as one of its own local network.
pub(crate) fn is_tellable(address: &Multiaddr, near: bool) -> bool {
    !names_host(address) && (near || !is_private(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_told_nearby_only_and_names_never() {
        let tellable = |address: &str| {
            let address = address.parse().unwrap();
            [false, true].map(|near| is_tellable(&address, near))
        };
        assert_eq!(tellable("/ip4/8.8.8.8/tcp/1"), [true, true]);
        assert_eq!(tellable("/ip4/10.1.2.3/tcp/1"), [false, true]);
        for name in
            ["/dns/a/tcp/1", "/dns4/a/tcp/1", "/dns6/a/tcp/1", "/dnsaddr/a", "/ip4/8.8.8.8/dns/a/tcp/1"]
        {
            assert_eq!(tellable(name), [false, false], "{name}");
        }
    }

    fn private(address: &str) -> bool {
        is_private(&address.parse().unwrap())
    }

    #[test]
    fn local_addresses_are_private() {
        for ip in
            ["10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "0.0.0.0"]
        {
            assert!(private(&format!("/ip4/{ip}/tcp/1")), "{ip}");
        }
        for ip in ["::1", "::", "fe80::1", "fd00::1", "::ffff:10.0.0.1"] {
            assert!(private(&format!("/ip6/{ip}/tcp/1")), "{ip}");
        }
        assert!(private("/memory/7"));
    }

    #[test]
    fn other_addresses_are_public() {
        for address in [
            "/ip4/8.8.8.8/tcp/1",
            "/ip6/2001:db8::1/tcp/1",
            "/ip6/::ffff:8.8.8.8/tcp/1",
            "/dns/a.example/tcp/1",
        ] {
            assert!(!private(address), "{address}");
        }
    }

    #[test]
    fn network_is_an_address_or_half_of_one() {
        let network = |address: &str| network_of(&address.parse().unwrap()).map(|ip| ip.to_string());
        assert_eq!(network("/ip4/8.8.8.8/tcp/1"), Some("8.8.8.8".into()));
        assert_eq!(network("/ip6/2001:db8:1:2:3:4:5:6/tcp/1"), Some("2001:db8:1:2::".into()));
        assert_eq!(network("/ip6/::ffff:8.8.8.8/tcp/1"), Some("8.8.8.8".into()));
        assert_eq!(network("/memory/7"), None);
    }

    #[test]
    fn addresses_that_providers_share_are_private() {
        let is_private = |ip: &str| is_private(&format!("/ip4/{ip}/tcp/1").parse().unwrap());
        assert!(["100.64.0.1", "100.127.0.1"].into_iter().all(is_private));
        assert!(!["100.63.0.1", "100.128.0.1", "8.64.0.1"].into_iter().any(is_private));
    }
}
