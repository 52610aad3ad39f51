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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::ledger;

    #[tokio::test]
    async fn peers_are_limited() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let peer = |port: usize| format!("localhost:{port}").parse::<NodeAddress>().unwrap();
        let all = ledger.add_peers((1..=MAX_PEERS).map(peer).collect()).await.unwrap();
        assert_eq!(all.len(), MAX_PEERS);
        assert_eq!(ledger.add_peers(vec![peer(1)]).await.unwrap(), all, "a known one");
        let more = ledger.add_peers(vec![peer(2_001), peer(2_002)]).await;
        assert!(matches!(more, Err(ChangeError::TooManyPeers(peers)) if peers == MAX_PEERS + 2));
        assert_eq!(ledger.remove_peer(peer(1)).await.unwrap().unwrap().len(), MAX_PEERS - 1);
        assert_eq!(ledger.remove_peer(peer(1)).await.unwrap(), None);
    }
}
