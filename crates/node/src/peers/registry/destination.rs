//! Addresses that cannot be a peer's, so that nobody can aim a node at them. Link-local addresses are a router or a
//! cloud's metadata service; multicast and broadcast reach many machines. Loopback and private networks are
//! allowed: a class uses them.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

use ledger_core::NodeAddress;

use crate::system::threads::{Panicked, blocking};

/// An address that cannot be a peer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub struct BadDestination {
    ip: IpAddr,
    kind: &'static str,
}

impl fmt::Display for BadDestination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no node can be at {}, which is {}", self.ip, self.kind)
    }
}

/// Why a peer's name leads nowhere.
#[derive(Debug)]
pub(in crate::peers) enum LookUpError {
    /// The name is unknown.
    Unknown(io::Error),
    /// It leads to an address that cannot be a peer's.
    BadDestination(BadDestination),
    /// The look-up panicked: a bug of ours.
    Failed(Panicked),
}

/// Checks an IP address, and the IPv4 address that it may be translated to.
///
/// # Errors
///
/// [`BadDestination`].
pub(super) fn check(ip: IpAddr) -> Result<(), BadDestination> {
    let kind = match ip {
        IpAddr::V4(ip) => kind_v4(ip),
        IpAddr::V6(ip) => kind_v6(ip).or_else(|| within(ip).into_iter().find_map(kind_v4)),
    };
    kind.map_or(Ok(()), |kind| Err(BadDestination { ip, kind }))
}

/// Checks all IP addresses of a host. Looks up a name, so it may block. An unknown name passes.
///
/// # Errors
///
/// [`BadDestination`] if any of them cannot be a peer's.
pub(super) fn check_host(host: &NodeAddress) -> Result<(), BadDestination> {
    let mut found = host.as_str().to_socket_addrs().into_iter().flatten();
    found.try_for_each(|found| check(found.ip()))
}

/// The IP address, if the host is not a name.
pub(super) fn literal(host: &NodeAddress) -> Option<IpAddr> {
    host.as_str().parse().ok().map(|address: SocketAddr| address.ip())
}

/// Looks up a peer's IP addresses, given as `host:port`, and checks them again: the name may lead elsewhere than at
/// its registration.
///
/// # Errors
///
/// [`LookUpError`].
pub(in crate::peers) async fn look_up(host: String) -> Result<Vec<SocketAddr>, LookUpError> {
    let found = blocking("looking up a name", move || host.to_socket_addrs().map(Vec::from_iter)).await;
    let found = found.map_err(LookUpError::Failed)?.map_err(LookUpError::Unknown)?;
    found.iter().try_for_each(|found| check(found.ip())).map_err(LookUpError::BadDestination)?;
    Ok(found)
}

/// The kind of an IPv4 address that is refused (IANA's special-purpose registry, RFC 6890).
fn kind_v4(ip: Ipv4Addr) -> Option<&'static str> {
    match ip.octets() {
        [0, ..] => Some("unspecified"),
        [169, 254, ..] => Some("link-local"),
        [224..=239, ..] => Some("multicast"),
        [255, 255, 255, 255] => Some("broadcast"),
        [240..=255, ..] => Some("reserved"),
        _ => None,
    }
}

/// What is wrong with an IPv6 address by itself. `::` is taken for the IPv4 address in it, which is unspecified.
fn kind_v6(ip: Ipv6Addr) -> Option<&'static str> {
    match ip.segments() {
        [0xfe80..=0xfebf, ..] => Some("link-local"),
        [0xff00..=0xffff, ..] => Some("multicast"),
        _ => None,
    }
}

/// The IPv4 address that an IPv6 address is translated or tunnelled to.
fn within(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Some(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match ip.segments() {
        // `::1` is loopback, not an embedded IPv4 address.
        [0, 0, 0, 0, 0, 0, 0, 1] => None,
        // Mapped and compatible (RFC 4291, section 2.5.5), and translated (RFC 6145).
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] => v4(high, low),
        // NAT64: the well-known prefix (RFC 6052), and those of a network's own (RFC 8215).
        [0x64, 0xff9b, 0 | 1, .., high, low] => v4(high, low),
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => v4(high, low),
        // Teredo, which inverts the bits (RFC 4380, section 4).
        [0x2001, 0, .., high, low] => v4(!high, !low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(ip: &str) -> Option<&'static str> {
        check(ip.parse().unwrap()).err().map(|refused| refused.kind)
    }

    #[test]
    fn special_addresses_are_refused() {
        for (ips, expected) in [
            (&["0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0"][..], "unspecified"),
            (&["169.254.0.0", "169.254.169.254", "169.254.255.255"], "link-local"),
            (&["fe80::1", "febf:ffff::1"], "link-local"),
            (&["224.0.0.1", "239.255.255.255", "ff02::1", "ffff::"], "multicast"),
            (&["255.255.255.255", "::ffff:255.255.255.255"], "broadcast"),
            (&["240.0.0.1", "255.255.255.254"], "reserved"),
        ] {
            for ip in ips {
                assert_eq!(kind(ip), Some(expected), "{ip}");
            }
        }
    }

    #[test]
    fn ipv6_does_not_hide_a_refused_ipv4_address() {
        for ip in [
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "::ffff:0:169.254.169.254",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::169.254.169.254",
            "64:ff9b:1:2:3:4:a9fe:a9fe",
            "2002:a9fe:a9fe::1",
            "2001:0:1:2:3:4:5601:5601",
        ] {
            assert_eq!(kind(ip), Some("link-local"), "{ip}");
        }
        assert_eq!(kind("2001:0:1:2:3:4:0:0"), Some("broadcast"));
    }

    #[test]
    fn addresses_of_a_class_are_allowed() {
        for ip in [
            "127.0.0.1",
            "127.255.255.255",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "192.0.2.7",
            "198.18.0.1",
            "1.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "223.255.255.255",
            "::1",
            "fd00::1",
            "fec0::1",
            "2001:db8::1",
            "2606:4700::1111",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:a00:1::1",
        ] {
            assert_eq!(kind(ip), None, "{ip}");
        }
    }
}
