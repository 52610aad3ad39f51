use libp2p::{
    Multiaddr, PeerId,
    core::transport::ListenerId,
    kad::{self, GetClosestPeersError, GetClosestPeersOk, QueryResult},
    mdns,
    multiaddr::Protocol,
    swarm::{FromSwarm, NetworkBehaviour, behaviour::NewListenAddr},
};
use tokio::time::Instant;

use super::{
    connections::without_peer,
    state::{DIALS_AT_ONCE, Driver},
};
use crate::{
    engine::discovery,
    gate::{is_private, is_tellable},
    peers::{Offence, Source},
    wire::NamedPeer,
};

impl Driver {
    /// Remembers the peers that another one named. Dials some at once if this node lacks peers.
    pub(super) fn on_peers_named(&mut self, from: PeerId, named: &[NamedPeer], now: Instant) {
        let limits = &self.settings.limits.peers;
        if named.len() > limits.exchanged || named.iter().any(|peer| peer.addresses.len() > limits.addresses)
        {
            return self.charge(from, Offence::FalseAnswer, "it named more peers than an answer may hold");
        }
        for peer in named {
            let Ok(id) = PeerId::from_bytes(&peer.id) else {
                return self.charge(from, Offence::Malformed, "it named a peer with an invalid id");
            };
            for address in &peer.addresses {
                if let Ok(address) = Multiaddr::try_from(address.to_vec()) {
                    self.hear_of(id, &address, from, now);
                }
            }
        }
        if self.lacks_peers() && self.dials_at_once.take(DIALS_AT_ONCE, 1.0, now) {
            self.dial_known(now);
        }
    }

    /// Remembers a peer that another one named. A distant peer cannot know our local network.
    fn hear_of(&mut self, peer: PeerId, address: &Multiaddr, from: PeerId, now: Instant) {
        let near = self.peers.address_of(&from).is_some_and(is_private);
        if is_tellable(address, near) {
            self.peers.learn(peer, without_peer(address), Source::Peer(from), now);
        }
    }

    pub(super) fn on_mdns(&mut self, event: mdns::Event) {
        if let mdns::Event::Discovered(found) = event {
            let now = Instant::now();
            for (peer, address) in found {
                self.peers.learn(peer, without_peer(&address), Source::LocalNetwork, now);
            }
            self.restart_mdns_if_full();
        }
    }

    /// Restarts mDNS if its list of addresses is full: libp2p keeps each address as long as its sender wants, and searches all
    /// of them for each new one. The table of peers keeps the addresses that matter.
    fn restart_mdns_if_full(&mut self) {
        let limits = &self.settings.limits.peers;
        let (own, most) = (*self.swarm.local_peer_id(), limits.known * limits.addresses);
        let found = self.swarm.behaviour().mdns.as_ref().map_or(0, |mdns| mdns.discovered_nodes().len());
        if found <= most {
            return;
        }
        let mut new = match discovery(self.settings.discover_every, own) {
            Ok(new) => new,
            Err(error) => {
                return tracing::warn!("mDNS not restarted, its list of {found} addresses is full: {error}");
            }
        };
        for addr in self.swarm.listeners() {
            let listener_id = ListenerId::next();
            new.on_swarm_event(FromSwarm::NewListenAddr(NewListenAddr { listener_id, addr }));
        }
        self.swarm.behaviour_mut().mdns = Some(new).into();
    }

    pub(super) fn on_kad(&mut self, event: kad::Event) {
        let kad::Event::OutboundQueryProgressed { result: QueryResult::GetClosestPeers(result), .. } = event
        else {
            return;
        };
        let (Ok(GetClosestPeersOk { peers, .. }) | Err(GetClosestPeersError::Timeout { peers, .. })) = result;
        let (own, now) = (*self.swarm.local_peer_id(), Instant::now());
        // If others reach us at a local address, local addresses of peers are of use, too.
        let near = self.swarm.external_addresses().any(is_private);
        let most = self.settings.limits.peers.addresses;
        for peer in peers {
            for address in peer.addrs.iter().filter(|address| is_tellable(address, near)).take(most) {
                // Kademlia does not say which peer named the address; all its answers together have one peer's share.
                self.peers.learn(peer.peer_id, without_peer(address), Source::Peer(own), now);
            }
        }
    }

