use std::{
    sync::{Arc, atomic::Ordering::SeqCst},
    time::Duration,
};

use bytes::Bytes;
use p2p::{
    AskError, BlockId, Event, ForkPoint, Limits, Locator, Page, PageRequest, Rate, Settings, SyncLimits,
};

use crate::harness::{Chain, Node, id_of, settings, tcp, until};

const ALL: PageRequest = PageRequest { from: 1, count: 1_000, bytes: 1 << 20 };

fn blocks(count: usize) -> impl Iterator<Item = String> {
    (1..=count).map(|height| format!("block {height}"))
}

/// Settings of a node that does not look for more peers: it asks nothing but what the test asks.
fn quiet(mut settings: Settings) -> Settings {
    settings.limits.peers.target = 0;
    settings
}

/// Two nodes over TCP, the second of which has this chain.
async fn pair(chain: Arc<Chain>) -> [Node; 2] {
    let nodes = [Node::spawn(quiet(tcp())), Node::with_chain(quiet(tcp()), chain)];
    nodes[0].join(&nodes[1]).await;
    nodes
}

#[tokio::test]
async fn both_sides_learn_the_others_tip() {
    let [mut one, mut other] = pair(Chain::of(blocks(7))).await;
    let status = one.network.status(other.id()).await.unwrap();
    assert_eq!((status.height, status.tip), (7, id_of(b"block 7")));
    assert_eq!(one.peer(other.id()).await.unwrap().status, Some(status.clone()));
    until("the other knows", async || {
        other.peer(one.id()).await.unwrap().status.is_some_and(|it| it.height == 0)
    })
    .await;
    let is_status = |event: &Event| matches!(event, Event::Status { .. });
    assert_eq!(next(&mut one, is_status).await, Event::Status { peer: other.id(), status });
    next(&mut other, is_status).await;
}

async fn next(node: &mut Node, wanted: impl Fn(&Event) -> bool) -> Event {
    loop {
        let event = tokio::time::timeout(Duration::from_secs(10), node.events.recv()).await.unwrap().unwrap();
        if wanted(&event) {
            return event;
        }
    }
}

