//! Where a neighbour is in the peer-to-peer network, by its `/status`.

use std::net::{IpAddr, SocketAddr};

use ledger_core::{NodeAddress, Printable};
use p2p::{Multiaddr, PeerId};
use serde::Deserialize;

use super::client::{Client, ClientError, Limits, StatusError};
use super::registry::look_up;
use crate::settings::Settings;

/// Where a neighbour says that it is in the peer-to-peer network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Its id there.
    pub id: PeerId,
    /// At most two addresses, both of the neighbour's own host.
    pub addresses: Vec<Multiaddr>,
}

/// Why a neighbour's place in the network is not known.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// It does not send its status.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// Its status is not that of a node.
    #[error("its /status is not that of a node: {}", Printable::foreign(.0))]
    NoStatus(serde_json::Error),
    /// Its id is invalid.
    #[error("its /status names an invalid p2p id: {:.100}", Printable::foreign(.0))]
    Id(String),
    /// Its host has no address of the kind that it listens on.
    #[error("its /status names no p2p port of its host that this node can reach")]
    NoAddress,
}

/// Asks neighbours where they are in the peer-to-peer network.
#[derive(Clone)]
pub struct Contacts(Client);

/// The part of a status that is read.
#[derive(Deserialize)]
struct Status {
    p2p: Option<P2p>,
}

#[derive(Deserialize)]
struct P2p {
    id: String,
    listen: Vec<String>,
}

impl Contacts {
    /// Asks within the time limits of the settings. Must be created on the thread that asks.
    pub fn new(settings: &Settings) -> Self {
        Self(Client::new(Limits::from(settings)))
    }

    /// Asks one neighbour. `None` if it is not in the network, such as a Python node.
    ///
    /// # Errors
    ///
    /// [`ContactError`] if it does not answer, or its answer is of no use.
    pub async fn ask(&self, neighbour: &NodeAddress) -> Result<Option<Contact>, ContactError> {
        let Some(status) = self.0.status(neighbour).await? else { return Ok(None) };
        let status: Status = serde_json::from_slice(&status).map_err(ContactError::NoStatus)?;
        let Some(P2p { id, listen }) = status.p2p else { return Ok(None) };
        let Ok(id) = id.parse() else { return Err(ContactError::Id(id)) };
        let hosts = look_up(neighbour.to_string()).await;
        let hosts = hosts.map_err(|error| StatusError::Client(ClientError::from(error)))?;
        let addresses = addresses(&hosts, &listen);
        if addresses.is_empty() { Err(ContactError::NoAddress) } else { Ok(Some(Contact { id, addresses })) }
    }
}

/// The neighbour's first IPv4 and first IPv6 address, each with the first port that it listens on there.
///
/// Only the ports are believed: a neighbour that could name hosts could make many nodes dial somebody else.
fn addresses(hosts: &[SocketAddr], listen: &[String]) -> Vec<Multiaddr> {
    let kinds = [("ip4", IpAddr::is_ipv4 as fn(&IpAddr) -> bool), ("ip6", IpAddr::is_ipv6)];
    let address = |(kind, is_of_kind): (&str, fn(&IpAddr) -> bool)| {
        let host = hosts.iter().map(|host| host.ip().to_canonical()).find(is_of_kind)?;
        let port = listen.iter().find_map(|address| port(address, kind))?;
        format!("/{kind}/{host}/tcp/{port}").parse().ok()
    };
    kinds.into_iter().filter_map(address).collect()
}

/// The TCP port of a plain multiaddr of this kind.
fn port(address: &str, kind: &str) -> Option<u16> {
    let mut parts = address.strip_prefix('/')?.splitn(4, '/');
    let (of_kind, _host, tcp, port) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    (of_kind == kind && tcp == "tcp").then(|| port.parse().ok())?.filter(|port| *port != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(hosts: &[&str], listen: &[&str]) -> Vec<String> {
        let hosts: Vec<SocketAddr> = hosts.iter().map(|host| host.parse().unwrap()).collect();
        let listen: Vec<String> = listen.iter().map(|&address| address.into()).collect();
        addresses(&hosts, &listen).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn address_is_the_neighbours_host_with_the_port_that_it_names() {
        let listen = ["/ip4/127.0.0.1/tcp/6000", "/ip4/10.0.0.9/tcp/6000", "/ip6/::1/tcp/6001"];
        assert_eq!(found(&["10.0.0.7:5000"], &listen), ["/ip4/10.0.0.7/tcp/6000"]);
        assert_eq!(found(&["[::ffff:10.0.0.7]:5000"], &listen), ["/ip4/10.0.0.7/tcp/6000"]);
        let both = ["[2001:db8::7]:5000", "10.0.0.7:5000"];
        assert_eq!(found(&both, &listen), ["/ip4/10.0.0.7/tcp/6000", "/ip6/2001:db8::7/tcp/6001"]);
        assert!(found(&["[2001:db8::7]:5000"], &listen[..2]).is_empty());
    }

    #[test]
    fn at_most_one_address_of_each_kind_is_used() {
        let listen: Vec<String> = (1..5_000)
            .flat_map(|port| [format!("/ip4/8.8.8.8/tcp/{port}"), format!("/ip6/2001:db8::8/tcp/{port}")])
            .collect();
        let hosts = ["10.0.0.7:5000", "10.0.0.8:5000", "[2001:db8::7]:5000", "[2001:db8::8]:5000"];
        let found = found(&hosts, &listen.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(found, ["/ip4/10.0.0.7/tcp/1", "/ip6/2001:db8::7/tcp/1"]);
    }

    #[test]
    fn addresses_that_are_no_plain_tcp_are_ignored() {
        let strange = [
            "",
            "/",
            "10.0.0.7:6000",
            "/ip4/10.0.0.7/udp/6000",
            "/ip4/10.0.0.7/tcp/0",
            "/ip4/10.0.0.7/tcp/70000",
            "/ip4/10.0.0.7/tcp/6000/ws",
            "/dns/example.org/tcp/6000",
            "/memory/7",
        ];
        assert!(found(&["10.0.0.7:5000"], &strange).is_empty());
    }
}
