//! Changes the list of peers.

use std::sync::Arc;

use ledger_core::NodeAddress;

use super::Writer;
use crate::events::Change;
use crate::ledger::{ChangeError, MAX_PEERS};
use crate::store::{add_peers, remove_peer};

impl Writer {
    pub(in crate::ledger) fn add_peers(
        &mut self,
        peers: Vec<NodeAddress>,
    ) -> Result<Vec<NodeAddress>, ChangeError> {
        let before = self.read(|view| view.peers.clone());
        let mut all = before.clone();
        all.extend(peers.iter().cloned());
        if all.len() > MAX_PEERS {
            return Err(ChangeError::TooManyPeers(all.len()));
        }
        self.store.durably(|connection| add_peers(connection, &peers))?;
        let added: Arc<[_]> = all.difference(&before).cloned().collect();
        if !added.is_empty() {
            let change = Change::PeersAdded { added, known: all.len() };
            self.publish(change, |view| view.peers = all.clone());
        }
        Ok(all.into_iter().collect())
    }

    pub(in crate::ledger) fn remove_peer(
        &mut self,
        peer: &NodeAddress,
    ) -> Result<Option<Vec<NodeAddress>>, ChangeError> {
        let mut all = self.read(|view| view.peers.clone());
        if !all.remove(peer) {
            return Ok(None);
        }
        self.store.durably(|connection| remove_peer(connection, peer))?;
        let change = Change::PeerRemoved { removed: peer.clone(), known: all.len() };
        self.publish(change, |view| view.peers = all.clone());
        Ok(Some(all.into_iter().collect()))
    }
}
