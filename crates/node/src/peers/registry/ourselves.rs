//! Tells a peer from this node.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use ledger_core::NodeAddress;

/// Whether an address leads back to the node that listens on `ours`. Looks up names, so it may block.
///
/// A name that cannot be looked up is not ours: its node may be down.
pub(super) fn is_ourselves(address: &NodeAddress, ours: SocketAddr) -> bool {
    if address.port() != ours.port() {
        return false;
    }
    let host = address.host().trim_start_matches('[').trim_end_matches(']');
    let addresses = std::net::ToSocketAddrs::to_socket_addrs(&(host, address.port()));
    addresses.is_ok_and(|mut addresses| addresses.any(|found| reaches(found.ip(), ours.ip())))
}

/// Whether a listener on `ours` is reached at `ip`.
fn reaches(ip: IpAddr, ours: IpAddr) -> bool {
    let ip = ip.to_canonical();
    ip == ours || ip.is_unspecified() || (ours.is_unspecified() && is_local(ip))
}

/// Whether an IP address belongs to this machine: no other can be bound.
fn is_local(ip: IpAddr) -> bool {
    ip.is_loopback() || UdpSocket::bind((ip, 0)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_this_node_is_ourselves() {
        let ours: SocketAddr = "0.0.0.0:5000".parse().unwrap();
        for itself in [
            "localhost:5000",
            "127.0.0.1:5000",
            "127.0.0.2:5000",
            "0.0.0.0:5000",
            "[::1]:5000",
            "[::ffff:127.0.0.1]:5000",
        ] {
            assert!(is_ourselves(&itself.parse().unwrap(), ours), "{itself}");
        }
        for other in ["localhost:5001", "192.0.2.7:5000"] {
            assert!(!is_ourselves(&other.parse().unwrap(), ours), "{other}");
        }
        let one: SocketAddr = "127.0.0.1:5000".parse().unwrap();
        assert!(is_ourselves(&"127.0.0.1:5000".parse().unwrap(), one));
        assert!(!is_ourselves(&"127.0.0.2:5000".parse().unwrap(), one));
    }

    #[test]
    fn address_that_can_be_bound_to_is_this_machines() {
        assert!(is_local("0.0.0.0".parse().unwrap()));
        assert!(!is_local("192.0.2.7".parse().unwrap()));
    }
}
