use std::{net::TcpListener, time::Duration};

use p2p::{
    Direction, Event, Identity, IntroduceError, Limits, Multiaddr, Offence, PeerLimits, Settings, StartError,
};

use crate::harness::{Node, settings, tcp, until};

fn with(peers: PeerLimits, settings: Settings) -> Settings {
    Settings { limits: Limits { peers, ..settings.limits }, ..settings }
}

#[tokio::test]
async fn nodes_that_know_one_find_each_other() {
    let first = Node::spawn(settings());
    let bootstrap = vec![first.address().await];
    let others: Vec<_> =
        (0..5).map(|_| Node::spawn(Settings { bootstrap: bootstrap.clone(), ..settings() })).collect();
    for one in &others {
        for other in others.iter().filter(|other| other.id() != one.id()) {
            until("they are connected", async || one.has_joined(other.id()).await).await;
        }
    }
}

#[tokio::test]
async fn named_peers_are_dialled_at_once() {
    let never = || Settings { maintain_every: Duration::from_secs(3600), ..settings() };
    let first = Node::spawn(never());
    let bootstrap = vec![first.address().await];
    let dialling = || Node::spawn(Settings { bootstrap: bootstrap.clone(), ..never() });
    let second = dialling();
    until("the first knows the second", async || first.has_joined(second.id()).await).await;
    let third = dialling();
    until("they are connected", async || third.has_joined(second.id()).await).await;
}

#[tokio::test]
async fn node_with_its_own_address_does_not_connect_to_itself() {
    let mut node = Node::spawn(tcp());
    let address = node.address().await;
    node.network.dial(address.clone()).await;
    let why = IntroduceError::Ourselves.to_string();
    node.hears(&Event::Unreachable { address, why }).await;
    assert_eq!(node.network.peers().await, []);
}

#[tokio::test]
async fn peer_is_dialled_again_when_it_comes_back() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let identity = Identity::generate();
    let address: Multiaddr = format!("/ip4/127.0.0.1/tcp/{port}").parse().unwrap();
    let again = || Settings { listen: vec![address.clone()], identity: identity.clone(), ..tcp() };
    let node = Node::spawn(Settings { bootstrap: vec![address.clone()], ..tcp() });
    for round in 0..2 {
        let other = Node::spawn(again());
        until("it is connected", async || node.has_joined(other.id()).await).await;
        other.network.close().await;
        until("it is gone", async || !node.is_connected(other.id()).await).await;
        assert_eq!(node.network.info().await.unwrap().connected, 0, "round {round}");
    }
}

#[tokio::test]
async fn peer_that_stops_says_so() {
    // No node looks for peers, so nobody dials the stopped one again.
    let alone = || with(PeerLimits { target: 0, ..PeerLimits::default() }, tcp());
    let nodes = [Node::spawn(alone()), Node::spawn(alone()), Node::spawn(alone())];
    nodes[0].join(&nodes[1]).await;
    nodes[0].join(&nodes[2]).await;
    nodes[0].network.close().await;
    assert!(nodes[0].network.info().await.is_none(), "it has ended");
    for node in &nodes[1..] {
        until("it is gone", async || !node.is_connected(nodes[0].id()).await).await;
        let told = node.peer(nodes[0].id()).await.unwrap();
        assert_eq!(told.last_error.as_deref(), Some("it stopped"));
    }
}

#[tokio::test]
async fn introduced_peer_must_prove_its_id() {
    let nodes = [Node::spawn(tcp()), Node::spawn(tcp())];
    let addresses = vec![nodes[1].address().await];
    let introduce = |peer| nodes[0].network.introduce(peer, addresses.clone());
    let stranger = Identity::generate().peer_id();
    let refused = introduce(stranger).await.unwrap_err().to_string();
    assert!(refused.contains("another node is there"), "{refused}");
    assert_eq!(nodes[0].peer(stranger).await, None, "it is not remembered");
    assert_eq!(introduce(nodes[0].id()).await, Err(IntroduceError::Ourselves));
    introduce(nodes[1].id()).await.unwrap();
    assert!(nodes[0].is_connected(nodes[1].id()).await);
    introduce(nodes[1].id()).await.expect("it is connected already");
    assert_eq!(nodes[1].connections().await, 1);
}

