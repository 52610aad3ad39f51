use std::time::Duration;

use hostile::wire::{Request, Response};
use p2p::{GossipLimits, Limits, Rate, Settings};

use super::attacker::Attacker;
use crate::harness::{Node, id_of, settings, until};

/// A node and an honest peer of it, to which it may relay messages.
async fn victim(limits: GossipLimits) -> [Node; 2] {
    let limits = || Limits { gossip: limits.clone(), ..Limits::default() };
    Node::line(2, || Settings { limits: limits(), ..settings() }).await.try_into().ok().unwrap()
}

/// Waits until the attacker is banned. The attacker must act meanwhile, or the connection would not end.
async fn banned(node: &Node, attacker: &mut Attacker) {
    let id = attacker.id();
    let banned = async || {
        node.peer(id).await.is_some_and(|info| info.banned_seconds.is_some() && info.direction.is_none())
    };
    attacker.while_running(async || until("it is banned", banned).await).await;
}

async fn is_banned(node: &Node, attacker: &Attacker) -> bool {
    node.peer(attacker.id())
        .await
        .is_some_and(|info| info.banned_seconds.is_some() && info.direction.is_none())
}

#[tokio::test]
async fn flood_of_invalid_payments_costs_few_judgements() {
    let [node, honest] = victim(GossipLimits::default()).await;
    let judged = || node.chain.judged.load(std::sync::atomic::Ordering::SeqCst);
    let before = judged();
    let mut attacker = Attacker::new();
    attacker.join(&node).await;
    for number in 0..1_000 {
        attacker.publish("payments", format!("bad {number}"));
        attacker.run_for(Duration::from_millis(1)).await;
        if is_banned(&node, &attacker).await {
            break;
        }
    }
    banned(&node, &mut attacker).await;
    assert!(judged() - before < 50, "{} judgements", judged() - before);
    assert!(honest.chain.payments().is_empty());
    assert_eq!(honest.peer(node.id()).await.unwrap().score, 0.0);
}

#[tokio::test]
async fn flood_of_valid_payments_is_limited_to_its_origins_rate() {
    let [node, honest] =
        victim(GossipLimits { per_origin: Rate::new(0.001, 20.0), ..Default::default() }).await;
    let mut attacker = Attacker::new();
    attacker.join(&node).await;
    for number in 0..300 {
        attacker.publish("payments", format!("payment {number}"));
        attacker.run_for(Duration::from_millis(1)).await;
    }
    attacker.run_for(Duration::from_millis(500)).await;
    let heard = node.chain.payments().len();
    assert!((15..=25).contains(&heard), "{heard} payments");
    assert!(honest.chain.payments().len() <= heard);
    honest.network.publish_payment("an honest one".into()).await.unwrap();
    until("others are heard", async || node.chain.payments().contains(&"an honest one".into())).await;
}

#[tokio::test]
async fn peer_that_relays_more_than_any_honest_one_is_banned() {
    let limits = GossipLimits {
        per_peer: Rate::new(0.001, 60.0),
        payments: Rate::new(0.001, 30.0),
        ..GossipLimits::default()
    };
    let [node, _honest] = victim(limits).await;
    let mut attacker = Attacker::new();
    attacker.join(&node).await;
    for number in 0..300 {
        attacker.publish("payments", format!("payment {number}"));
        attacker.run_for(Duration::from_millis(1)).await;
    }
    banned(&node, &mut attacker).await;
    let told = node.peer(attacker.id()).await.unwrap();
    assert!(told.last_error.as_ref().unwrap().starts_with("flood: "), "{told:?}");
}

#[tokio::test]
async fn messages_that_are_no_blocks_ban_their_sender() {
    let [node, honest] = victim(GossipLimits::default()).await;
    let mut attacker = Attacker::new();
    attacker.join(&node).await;
    for number in 0..10u8 {
        attacker.publish("blocks", [9, number]);
        attacker.run_for(Duration::from_millis(20)).await;
    }
    banned(&node, &mut attacker).await;
    assert!(honest.chain.arrived().is_empty());
}

#[tokio::test]
async fn announced_blocks_of_impossible_sizes_ban_their_sender() {
    let [node, _honest] = victim(GossipLimits::default()).await;
    let mut attacker = Attacker::new();
    attacker.join(&node).await;
    for length in [0, 1, 1 << 20, (32 << 20) + 1, u64::MAX] {
        let announcement = [&[1][..], &[7; 32], &length.to_be_bytes(), &[0; 4]].concat();
        attacker.publish("blocks", announcement);
        attacker.run_for(Duration::from_millis(20)).await;
    }
    banned(&node, &mut attacker).await;
}

#[tokio::test]
async fn announced_blocks_that_never_come_hold_few_slots() {
    let [node, honest] = victim(GossipLimits { fetched_blocks: 6, ..GossipLimits::default() }).await;
    let mut attacker = Attacker::new();
    attacker.join(&node).await;
    for number in 0..20u8 {
        let announcement = [&[1][..], &[number; 32], &(5u64 << 20).to_be_bytes(), &[0; 4]].concat();
        attacker.publish("blocks", announcement);
    }
    let refused = async || node.network.info().await.unwrap().counters.not_judged == 17;
    attacker.while_running(async || until("the others are refused", refused).await).await;
    let whole = async || {
        honest.network.publish_block(p2p::BlockId([1; 32]), "a whole block".into()).await.unwrap();
        until("whole blocks are judged", async || node.chain.arrived().contains(&"a whole block".into()))
            .await;
    };
    attacker.while_running(whole).await;
    drop(attacker);
    let large = bytes::Bytes::from(vec![b'x'; 2 << 20]);
    honest.chain.blocks.lock().unwrap().push(large.clone());
    until("slots are free again", async || {
        honest.network.publish_block(id_of(&large), large.clone()).await.unwrap();
        node.chain.arrived().contains(&large)
    })
    .await;
}

#[tokio::test]
async fn announced_block_that_comes_byte_by_byte_is_abandoned() {
    let time = Duration::from_secs(1);
    let limits = GossipLimits { whole_block_bytes: 100, verdict_time: time, ..GossipLimits::default() };
    let [node, _honest] = victim(limits).await;
    let mut attacker = Attacker::new();
    attacker.join(&node).await;
    let announcement = [&[1][..], &[7; 32], &(4u64 << 10).to_be_bytes(), &[0; 4]].concat();
    attacker.publish("blocks", announcement);
    let id = attacker.id();
    let charged = async || node.peer(id).await.is_some_and(|info| info.score < -5.0);
    let byte =
        |request: &Request| matches!(request, Request::Part(_)).then(|| Response::Part(Some("x".into())));
    attacker.serve(byte, async || until("it is charged", charged).await).await;
    let told = node.peer(id).await.unwrap().last_error;
    assert_eq!(told.as_deref(), Some("stall: its block comes too slowly"));
}
