use std::time::{Duration, Instant};

use bytes::Bytes;
use p2p::{GossipLimits, Limits, Rate, Settings};

use crate::harness::{MARK, Node, id_of, settings, until};

#[tokio::test]
async fn payment_reaches_every_node_of_a_line_once() {
    let nodes = Node::line(5, settings).await;
    nodes[2].network.publish_payment("a payment".into()).await.unwrap();
    for node in nodes.iter().filter(|node| node.id() != nodes[2].id()) {
        until("it arrives", async || !node.chain.payments().is_empty()).await;
    }
    nodes[2].pass(&nodes[..2]).await;
    nodes[2].pass(&nodes[3..]).await;
    for (number, node) in nodes.iter().enumerate() {
        let times = node.chain.payments().iter().filter(|payment| *payment == "a payment").count();
        assert_eq!(times, usize::from(number != 2), "node {number}");
    }
    let relay = nodes[4].chain.payments.lock().unwrap()[0].relay;
    assert_eq!(relay.origin, nodes[2].id());
    assert_eq!(nodes[4].chain.payments.lock().unwrap()[0].from, nodes[3].id());
}

#[tokio::test]
async fn same_payment_sent_twice_is_heard_twice() {
    let nodes = Node::line(3, settings).await;
    for _ in 0..2 {
        nodes[0].network.publish_payment("a payment".into()).await.unwrap();
    }
    until("both arrive", async || nodes[2].chain.payments().len() == 2).await;
    let payments = nodes[2].chain.payments.lock().unwrap();
    assert_eq!(payments[0].relay.counter + 1, payments[1].relay.counter);
}

#[tokio::test]
async fn rejected_payment_is_not_relayed_and_its_sender_is_charged() {
    let nodes = Node::line(3, settings).await;
    nodes[0].network.publish_payment("bad".into()).await.unwrap();
    until("it is charged", async || nodes[1].peer(nodes[0].id()).await.unwrap().score < -5.0).await;
    nodes[0].pass(&nodes[2..]).await;
    assert_eq!(nodes[2].chain.payments(), [MARK]);
    assert_eq!(nodes[2].peer(nodes[1].id()).await.unwrap().score, 0.0);
}

#[tokio::test]
async fn ignored_payment_is_not_relayed_and_nobody_is_blamed() {
    let nodes = Node::line(3, settings).await;
    nodes[0].network.publish_payment("old".into()).await.unwrap();
    until("it is judged", async || nodes[1].network.info().await.unwrap().counters.ignored == 1).await;
    nodes[0].pass(&nodes[2..]).await;
    assert_eq!(nodes[2].chain.payments(), [MARK]);
    assert_eq!(nodes[1].peer(nodes[0].id()).await.unwrap().score, 0.0);
}

#[tokio::test]
async fn late_verdict_counts_as_ignored() {
    let limits = || Limits {
        gossip: GossipLimits { verdict_time: Duration::from_secs(1), ..Default::default() },
        ..Default::default()
    };
    let nodes = Node::line(2, || Settings { limits: limits(), ..settings() }).await;
    nodes[0].network.publish_payment("hang".into()).await.unwrap();
    until("time runs out", async || nodes[1].network.info().await.unwrap().counters.ignored == 1).await;
    assert_eq!(nodes[1].peer(nodes[0].id()).await.unwrap().score, 0.0);
}

#[tokio::test]
async fn payments_over_the_rate_wait_and_arrive() {
    let limits = GossipLimits { per_origin: Rate::new(5.0, 20.0), ..GossipLimits::default() };
    let limits = || Limits { gossip: limits.clone(), ..Limits::default() };
    let nodes = Node::line(2, || Settings { limits: limits(), ..settings() }).await;
    let (start, before) = (Instant::now(), nodes[0].network.info().await.unwrap().counters.published);
    for number in 0..30 {
        nodes[0].network.publish_payment(format!("payment {number}").into()).await.unwrap();
    }
    until("all arrive", async || nodes[1].chain.payments().len() == 30).await;
    // Sixteen leave at once at best, and four each second.
    assert!(start.elapsed() > Duration::from_secs(3), "they did not wait: {:?}", start.elapsed());
    assert_eq!(nodes[1].network.info().await.unwrap().counters.not_judged, 0);
    assert_eq!(nodes[0].network.info().await.unwrap().counters.published, before + 30);
}