#[tokio::test]
async fn unchanged_round_moves_less_than_500_bytes() {
    let nodes = pair(Chain::of(blocks(1_000))).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let moved = async || {
        let counters = nodes[0].network.info().await.unwrap().counters;
        counters.bytes_sent + counters.bytes_received
    };
    let before = moved().await;
    nodes[0].network.status(nodes[1].id()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let bytes = moved().await - before;
    println!("a round moves {bytes} bytes");
    assert!((100..500).contains(&bytes), "{bytes} bytes");
}

#[tokio::test]
async fn branch_begins_after_the_highest_block_that_the_locator_names() {
    let nodes = pair(Chain::of(blocks(100))).await;
    let branch = async |locator| nodes[0].network.branch(nodes[1].id(), locator, 1 << 20).await.unwrap();
    let ours = Chain::of(blocks(80).chain((81..=90).map(|height| format!("our block {height}"))));
    let found = branch(ours.locator()).await;
    assert_eq!(found.fork, Some(ForkPoint { height: 74, id: id_of(b"block 74") }));
    assert_eq!(found.page.blocks, blocks(100).skip(74).collect::<Vec<_>>());
    assert_eq!((found.status.height, found.status.tip), (100, id_of(b"block 100")));
    let found = branch(Locator::new([BlockId([7; 32])])).await;
    assert_eq!((found.fork, found.page.blocks.len()), (None, 100));
}

#[tokio::test]
async fn branch_ends_at_the_bytes_asked_for() {
    let nodes = pair(Chain::of((0..100).map(|_| "x".repeat(1_000)))).await;
    let strange = Locator::new([BlockId([7; 32])]);
    for (bytes, expected) in [(5_500, 5), (0, 0), (u32::MAX, 100)] {
        let branch = nodes[0].network.branch(nodes[1].id(), strange.clone(), bytes).await.unwrap();
        assert_eq!(branch.page.blocks.len(), expected, "{bytes}");
    }
}

#[tokio::test]
async fn pages_end_at_the_bytes_and_blocks_asked_for() {
    let nodes = pair(Chain::of((0..100).map(|_| "x".repeat(1_000)))).await;
    let page = async |asked| nodes[0].network.page(nodes[1].id(), asked).await.unwrap().blocks.len();
    assert_eq!(page(ALL).await, 100);
    assert_eq!(page(PageRequest { from: 91, ..ALL }).await, 10);
    assert_eq!(page(PageRequest { from: 101, ..ALL }).await, 0);
    assert_eq!(page(PageRequest { count: 7, ..ALL }).await, 7);
    assert_eq!(page(PageRequest { bytes: 5_500, ..ALL }).await, 5);
}

#[tokio::test]
async fn page_has_no_more_blocks_than_its_bytes_allow() {
    let nodes = pair(Chain::of((0..11_000).map(|_| "x".into()))).await;
    let asked = PageRequest { count: u32::MAX, ..ALL };
    let page = nodes[0].network.page(nodes[1].id(), asked).await.unwrap();
    assert_eq!(page.blocks.len(), (1 << 20) / 100);
}

#[tokio::test]
async fn node_neither_sends_nor_asks_for_more_than_its_pages() {
    let small = || with(SyncLimits { page_bytes: 5_500, ..SyncLimits::default() });
    let large = || with(SyncLimits::default());
    for [asks, sends] in [[small(), large()], [large(), small()]] {
        let chain = Chain::of((0..100).map(|_| "x".repeat(1_000)));
        let nodes = [Node::spawn(asks), Node::with_chain(sends, chain)];
        nodes[0].join(&nodes[1]).await;
        let page = nodes[0].network.page(nodes[1].id(), ALL).await.unwrap();
        assert_eq!(page.blocks.len(), 5);
        let locator = Locator::new([BlockId([7; 32])]);
        let branch = nodes[0].network.branch(nodes[1].id(), locator, u32::MAX).await.unwrap();
        assert_eq!(branch.page.blocks.len(), 5);
    }
}

#[tokio::test]
async fn page_with_a_large_block_says_so_and_the_block_comes_in_parts() {
    let large = "x".repeat((2 << 20) + 3);
    let nodes = pair(Chain::of(["first".into(), large.clone(), "last".into()])).await;
    let Page { blocks, large: Some(next) } = nodes[0].network.page(nodes[1].id(), ALL).await.unwrap() else {
        panic!("no large block");
    };
    assert_eq!((blocks, next.length), (vec![Bytes::from("first")], large.len() as u64));
    let fetched = nodes[0].network.large_block(nodes[1].id(), next).await.unwrap();
    assert!(fetched == large);
}

#[tokio::test]
async fn block_that_the_peer_lacks_is_an_error() {
    let nodes = pair(Chain::of([])).await;
    let block = p2p::LargeBlock { id: BlockId([7; 32]), length: 10 };
    let error = nodes[0].network.large_block(nodes[1].id(), block).await.unwrap_err();
    assert!(error.to_string().ends_with(&format!("it does not have block {}", BlockId([7; 32]))), "{error}");
}

#[tokio::test]
async fn long_chain_is_fetched_page_by_page() {
    let nodes = pair(Chain::of((0..2_000).map(|height| format!("{height}{}", "x".repeat(5_000))))).await;
    let mut fetched = Vec::new();
    loop {
        let asked = PageRequest { from: fetched.len() as u64 + 1, ..ALL };
        let page = nodes[0].network.page(nodes[1].id(), asked).await.unwrap();
        if page.blocks.is_empty() {
            break;
        }
        fetched.extend(page.blocks);
    }
    assert!(fetched == *nodes[1].chain.blocks.lock().unwrap());
}

#[tokio::test]
async fn node_that_is_not_connected_is_not_asked() {
    let node = Node::spawn(settings());
    let stranger = p2p::PeerId::random();
    assert_eq!(node.network.page(stranger, ALL).await, Err(AskError::NotConnected(stranger)));
}

fn with(sync: SyncLimits) -> Settings {
    quiet(Settings { limits: Limits { sync, ..Limits::default() }, ..settings() })
}

#[tokio::test]
async fn requests_beyond_a_peers_slots_are_refused_as_busy() {
    let slow = Chain { hangs: true, ..Chain::default() };
    let limits = SyncLimits { open_per_peer: 3, timeout: Duration::from_secs(4), ..SyncLimits::default() };
    let nodes = [Node::spawn(quiet(settings())), Node::with_chain(with(limits), Arc::new(slow))];
    nodes[0].join(&nodes[1]).await;
    let ask = || {
        let (network, peer) = (nodes[0].network.clone(), nodes[1].id());
        tokio::spawn(async move { network.page(peer, ALL).await })
    };
    let start = std::time::Instant::now();
    let requests: Vec<_> = (0..5).map(|_| ask()).collect();
    let mut times = Vec::new();
    for request in requests {
        assert_eq!(request.await.unwrap(), Err(AskError::Busy(nodes[1].id())));
        times.push(start.elapsed().as_secs());
    }
    assert_eq!(nodes[1].network.info().await.unwrap().counters.busy, 2);
    assert!((2..4).contains(&times[0]), "the application has half of the time: {times:?}");
}

#[tokio::test]
async fn requests_over_the_rate_are_refused_as_busy() {
    let limits = SyncLimits { per_peer: Rate::new(0.001, 5.0), ..SyncLimits::default() };
    let nodes = [Node::spawn(quiet(settings())), Node::with_chain(with(limits), Chain::of(blocks(3)))];
    nodes[0].join(&nodes[1]).await;
    let mut answered = 0;
    for _ in 0..10 {
        match nodes[0].network.page(nodes[1].id(), ALL).await {
            Ok(_) => answered += 1,
            Err(error) => assert_eq!(error, AskError::Busy(nodes[1].id())),
        }
    }
    assert_eq!(answered, 5);
    assert!(nodes[1].peer(nodes[0].id()).await.unwrap().score < 0.0);
}

#[tokio::test]
async fn own_requests_are_limited() {
    let slow = Chain { hangs: true, ..Chain::default() };
    let limits = SyncLimits { asking: 2, ..SyncLimits::default() };
    let nodes = [Node::spawn(with(limits)), Node::with_chain(settings(), Arc::new(slow))];
    nodes[0].join(&nodes[1]).await;
    let ask = async || nodes[0].network.page(nodes[1].id(), ALL).await;
    let others = [tokio::spawn(drop_answer(&nodes)), tokio::spawn(drop_answer(&nodes))];
    until("no more is asked", async || {
        matches!(tokio::time::timeout(Duration::from_millis(100), ask()).await, Ok(Err(AskError::TooMany(2))))
    })
    .await;
    others.iter().for_each(tokio::task::JoinHandle::abort);
}

fn drop_answer(nodes: &[Node]) -> impl Future<Output = ()> + use<> {
    let (network, peer) = (nodes[0].network.clone(), nodes[1].id());
    async move { drop(network.page(peer, ALL).await) }
}

#[tokio::test]
async fn peer_that_ends_during_a_request_is_reported_as_gone() {
    let slow = Chain { hangs: true, ..Chain::default() };
    let nodes = [Node::spawn(settings()), Node::with_chain(settings(), Arc::new(slow))];
    nodes[0].join(&nodes[1]).await;
    let (network, peer) = (nodes[0].network.clone(), nodes[1].id());
    let request = tokio::spawn(async move { network.page(peer, ALL).await });
    until("it is asked", async || nodes[1].chain.asked.load(SeqCst) > 0).await;
    nodes[1].network.close().await;
    assert_eq!(request.await.unwrap(), Err(AskError::NotConnected(peer)));
    assert_eq!(nodes[1].network.info().await, None);
}
