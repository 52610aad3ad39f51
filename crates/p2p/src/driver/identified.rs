use std::time::Duration;

use libp2p::{
    Multiaddr, PeerId, identify,
    request_response::{self, Message},
};
use tokio::time::Instant;

use super::{connections::without_peer, state::Driver};
use crate::{
    event::Event,
    gate::{is_private, is_tellable},
    peers::{Offence, Source},
    printable::printable,
    wire::{Goodbye, Request},
};

/// How long a node of another network is not dialled again.
const OTHER_NETWORK: Duration = Duration::from_secs(3600);
const MAX_NETWORK: usize = 100;

impl Driver {
    pub(super) fn on_identify(&mut self, event: identify::Event) {
        if let identify::Event::Received { peer_id, info, .. } = event {
            if info.protocol_version == self.settings.network.root() {
                self.join(peer_id, info);
            } else {
                self.leave(peer_id, &info.protocol_version);
            }
        }
    }

    /// Lets a peer of our network join.
    fn join(&mut self, peer: PeerId, info: identify::Info) {
        if !self.peers.take_identification(&peer, Instant::now()) {
            return self.charge(peer, Offence::Useless, "it identifies itself too often");
        }
        let joined = self.peers.joined(peer, &info.agent_version);
        self.learn_listeners(peer, &info, joined.is_some());
        self.note_observed(peer, info.observed_addr);
        if let Some(direction) = joined {
            self.wanted.joined(peer, Instant::now());
            let agent = printable(&info.agent_version, 64);
            tracing::debug!("{peer} joined: {agent}");
            self.events.send(Event::Joined { peer, agent, direction });
            if self.lacks_peers() {
                self.ask_for_peers(peer);
            }
        }
    }

    /// Remembers where the peer listens. Addresses of its local network are of use only in that network.
    fn learn_listeners(&mut self, peer: PeerId, info: &identify::Info, has_joined: bool) {
        let now = Instant::now();
        let near = self.peers.address_of(&peer).is_some_and(is_private);
        let speaks_kad = info.protocols.contains(&self.settings.network.protocol("kad"));
        let most = self.settings.limits.peers.addresses;
        let usable = |address: &&Multiaddr| is_tellable(address, near);
        let mut is_news = has_joined;
        for address in info.listen_addrs.iter().take(4 * most).filter(usable).take(most) {
            is_news |= self.peers.learn(peer, without_peer(address), Source::Direct, now);
        }
        if speaks_kad && is_news {
            self.tell_kad(peer);
        }
    }

    /// Gives Kademlia the peer's addresses in our table instead of all that it ever heard, which it would keep.
    fn tell_kad(&mut self, peer: PeerId) {
        let kad = &mut self.swarm.behaviour_mut().kad;
        kad.remove_peer(&peer);
        for address in self.peers.addresses(&peer) {
            kad.add_address(&peer, address.clone());
        }
    }

    /// Tells a peer that it is of another network, and disconnects when it has acknowledged that, or after two seconds.
    fn leave(&mut self, peer: PeerId, theirs: &str) {
        let network = printable(theirs, MAX_NETWORK);
        let why = format!("it belongs to another network: {network}");
        self.peers.avoid(peer, &why, OTHER_NETWORK, Instant::now());
        let ours = Goodbye::OtherNetwork(self.settings.network.to_string());
        self.swarm.behaviour_mut().goodbye.send_request(&peer, ours);
        self.events.send(Event::OtherNetwork { peer, network });
    }

    pub(super) fn on_goodbye(&mut self, event: request_response::Event<Goodbye, ()>) {
        match event {
            request_response::Event::Message {
                peer,
                message: Message::Request { request, channel, .. },
                ..
            } => {
                let time = match request {
                    Goodbye::OtherNetwork(_) => OTHER_NETWORK,
                    Goodbye::Stops => Duration::ZERO,
                };
                self.peers.avoid(peer, &request.to_string(), time, Instant::now());
                // Err: it left without waiting for an answer.
                let _ = self.swarm.behaviour_mut().goodbye.send_response(channel, ());
            }
            request_response::Event::Message { peer, message: Message::Response { .. }, .. }
            | request_response::Event::OutboundFailure { peer, .. } => self.disconnect(peer),
            _ => {}
        }
    }

    pub(super) fn ask_for_peers(&mut self, peer: PeerId) {
        self.ask_without_reply(peer, Request::Peers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{driver::state::testing::driver, identity::Identity, settings::Limits};

    /// What a peer that listens at these addresses tells us.
    fn info(listen_addrs: Vec<Multiaddr>, protocols: Vec<libp2p::StreamProtocol>) -> identify::Info {
        identify::Info {
            public_key: Identity::generate().keypair().public(),
            protocol_version: String::new(),
            agent_version: String::new(),
            listen_addrs,
            protocols,
            observed_addr: Multiaddr::empty(),
            signed_peer_record: None,
        }
    }

    fn address(last: u8) -> Multiaddr {
        format!("/ip4/8.8.8.{last}/tcp/1").parse().unwrap()
    }

    #[tokio::test]
    async fn usable_address_is_found_among_the_first_ones() {
        let (mut driver, _events) = driver(Limits::default());
        let first = 4 * driver.settings.limits.peers.addresses;
        for (useless, found) in [(first - 1, 1), (first, 0)] {
            let (peer, name) = (PeerId::random(), "/dns/a.example/tcp/1".parse::<Multiaddr>().unwrap());
            let addresses = [vec![name; useless], vec![address(1)]].concat();
            driver.learn_listeners(peer, &info(addresses, Vec::new()), true);
            assert_eq!(driver.peers.addresses(&peer).len(), found, "after {useless}");
        }
    }

    #[tokio::test]
    async fn kademlia_is_told_news_of_peers_that_speak_it() {
        let (mut driver, _events) = driver(Limits::default());
        let kad = driver.settings.network.protocol("kad");
        for (speaks_kad, has_joined, is_new, is_told) in [
            (false, true, true, false),
            (true, false, false, false),
            (true, true, false, true),
            (true, false, true, true),
        ] {
            let peer = PeerId::random();
            driver.peers.learn(peer, address(1), Source::Direct, Instant::now());
            let protocols = if speaks_kad { vec![kad.clone()] } else { Vec::new() };
            let told = info(vec![address(if is_new { 2 } else { 1 })], protocols);
            driver.learn_listeners(peer, &told, has_joined);
            let bucket = driver.swarm.behaviour_mut().kad.kbucket(peer).unwrap();
            let known = bucket.iter().any(|entry| *entry.node.key.preimage() == peer);
            assert_eq!(known, is_told, "{speaks_kad}, {has_joined}, {is_new}");
        }
    }
}