    /// Notes the address at which a peer sees us. If its port is one that we listen on, no router has changed it, and others
    /// reach us there too. Believes every peer that we dialled: a false address only makes others dial in vain.
    pub(super) fn note_observed(&mut self, peer: PeerId, address: Multiaddr) {
        let ports: Vec<_> = self.swarm.listeners().filter_map(port).collect();
        let dialled = self.peers.has_dialled(&peer);
        let full = self.swarm.external_addresses().count() >= self.settings.limits.peers.addresses;
        if dialled
            && !full
            && is_tellable(&address, false)
            && port(&address).is_some_and(|port| ports.contains(&port))
        {
            self.swarm.add_external_address(without_peer(&address));
        }
    }
}

fn port(address: &Multiaddr) -> Option<u16> {
    address.iter().find_map(|part| match part {
        Protocol::Tcp(port) => Some(port),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;
    use libp2p::swarm::SwarmEvent;

    use super::*;
    use crate::{
        driver::state::testing::{driver, driver_with},
        identity::Identity,
        network_id::NetworkId,
        peers::Direction,
        settings::{Limits, Settings, Transport},
    };

    fn address(last: usize, port: u16) -> Multiaddr {
        format!("/ip4/8.8.8.{last}/tcp/{port}").parse().unwrap()
    }

    #[tokio::test]
    async fn answer_with_too_many_peers_or_addresses_is_charged() {
        let (limits, now) = (Limits::default(), Instant::now());
        let (peers, addresses) = (limits.peers.exchanged, limits.peers.addresses);
        let addresses_of = |count| (0..count).map(|last| address(last, 1).to_vec().into()).collect();
        for (peers, addresses, offences) in
            [(peers, addresses, 0), (peers + 1, addresses, 1), (peers, addresses + 1, 1)]
        {
            let (mut driver, _events) = driver(limits.clone());
            let named =
                || NamedPeer { id: PeerId::random().to_bytes().into(), addresses: addresses_of(addresses) };
            let named: Vec<_> = (0..peers).map(|_| named()).collect();
            driver.on_peers_named(PeerId::random(), &named, now);
            assert_eq!(driver.counts.offences[Offence::FalseAnswer as usize], offences);
            // The charged peer is known, too.
            assert_eq!(driver.peers.infos(now).len(), if offences == 0 { peers } else { 1 });
        }
    }

    #[tokio::test]
    async fn only_dialled_peers_tell_us_our_address() {
        let network = NetworkId::new("test", "classic", 4).unwrap();
        let (mut driver, _events) = driver_with(Settings {
            listen: vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()],
            transport: Transport::Tcp,
            ..Settings::new(network, Identity::generate())
        });
        let port = loop {
            if let SwarmEvent::NewListenAddr { address, .. } = driver.swarm.select_next_some().await {
                break port(&address).unwrap();
            }
        };
        let [dialled, other] = [(); 2].map(|()| PeerId::random());
        for (peer, direction) in [(dialled, Direction::Outbound), (other, Direction::Inbound)] {
            driver.peers.connected(peer, direction, address(1, 1), Instant::now());
        }
        driver.note_observed(other, address(1, port));
        driver.note_observed(dialled, address(1, port ^ 1));
        driver.note_observed(dialled, format!("/ip4/10.0.0.1/tcp/{port}").parse().unwrap());
        assert_eq!(driver.swarm.external_addresses().count(), 0);
        (1..10).for_each(|last| driver.note_observed(dialled, address(last, port)));
        let believed: Vec<_> = driver.swarm.external_addresses().cloned().collect();
        assert_eq!(believed.len(), driver.settings.limits.peers.addresses);
        assert!(believed.contains(&address(1, port)));
    }
}
