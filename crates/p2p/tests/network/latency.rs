//! How many trips a request and a block take over a slow link. The clock stands still while a node computes.

use std::time::Duration;

use futures_util::future::join_all;
use p2p::{BlockId, Link, Settings, Transport};
use tokio::time::{Instant, pause, resume, sleep};

use crate::harness::{Node, settings, until};

/// The average. Each direction of a connection has its own latency, at most half as long again.
const LATENCY: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_millis(150);

/// What the runtime's timers add to a trip.
const SLACK: Duration = Duration::from_millis(10);

fn distant() -> Settings {
    let link = Link { latency: LATENCY, ..Link::default() };
    Settings { transport: Transport::Memory(link), ..settings() }
}

/// Nodes that are all connected to each other.
async fn everybody_connected(count: usize) -> Vec<Node> {
    let nodes: Vec<_> = (0..count).map(|_| Node::spawn(distant())).collect();
    for (number, node) in nodes.iter().enumerate() {
        for other in &nodes[..number] {
            node.network.dial(other.address().await).await;
        }
    }
    for node in &nodes {
        until("all are connected", async || node.connections().await == count - 1).await;
    }
    nodes
}

#[tokio::test]
async fn request_and_response_take_one_round_trip() {
    let nodes = everybody_connected(9).await;
    pause();
    for peer in &nodes[1..] {
        let start = Instant::now();
        nodes[0].network.status(peer.id()).await.unwrap();
        let took = start.elapsed();
        assert!(took < 2 * LONGEST + SLACK, "{took:?}");
    }
    resume();
}

#[tokio::test]
async fn own_block_reaches_all_peers_in_one_hop() {
    let nodes = everybody_connected(12).await;
    // An ignored block is not relayed, so each node has it from its maker.
    let ignored = async |node: &Node| node.network.info().await.unwrap().counters.ignored;
    let publish = async |number: u8| {
        let block = format!("old block {number}");
        nodes[0].network.publish_block(BlockId([number; 32]), block.into()).await.unwrap();
    };
    // Publish until the maker knows that each peer wants blocks.
    let mut number = 0;
    for node in &nodes[1..] {
        while ignored(node).await == 0 {
            publish(number).await;
            number += 1;
            sleep(2 * LONGEST).await;
        }
    }
    let before = join_all(nodes[1..].iter().map(ignored)).await;
    pause();
    let start = Instant::now();
    publish(number).await;
    for (node, before) in nodes[1..].iter().zip(before) {
        while ignored(node).await == before && start.elapsed() < Duration::from_secs(10) {
            sleep(Duration::from_millis(1)).await;
        }
    }
    let took = start.elapsed();
    resume();
    assert!(took < LONGEST + SLACK, "{took:?}");
}
