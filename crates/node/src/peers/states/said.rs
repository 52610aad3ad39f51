//! What a neighbour says of itself.

use ledger_core::BlockHash;
use serde::Deserialize;

use crate::settings::NodeName;

/// The most links of a neighbour that are kept.
const MAX_LINKS: usize = 256;

/// The most characters of a link.
const MAX_LINK: usize = 260;

/// What a neighbour says of itself. Only its form is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The index of its last block.
    pub height: Option<u64>,
    /// Its id in the peer-to-peer network.
    pub id: Option<String>,
    /// To whom it is linked: addresses of its neighbours, ids of its peers in the peer-to-peer network.
    pub links: Vec<String>,
    /// The label that its owner gave it.
    pub name: Option<String>,
    /// The hash of its last block.
    pub tip: Option<BlockHash>,
    /// The fingerprint of its wallet.
    pub wallet: Option<String>,
}

/// The members of `/status` that are read.
#[derive(Deserialize)]
struct Status {
    height: Option<u64>,
    name: Option<String>,
    p2p: Option<P2p>,
    tip: Option<String>,
    wallet: Option<String>,
}

#[derive(Deserialize)]
struct P2p {
    id: Option<String>,
}

/// The answer of `/peers`.
#[derive(Deserialize)]
struct Peers {
    peers: Vec<Peer>,
}

#[derive(Deserialize)]
struct Peer {
    address: Option<String>,
    #[serde(default)]
    connected: bool,
    id: Option<String>,
    kind: String,
}

impl Said {
    /// Reads the answers of `/status` and of `/peers`. An invalid name or tip and texts that are too long are left out. An
    /// answer of another form says nothing.
    pub(super) fn read(status: &[u8], peers: Option<&[u8]>) -> Self {
        let links = peers.map(links).unwrap_or_default();
        let Ok(status) = serde_json::from_slice::<Status>(status) else {
            return Self { links, ..Self::default() };
        };
        let short = |text: &String| text.len() <= MAX_LINK;
        Self {
            height: status.height,
            id: status.p2p.and_then(|p2p| p2p.id).filter(short),
            links,
            name: status.name.filter(|name| NodeName::parse(name).is_ok()),
            tip: status.tip.and_then(|tip| tip.parse().ok()),
            wallet: status.wallet.filter(short),
        }
    }
}

fn links(peers: &[u8]) -> Vec<String> {
    let Ok(Peers { peers }) = serde_json::from_slice::<Peers>(peers) else { return Vec::new() };
    let link =
        |peer: Peer| if peer.kind == "http" { peer.address } else { peer.id.filter(|_| peer.connected) };
    peers.into_iter().filter_map(link).filter(|link| link.len() <= MAX_LINK).take(MAX_LINKS).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_of_both_answers_are_read() {
        let tip = "31e2e51003bafffe4fe82f0ab9f3daace617dacb327fc24e622258d075f3d080";
        let status = json!({
            "height": 12, "name": "wren", "p2p": { "id": "12D3" }, "tip": tip, "wallet": "77cc0f7c4ec8c82b",
        });
        let peers = json!({ "peers": [
            { "kind": "http", "address": "localhost:5001", "id": null, "connected": false },
            { "kind": "p2p", "address": "/ip4/192.0.2.7/tcp/1", "id": "12Da", "connected": true },
            { "kind": "p2p", "address": null, "id": "12Db", "connected": false },
        ] });
        let said = Said::read(status.to_string().as_bytes(), Some(peers.to_string().as_bytes()));
        assert_eq!((said.height, said.id.as_deref()), (Some(12), Some("12D3")));
        assert_eq!((said.name.as_deref(), said.wallet.as_deref()), (Some("wren"), Some("77cc0f7c4ec8c82b")));
        assert_eq!(said.tip.map(|tip| tip.to_string()).as_deref(), Some(tip));
        assert_eq!(said.links, ["localhost:5001", "12Da"]);
    }

    #[test]
    fn invalid_members_are_left_out() {
        assert_eq!(Said::read(b"<html>", Some(b"[]")), Said::default());
        let status =
            json!({ "height": 1, "name": "a\nb", "tip": "no hash", "wallet": "x".repeat(MAX_LINK + 1) });
        let said = Said::read(status.to_string().as_bytes(), None);
        assert_eq!(said, Said { height: Some(1), ..Said::default() });
        let many = vec![json!({ "kind": "http", "address": "a:1" }); 2 * MAX_LINKS];
        let said = Said::read(b"{}", Some(json!({ "peers": many }).to_string().as_bytes()));
        assert_eq!(said.links.len(), MAX_LINKS);
        let said = Said::read(b"<html>", Some(br#"{"peers": [{"kind": "http", "address": "a:1"}]}"#));
        assert_eq!(said, Said { links: vec!["a:1".to_owned()], ..Said::default() });
    }
}
