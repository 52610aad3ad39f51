use std::time::Duration;

use p2p::{Event, Identity, NetworkId, Settings};

use crate::harness::{Node, settings, until};

fn of(name: &str, rules: &str, difficulty: u32) -> Settings {
    let network = NetworkId::new(name, rules, difficulty).unwrap();
    Settings { network, ..settings() }
}

async fn leave_each_other(other: Settings, name: &str) {
    let mut nodes = [Node::spawn(settings()), Node::spawn(other)];
    let ids = [nodes[0].id(), nodes[1].id()];
    nodes[0].network.dial(nodes[1].address().await).await;
    let heard = async |node: &mut Node| loop {
        let event = tokio::time::timeout(Duration::from_secs(10), node.events.recv()).await.unwrap().unwrap();
        if let Event::OtherNetwork { peer, network } = event {
            return (peer, network);
        }
        assert!(!matches!(event, Event::Joined { .. }), "{event:?}");
    };
    assert_eq!(heard(&mut nodes[0]).await, (ids[1], format!("/ledger/{name}")));
    assert_eq!(heard(&mut nodes[1]).await, (ids[0], "/ledger/tutorial/classic/4".into()));
    until("they leave", async || {
        !nodes[0].is_connected(ids[1]).await && !nodes[1].is_connected(ids[0]).await
    })
    .await;
    let told = nodes[0].peer(ids[1]).await.unwrap();
    assert!(told.last_error.as_ref().unwrap().starts_with("it belongs to another network: "), "{told:?}");
    assert_eq!((told.score, told.banned_seconds), (0.0, None));
}

#[tokio::test]
async fn nodes_of_another_name_are_reported_and_disconnected() {
    leave_each_other(of("class-b", "classic", 4), "class-b/classic/4").await;
}

#[tokio::test]
async fn nodes_of_other_rules_are_reported_and_disconnected() {
    leave_each_other(of("tutorial", "strict", 4), "tutorial/strict/4").await;
}

#[tokio::test]
async fn nodes_of_another_difficulty_are_reported_and_disconnected() {
    leave_each_other(of("tutorial", "classic", 5), "tutorial/classic/5").await;
}

#[tokio::test]
async fn nothing_is_heard_from_another_network() {
    let nodes = [Node::spawn(settings()), Node::spawn(of("class-b", "classic", 4))];
    nodes[0].network.dial(nodes[1].address().await).await;
    for _ in 0..50 {
        nodes[0].network.publish_payment("a payment".into()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(nodes[1].chain.payments().is_empty());
    assert_eq!(nodes[1].network.info().await.unwrap().connected, 0);
}

#[tokio::test]
async fn node_keeps_its_name_with_its_key() {
    let identity = Identity::generate();
    let node = Node::spawn(Settings {
        identity: Identity::from_bytes(&mut identity.to_bytes()).unwrap(),
        ..settings()
    });
    assert_eq!(node.id(), identity.peer_id());
}
