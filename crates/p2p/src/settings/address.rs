use std::net::IpAddr;

use libp2p::{Multiaddr, multiaddr::Protocol};
use thiserror::Error;

/// A text that is not a peer's address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "invalid peer address {0:?}: expected host:port, such as 10.0.0.7:6000, or a multiaddr, such as /ip4/10.0.0.7/tcp/6000"
)]
pub struct InvalidAddress(String);

/// Reads an address of a peer: a multiaddr, or `host:port`.
///
/// # Errors
///
/// If it is neither.
pub fn parse_address(text: &str) -> Result<Multiaddr, InvalidAddress> {
    let invalid = || InvalidAddress(text.chars().take(100).collect());
    if text.starts_with('/') {
        return text.parse().ok().filter(is_tcp).ok_or_else(invalid);
    }
    let (host, port) = text.rsplit_once(':').ok_or_else(invalid)?;
    let port = port.parse().ok().filter(|&port| port != 0).ok_or_else(invalid)?;
    Ok(Multiaddr::from(host_of(host).ok_or_else(invalid)?).with(Protocol::Tcp(port)))
}

/// Whether the address is what this node can dial: a host, a TCP port, and perhaps the peer's id.
fn is_tcp(address: &Multiaddr) -> bool {
    use Protocol::{Dns, Dns4, Dns6, Dnsaddr, Ip4, Ip6, P2p, Tcp};
    let parts: Vec<Protocol<'_>> = address.iter().collect();
    matches!(
        parts[..],
        [Ip4(_) | Ip6(_) | Dns(_) | Dns4(_) | Dns6(_), Tcp(1..)]
            | [Ip4(_) | Ip6(_) | Dns(_) | Dns4(_) | Dns6(_), Tcp(1..), P2p(_)]
            | [Dnsaddr(_)]
            | [Dnsaddr(_), P2p(_)]
    )
}

fn host_of(host: &str) -> Option<Protocol<'_>> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match bare.unwrap_or(host).parse::<IpAddr>() {
        Ok(IpAddr::V6(ip)) => bare.map(|_| Protocol::Ip6(ip)),
        Ok(IpAddr::V4(ip)) => bare.is_none().then_some(Protocol::Ip4(ip)),
        Err(_) => is_name(host).then(|| Protocol::Dns(host.into())),
    }
}

fn is_name(host: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    (1..=253).contains(&host.len()) && host.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_port_are_an_address() {
        for (text, address) in [
            ("10.0.0.7:6000", "/ip4/10.0.0.7/tcp/6000"),
            ("[::1]:6000", "/ip6/::1/tcp/6000"),
            ("node-1.example:6000", "/dns/node-1.example/tcp/6000"),
        ] {
            assert_eq!(parse_address(text).unwrap().to_string(), address);
        }
    }

    #[test]
    fn multiaddr_names_a_host_and_a_tcp_port() {
        let id = "p2p/12D3KooWJkXVmJB9tQMF58kniF37neChLcNEHKtYRTD9wmeGU5W9";
        for host in ["ip4/10.0.0.7", "ip6/::1", "dns/a.example", "dns4/a.example", "dns6/a.example"] {
            let address = format!("/{host}/tcp/6000");
            for good in [format!("{address}/{id}"), address.clone()] {
                assert_eq!(parse_address(&good).unwrap().to_string(), good);
            }
            let udp = address.replace("tcp", "udp");
            let bad = [format!("/{host}"), format!("/{host}/tcp/0"), format!("{address}/ws"), udp.clone()];
            for bad in
                bad.into_iter().chain([format!("{udp}/quic-v1"), format!("{address}/{id}/p2p-circuit")])
            {
                assert!(parse_address(&bad).is_err(), "{bad}");
            }
        }
        assert!(parse_address(&format!("/dnsaddr/a.example/{id}")).is_ok());
        for bad in ["/", "/memory/7", "/unix/tmp", "/tcp/6000", "/p2p-circuit", &format!("/{id}")] {
            assert!(parse_address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn texts_that_name_no_peer_are_refused() {
        for text in [
            "",
            "10.0.0.7",
            ":6000",
            "10.0.0.7:0",
            "10.0.0.7:70000",
            "::1:6000",
            "a b:6000",
            "/ip4/x",
            "a/b:1",
        ] {
            assert!(parse_address(text).is_err(), "{text:?}");
        }
    }
}
