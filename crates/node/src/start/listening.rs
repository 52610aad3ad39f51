//! Logs the URL of the node, so that it can be opened in a browser.

use std::net::{IpAddr, SocketAddr, TcpListener};

/// Logs where the node listens. `0.0.0.0` stands for all addresses of the machine and cannot be opened itself, so
/// the line adds one that can.
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

/// The host to open instead of an address that stands for all.
fn opened_as(address: SocketAddr, is_for_ipv6_only: bool) -> Option<&'static str> {
    match address.ip().to_canonical() {
        ip if !ip.is_unspecified() => None,
        // `localhost` may resolve to 127.0.0.1 only.
        IpAddr::V6(_) if is_for_ipv6_only => Some("[::1]"),
        _ => Some("localhost"),
    }
}

/// Whether a listener on `[::]` refuses IPv4: the administrator may have configured that.
fn is_for_ipv6_only(listener: &TcpListener) -> bool {
    rustix::net::sockopt::ipv6_v6only(listener).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::testing::Log;

    #[test]
    fn unspecified_address_is_shown_with_one_that_opens() {
        let opened = |address: &str, only| opened_as(address.parse().unwrap(), only);
        assert_eq!(opened("0.0.0.0:5000", false), Some("localhost"));
        assert_eq!(opened("[::]:5000", false), Some("localhost"));
        assert_eq!(opened("[::]:5000", true), Some("[::1]"));
        assert_eq!(opened("[::ffff:0.0.0.0]:5000", false), Some("localhost"));
        for address in ["127.0.0.1:5000", "192.0.2.7:80", "[::1]:5000", "[fe80::1%2]:5000"] {
            assert_eq!(opened(address, false), None, "{address}");
        }
    }

    #[test]
    fn address_is_announced_as_it_can_be_opened() {
        let ((log, _guard), listener) = (Log::begin(), TcpListener::bind("127.0.0.1:0").unwrap());
        announce(&listener, "127.0.0.1:5000".parse().unwrap());
        assert!(log.take().ends_with("listening on http://127.0.0.1:5000\n"));
        announce(&listener, "0.0.0.0:5000".parse().unwrap());
        let said = "listening on http://0.0.0.0:5000; on this machine open http://localhost:5000\n";
        assert!(log.take().ends_with(said));
    }
}