#[tokio::test]
async fn introduction_says_why_no_connection_is_made() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let gone = vec![format!("/ip4/127.0.0.1/tcp/{port}").parse().unwrap()];
    let node = Node::spawn(tcp());
    let refused = node.network.introduce(Identity::generate().peer_id(), gone).await.unwrap_err();
    assert!(refused.to_string().starts_with("no connection to /ip4/127.0.0.1/tcp/"), "{refused}");
    let refused = node.network.introduce(Identity::generate().peer_id(), vec![]).await.unwrap_err();
    assert_eq!(refused, IntroduceError::Dial("Dial error: no addresses for peer.".into()));
}

#[tokio::test]
async fn failed_dials_are_counted_and_reported() {
    let gone = Node::spawn(tcp());
    let node = Node::spawn(tcp());
    node.join(&gone).await;
    gone.network.close().await;
    until("dials fail", async || node.peer(gone.id()).await.unwrap().failures >= 2).await;
    let told = node.peer(gone.id()).await.unwrap();
    assert!(
        told.last_error.as_ref().unwrap().starts_with("no connection to /ip4/127.0.0.1/tcp/"),
        "{told:?}"
    );
}

#[tokio::test]
async fn both_sides_know_who_made_the_connection() {
    let nodes = [Node::spawn(settings()), Node::spawn(settings())];
    nodes[0].join(&nodes[1]).await;
    assert_eq!(nodes[0].peer(nodes[1].id()).await.unwrap().direction, Some(Direction::Outbound));
    let inbound = nodes[1].peer(nodes[0].id()).await.unwrap();
    assert_eq!(
        (inbound.direction, inbound.agent.as_deref()),
        (Some(Direction::Inbound), Some("ledger/0.1.0"))
    );
}

#[tokio::test]
async fn connections_beyond_the_limit_are_refused_and_the_others_stay() {
    let limits = PeerLimits { inbound: 3, ..PeerLimits::default() };
    let node = Node::spawn(with(limits, settings()));
    // They do not look for each other.
    let alone = || Node::spawn(with(PeerLimits { target: 0, ..PeerLimits::default() }, settings()));
    let crowd = [alone(), alone(), alone()];
    for one in &crowd {
        one.join(&node).await;
    }
    let other = alone();
    other.is_refused_by(&node).await;
    for one in &crowd {
        assert!(node.has_joined(one.id()).await);
    }
    node.join(&other).await;
    assert_eq!(node.connections().await, 4, "outbound connections have their own slots");
}

#[tokio::test]
async fn ban_outlives_a_restart() {
    let attacker = Node::spawn(settings());
    let node = Node::spawn(settings());
    node.join(&attacker).await;
    node.network.report(attacker.id(), Offence::FalseAnswer, "blocks that do not follow each other").await;
    until("it is gone", async || !node.is_connected(attacker.id()).await).await;
    let known = node.network.known_peers().await;
    let again = Node::spawn(Settings { known, ..settings() });
    let told = again.peer(attacker.id()).await.unwrap();
    assert!((3_590..=3_600).contains(&told.banned_seconds.unwrap()), "{told:?}");
    attacker.is_refused_by(&again).await;
}

async fn report_stalls(node: &Node, slow: &Node) {
    for _ in 0..10 {
        node.network.report(slow.id(), Offence::Stall, "a test").await;
    }
}

#[tokio::test]
async fn slow_peer_is_paused_and_comes_back() {
    let pause = Duration::from_millis(500);
    let limits = PeerLimits { first_pause: pause, longest_pause: pause, ..PeerLimits::default() };
    let [node, slow, other] = [with(limits, settings()), settings(), settings()].map(Node::spawn);
    node.join(&other).await;
    node.join(&slow).await;
    until("it is gone", async || {
        report_stalls(&node, &slow).await;
        !node.is_connected(slow.id()).await
    })
    .await;
    let told = node.peer(slow.id()).await.unwrap();
    assert!(told.banned_seconds.is_none() && told.score > -50.0, "{told:?}");
    until("it is back", async || node.has_joined(slow.id()).await).await;
}

