//! Where the node listens, in words that can be typed into a browser.

use std::net::{IpAddr, SocketAddr, TcpListener};

/// Says in the log where the node listens. `0.0.0.0` stands for all addresses of a machine and is none itself, so an
/// address that can be opened is named beside it.
pub fn announce(listener: &TcpListener, address: SocketAddr) {
    match opened_as(address, is_for_ipv6_only(listener)) {
        None => tracing::info!("listening on http://{address}"),
        Some(host) => {
            tracing::info!(
                "listening on http://{address}; on this machine open http://{host}:{}",
                address.port()
            );
        }
    }
}

/// The host to open in the place of an address that stands for all of them.
fn opened_as(address: SocketAddr, is_for_ipv6_only: bool) -> Option<&'static str> {
    match address.ip().to_canonical() {
        ip if !ip.is_unspecified() => None,
        // The name may stand for 127.0.0.1 alone.
        IpAddr::V6(_) if is_for_ipv6_only => Some("[::1]"),
        _ => Some("localhost"),
    }
}

/// Whether a listener on `[::]` takes no connections over IPv4: the system's administrator may want it so.
fn is_for_ipv6_only(listener: &TcpListener) -> bool {
    rustix::net::sockopt::ipv6_v6only(listener).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_stands_for_all_is_named_as_one_that_can_be_opened() {
        let opened = |address: &str, only| opened_as(address.parse().unwrap(), only);
        assert_eq!(opened("0.0.0.0:5000", false), Some("localhost"));
        assert_eq!(opened("[::]:5000", false), Some("localhost"));
        assert_eq!(opened("[::]:5000", true), Some("[::1]"));
        assert_eq!(opened("[::ffff:0.0.0.0]:5000", false), Some("localhost"));
        for address in ["127.0.0.1:5000", "192.0.2.7:80", "[::1]:5000", "[fe80::1%2]:5000"] {
            assert_eq!(opened(address, false), None, "{address}");
        }
    }
}
