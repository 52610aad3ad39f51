use std::time::Duration;

use futures_util::AsyncWriteExt;
use hostile::{Bare, frames};
use p2p::{Limits, Offence, PeerLimits, Settings};

use super::attacker::{Attacker, ROOT};
use crate::harness::{Node, settings, tcp, until};

fn with(peers: PeerLimits) -> Settings {
    Settings { limits: Limits { peers, ..Limits::default() }, ..settings() }
}

#[tokio::test]
async fn peer_that_does_not_identify_itself_is_disconnected() {
    let node =
        Node::spawn(with(PeerLimits { identify_time: Duration::from_millis(500), ..PeerLimits::default() }));
    let mut attacker = Attacker::silent();
    attacker.dial(node.address().await);
    let id = attacker.id();
    let connected = async || node.is_connected(id).await;
    attacker.while_running(async || until("it is connected", connected).await).await;
    let gone = async || !node.is_connected(id).await;
    attacker.while_running(async || until("it is left", gone).await).await;
    assert_eq!(node.peer(id).await.unwrap().last_error.as_deref(), Some("stall: it did not identify itself"));
}

#[tokio::test]
async fn strangers_cannot_overfill_the_peer_list_or_displace_a_peer() {
    let node = Node::spawn(with(PeerLimits { inbound: 4, known: 20, ..PeerLimits::default() }));
    let friend = Node::spawn(settings());
    node.join(&friend).await;
    for _ in 0..60 {
        let mut stranger = Attacker::new();
        stranger.dial(node.address().await);
        stranger.run_for(Duration::from_millis(20)).await;
    }
    assert!(node.network.peers().await.len() <= 20);
    assert!(node.has_joined(friend.id()).await);
}

#[tokio::test]
async fn peer_that_does_not_speak_our_protocol_is_not_blamed() {
    let node = Node::spawn(tcp());
    let peer = Bare::dial(node.address().await, ROOT).await.unwrap();
    until("it has joined", async || node.has_joined(peer.id()).await).await;
    for _ in 0..5 {
        let error = node.network.status(peer.id()).await.unwrap_err().to_string();
        assert!(error.ends_with("it does not speak our protocol"), "{error}");
    }
    assert_eq!(node.peer(peer.id()).await.unwrap().score, 0.0);
}

#[tokio::test]
async fn peer_that_gossipsub_hears_no_more_is_paused_unless_it_is_the_last() {
    let node = Node::spawn(tcp());
    let peer = Bare::dial(node.address().await, ROOT).await.unwrap();
    until("it has joined", async || node.has_joined(peer.id()).await).await;
    let mut stream = peer.speak("/meshsub/1.2.0").await.unwrap();
    let topic = format!("{ROOT}/payments/1");
    let forged = (0..20).flat_map(|number| frames::forged(&topic, &peer.id().to_bytes(), number, b"eve"));
    stream.write_all(&frames::frame(&forged.collect::<Vec<u8>>())).await.unwrap();
    stream.flush().await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(node.is_connected(peer.id()).await, "the last peer stays");
    let other = Node::spawn(tcp());
    other.join(&node).await;
    until("it is left", async || !node.is_connected(peer.id()).await).await;
    let told = node.peer(peer.id()).await.unwrap();
    assert_eq!(told.last_error.as_deref(), Some("stall: gossipsub hears it no more"));
    assert!(told.banned_seconds.is_none() && node.has_joined(other.id()).await, "{told:?}");
    let counters = node.network.info().await.unwrap().counters;
    assert_eq!(counters.offences[Offence::Stall as usize], 1);
}