#[tokio::test]
async fn payment_of_a_node_without_peers_waits_for_the_first() {
    let nodes = [Node::spawn(settings()), Node::spawn(settings())];
    nodes[0].network.publish_payment("a payment".into()).await.unwrap();
    nodes[0].join(&nodes[1]).await;
    until("it arrives", async || nodes[1].chain.payments() == ["a payment"]).await;
}

#[tokio::test]
async fn payments_that_nobody_heard_are_handed_back_at_the_end() {
    let nodes = Node::line(2, settings).await;
    nodes[0].network.publish_payment("heard".into()).await.unwrap();
    until("it arrives", async || nodes[1].chain.payments() == ["heard"]).await;
    assert!(nodes[0].network.close().await.is_empty());
    let lonely = Node::spawn(settings());
    for payment in ["one", "two"] {
        lonely.network.publish_payment(payment.into()).await.unwrap();
    }
    assert_eq!(lonely.network.close().await, ["one", "two"]);
}

#[tokio::test]
async fn payment_that_others_would_refuse_is_not_sent() {
    let node = Node::spawn(settings());
    let payment = Bytes::from(vec![b'a'; (64 << 10) + 1]);
    let error = node.network.publish_payment(payment).await.unwrap_err().to_string();
    assert_eq!(error, "too large to send: 65537 bytes, and other nodes take at most 65536");
}

#[tokio::test]
async fn block_reaches_every_node_of_a_line() {
    let nodes = Node::line(4, settings).await;
    for size in [10, 6_000, 1 << 20] {
        let block = Bytes::from(vec![b'x'; size]);
        nodes[0].network.publish_block(id_of(&block), block.clone()).await.unwrap();
        until("it arrives", async || nodes[3].chain.arrived().contains(&block)).await;
    }
}

#[tokio::test]
async fn large_block_is_announced_and_fetched_along_the_line() {
    let nodes = Node::line(4, settings).await;
    let block = Bytes::from(vec![b'x'; (3 << 20) + 17]);
    nodes[0].chain.blocks.lock().unwrap().push(block.clone());
    nodes[0].network.publish_block(id_of(&block), block.clone()).await.unwrap();
    until("it arrives", async || nodes[3].chain.arrived().contains(&block)).await;
    let counters = nodes[3].network.info().await.unwrap().counters;
    assert!(counters.copied_bytes < 10_000, "gossip carried {} bytes", counters.copied_bytes);
}

#[tokio::test]
async fn only_the_beginning_of_an_unwanted_block_is_fetched() {
    let nodes = Node::line(2, settings).await;
    let block = Bytes::from([b"unwanted".as_slice(), &[b'x'; 3 << 20]].concat());
    nodes[0].chain.blocks.lock().unwrap().push(block.clone());
    let before = nodes[1].network.info().await.unwrap().counters;
    nodes[0].network.publish_block(id_of(&block), block.clone()).await.unwrap();
    until("it is ignored", async || nodes[1].network.info().await.unwrap().counters.ignored > before.ignored)
        .await;
    let bytes = nodes[1].network.info().await.unwrap().counters.bytes_received - before.bytes_received;
    assert!(bytes < 10_000, "{bytes} bytes");
}

#[tokio::test]
async fn rejected_block_bans_its_sender() {
    let nodes = Node::line(3, settings).await;
    nodes[0].network.publish_block(id_of(b"bad"), "bad".into()).await.unwrap();
    until("it is banned", async || nodes[1].peer(nodes[0].id()).await.unwrap().banned_seconds.is_some())
        .await;
    until("it is gone", async || !nodes[1].is_connected(nodes[0].id()).await).await;
    nodes[0].is_refused_by(&nodes[1]).await;
    nodes[1].pass(&nodes[2..]).await;
    assert_eq!(nodes[2].chain.arrived(), [] as [Bytes; 0]);
    assert!(nodes[1].is_connected(nodes[2].id()).await);
}

#[tokio::test]
async fn payments_arrive_over_tcp_from_a_thread_of_its_own() {
    let (one, other) = (crate::harness::tcp(), crate::harness::tcp());
    let start = async |settings| {
        let chain = std::sync::Arc::<crate::harness::Chain>::default();
        let (network, events) = p2p::Network::start(settings, chain.clone()).await.unwrap();
        Node { network, events, chain }
    };
    let nodes = [start(one).await, start(other).await];
    nodes[0].join(&nodes[1]).await;
    Node::warm_up(&nodes).await;
    nodes[1].network.publish_payment("a payment".into()).await.unwrap();
    until("it arrives", async || nodes[0].chain.payments() == ["a payment"]).await;
}
