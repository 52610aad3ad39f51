use std::{
    ops::{Deref, DerefMut},
    task::{Context, Poll},
};

use libp2p::{
    Multiaddr, PeerId,
    core::{Endpoint, transport::PortUse},
    kad::{self, store::MemoryStore},
    swarm::{
        ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent,
        THandlerOutEvent, ToSwarm,
    },
};

use crate::gate::is_tellable;

type Kademlia = kad::Behaviour<MemoryStore>;

/// Kademlia that looks up no host names. libp2p's own dials peers at the addresses that others told it, without asking us.
pub(crate) struct Nameless(pub(super) Kademlia);

impl Deref for Nameless {
    type Target = Kademlia;

    fn deref(&self) -> &Kademlia {
        &self.0
    }
}

impl DerefMut for Nameless {
    fn deref_mut(&mut self) -> &mut Kademlia {
        &mut self.0
    }
}

impl NetworkBehaviour for Nameless {
    type ConnectionHandler = THandler<Kademlia>;
    type ToSwarm = kad::Event;

    fn handle_pending_inbound_connection(
        &mut self,
        id: ConnectionId,
        local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        self.0.handle_pending_inbound_connection(id, local, remote)
    }

    fn handle_established_inbound_connection(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.0.handle_established_inbound_connection(id, peer, local, remote)
    }

    fn handle_pending_outbound_connection(
        &mut self,
        id: ConnectionId,
        peer: Option<PeerId>,
        addresses: &[Multiaddr],
        role: Endpoint,
    ) -> Result<Vec<Multiaddr>, ConnectionDenied> {
        let mut told = self.0.handle_pending_outbound_connection(id, peer, addresses, role)?;
        told.retain(|address| is_tellable(address, true));
        Ok(told)
    }

    fn handle_established_outbound_connection(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        address: &Multiaddr,
        role: Endpoint,
        port: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.0.handle_established_outbound_connection(id, peer, address, role, port)
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        self.0.on_swarm_event(event);
    }

    fn on_connection_handler_event(&mut self, peer: PeerId, id: ConnectionId, event: THandlerOutEvent<Self>) {
        self.0.on_connection_handler_event(peer, id, event);
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        self.0.poll(context)
    }
}

#[cfg(test)]
mod tests {
    use libp2p::kad::store::MemoryStore;

    use super::*;

    #[test]
    fn peer_is_never_dialled_by_name() {
        let (own, peer) = (PeerId::random(), PeerId::random());
        let mut kad = Nameless(Kademlia::new(own, MemoryStore::new(own)));
        let addresses: [Multiaddr; 2] =
            ["/dns/a/tcp/1", "/ip4/10.1.2.3/tcp/1"].map(|text| text.parse().unwrap());
        for address in &addresses {
            kad.add_address(&peer, address.clone());
        }
        let id = ConnectionId::new_unchecked(1);
        let dialled = kad.handle_pending_outbound_connection(id, Some(peer), &[], Endpoint::Dialer).unwrap();
        assert_eq!(dialled, [addresses[1].clone().with_p2p(peer).unwrap()]);
    }
}
