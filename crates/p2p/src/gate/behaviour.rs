use std::{
    collections::VecDeque,
    convert::Infallible,
    net::IpAddr,
    task::{Context, Poll},
};

use libp2p::{
    Multiaddr, PeerId,
    core::{ConnectedPoint, Endpoint, transport::PortUse},
    swarm::{
        CloseConnection, ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler,
        THandlerInEvent, THandlerOutEvent, ToSwarm, dummy,
    },
};

use tokio::time::Instant;

use super::{
    address::{is_private, network_of},
    counts::Counts,
    handshakes::Handshakes,
};
use crate::{peers::Direction, settings::PeerLimits};

/// Refuses surplus connections.
///
/// libp2p's own behaviour for this keeps an entry for each peer id that was ever connected, so strangers with new keys make
/// it grow without bound. It does not count by address, either.
pub(crate) struct Gate {
    limits: PeerLimits,
    counts: Counts,
    handshakes: Handshakes,
    /// Connections that give way to others.
    leaving: VecDeque<(PeerId, ConnectionId)>,
}

impl Gate {
    pub(crate) fn new(limits: PeerLimits) -> Self {
        Self {
            limits,
            counts: Counts::default(),
            handshakes: Handshakes::default(),
            leaving: VecDeque::new(),
        }
    }

    /// Takes a handshake from the address's budget, or refuses it. Private addresses count, too.
    fn allow_handshake(&mut self, id: ConnectionId, remote: &Multiaddr) -> Result<(), &'static str> {
        let rate = self.limits.handshakes_per_address;
        let allowed =
            network_of(remote).is_none_or(|network| self.handshakes.take(network, rate, Instant::now()));
        if allowed {
            return Ok(());
        }
        self.counts.end_pending(id);
        Err("too many handshakes from this address; try again in a few seconds")
    }
}

/// The network that a connection counts for. Private ones count for none: a class behind one router is no crowd.
fn counted(address: &Multiaddr) -> Option<IpAddr> {
    if is_private(address) { None } else { network_of(address) }
}

fn denied<T>(result: Result<T, &'static str>) -> Result<T, ConnectionDenied> {
    result.map_err(ConnectionDenied::new)
}

impl NetworkBehaviour for Gate {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        id: ConnectionId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        denied(self.counts.check_network(counted(remote), &self.limits))?;
        denied(self.counts.begin(id, Direction::Inbound, network_of(remote), &self.limits))?;
        denied(self.allow_handshake(id, remote))
    }

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        denied(self.counts.check_network(counted(remote), &self.limits))?;
        if !self.counts.is_connected(&peer) {
            self.leaving.extend(self.counts.make_room(network_of(remote), &self.limits));
        }
        denied(self.counts.check(peer, Direction::Inbound, &self.limits).map(|()| dummy::ConnectionHandler))
    }

    fn handle_pending_outbound_connection(
        &mut self,
        id: ConnectionId,
        _: Option<PeerId>,
        _: &[Multiaddr],
        _: Endpoint,
    ) -> Result<Vec<Multiaddr>, ConnectionDenied> {
        denied(self.counts.begin(id, Direction::Outbound, None, &self.limits).map(|()| Vec::new()))
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        denied(self.counts.check(peer, Direction::Outbound, &self.limits).map(|()| dummy::ConnectionHandler))
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionEstablished(open) => {
                let (direction, networks) = match open.endpoint {
                    ConnectedPoint::Listener { send_back_addr: from, .. } => {
                        (Direction::Inbound, (counted(from), network_of(from)))
                    }
                    ConnectedPoint::Dialer { .. } => (Direction::Outbound, (None, None)),
                };
                self.counts.open(open.connection_id, open.peer_id, direction, networks);
            }
            FromSwarm::ConnectionClosed(closed) => self.counts.close(closed.connection_id),
            FromSwarm::DialFailure(failed) => self.counts.end_pending(failed.connection_id),
            FromSwarm::ListenFailure(failed) => self.counts.end_pending(failed.connection_id),
            _ => {}
        }
    }

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: THandlerOutEvent<Self>) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        match self.leaving.pop_front() {
            Some((peer_id, connection)) => Poll::Ready(ToSwarm::CloseConnection {
                peer_id,
                connection: CloseConnection::One(connection),
            }),
            None => Poll::Pending,
        }
    }
}