#[tokio::test]
async fn slow_peer_is_dialled_again_at_once_by_a_node_that_has_no_other() {
    let [node, slow] = [(); 2].map(|()| Node::spawn(settings()));
    node.join(&slow).await;
    until("it is gone", async || {
        report_stalls(&node, &slow).await;
        !node.is_connected(slow.id()).await
    })
    .await;
    // The first pause is half a minute at least.
    let back = until("it is back", async || node.has_joined(slow.id()).await);
    tokio::time::timeout(Duration::from_secs(25), back).await.unwrap();
}

#[tokio::test]
async fn node_that_is_late_itself_charges_nobody_with_slowness() {
    let nodes = Node::line(2, settings).await;
    let judged = || nodes[1].chain.judged.load(std::sync::atomic::Ordering::SeqCst);
    let before = judged();
    nodes[0].network.publish_payment("late".into()).await.unwrap();
    until("its thread is held up", async || judged() > before).await;
    report_stalls(&nodes[1], &nodes[0]).await;
    let told = nodes[1].peer(nodes[0].id()).await.unwrap();
    assert!(told.score == 0.0 && told.direction.is_some(), "{told:?}");
    assert_eq!(told.last_error.as_deref(), Some("stall: a test"));
}

#[tokio::test]
async fn ban_ends() {
    let limits = PeerLimits { first_ban: Duration::from_millis(500), ..PeerLimits::default() };
    let nodes = [Node::spawn(with(limits, settings())), Node::spawn(settings())];
    nodes[1].join(&nodes[0]).await;
    nodes[0].network.report(nodes[1].id(), Offence::FalseAnswer, "a test").await;
    until("it is gone", async || !nodes[0].is_connected(nodes[1].id()).await).await;
    until("it is back", async || nodes[0].has_joined(nodes[1].id()).await).await;
}

#[tokio::test]
async fn known_peers_are_dialled_after_a_restart() {
    let other = Node::spawn(settings());
    let node = Node::spawn(settings());
    node.join(&other).await;
    let known = node.network.known_peers().await;
    node.network.close().await;
    let again = Node::spawn(Settings { known, ..settings() });
    until("it is connected", async || again.has_joined(other.id()).await).await;
}

#[tokio::test]
async fn kademlia_finds_peers_that_nobody_names() {
    let silent = PeerLimits { exchanged: 0, ..PeerLimits::default() };
    let port = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let reachable = || {
        let address: Multiaddr = format!("/ip4/127.0.0.1/tcp/{}", port()).parse().unwrap();
        with(silent.clone(), Settings { listen: vec![address.clone()], external: vec![address], ..tcp() })
    };
    let nodes = [Node::spawn(reachable()), Node::spawn(reachable())];
    nodes[0].join(&nodes[1]).await;
    let late = Node::spawn(Settings { bootstrap: vec![nodes[0].address().await], ..reachable() });
    until("it is found", async || late.has_joined(nodes[1].id()).await).await;
}

#[tokio::test]
async fn address_in_use_is_an_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address: Multiaddr =
        format!("/ip4/127.0.0.1/tcp/{}", taken.local_addr().unwrap().port()).parse().unwrap();
    let start = p2p::Network::start(
        Settings { listen: vec![address.clone()], ..tcp() },
        std::sync::Arc::<crate::harness::Chain>::default(),
    );
    match start.await {
        Err(StartError::Listen { address: refused, .. }) => assert_eq!(refused, address),
        other => panic!("{:?}", other.map(|_| "it listens")),
    }
}

#[tokio::test]
async fn dropping_the_last_handle_ends_the_network() {
    let nodes = [Node::spawn(settings()), Node::spawn(settings())];
    nodes[0].join(&nodes[1]).await;
    let [one, Node { network, mut events, .. }] = nodes;
    let id = network.id();
    drop(network);
    let ended = async { while events.recv().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(10), ended).await.unwrap();
    until("the peer is gone", async || !one.is_connected(id).await).await;
}
