//! Peers that claim a heavy chain and do not have it, and abuse of requests.

use bytes::Bytes;
use hostile::wire::{Branch, BranchRequest, ForkPoint, NamedPeer, Page, Request, Response, Status};
use hostile::{Attacker, Multiaddr, PeerId};
use ledger_core::{Members, Transaction, canonical};

use super::joined::{MOMENT, joined};
use crate::cases::Stop;
use crate::harness::made::chains;
use crate::world::{ROOT, World};

/// Claims a heavy chain, and answers requests until the attack is over.
async fn serve(
    world: &World,
    stop: &Stop,
    mut answer: impl FnMut(&Request) -> Option<Response>,
) -> Vec<PeerId> {
    let mut attacker = Attacker::over_tcp(ROOT);
    attacker.dial(world.address());
    let answer = |request: &Request| match request {
        Request::Status(_) => Some(Response::Status(heavy())),
        request => answer(request),
    };
    attacker.serve(answer, async || stop.cancelled().await).await;
    vec![attacker.id()]
}

/// The tip of a chain that wins over all others.
fn heavy() -> Status {
    Status { h: 1_000_000, t: vec![7; 32].into(), w: vec![1; 16].into() }
}

/// A branch of that chain after the first block, which all chains of the network share.
fn after_genesis(asked: &BranchRequest, blocks: Vec<Bytes>) -> Response {
    let fork = asked.locator.last().map(|id| ForkPoint { height: 1, id: id.clone() });
    Response::Branch(Branch { s: heavy(), f: fork, p: Page { b: blocks } })
}

/// Never says where its chain parts from the victim's.
pub(crate) async fn silent_at_fork(world: &World, stop: &Stop) -> Vec<PeerId> {
    serve(world, stop, |request| (!matches!(request, Request::Branch(_))).then_some(Response::Busy)).await
}

/// Never sends a block.
pub(crate) async fn silent_at_page(world: &World, stop: &Stop) -> Vec<PeerId> {
    serve(world, stop, |request| match request {
        Request::Branch(asked) => Some(after_genesis(asked, Vec::new())),
        Request::Page(_) => None,
        _ => Some(Response::Busy),
    })
    .await
}

/// Sends a block that follows the genesis and breaks a rule.
pub(crate) async fn false_pages(world: &World, stop: &Stop) -> Vec<PeerId> {
    let mut bad = chains::next(&world.victim.chain()[0], Vec::new());
    bad.index += 7;
    let bad: Bytes = canonical::text(&bad).into();
    serve(world, stop, |request| match request {
        Request::Branch(asked) => Some(after_genesis(asked, vec![bad.clone()])),
        Request::Page(_) => Some(Response::Page(Page { b: vec![bad.clone()] })),
        _ => Some(Response::Busy),
    })
    .await
}

/// Sends valid blocks of an easy chain without an end.
pub(crate) async fn endless_pages(world: &World, stop: &Stop) -> Vec<PeerId> {
    let mut chain = vec![world.victim.chain().swap_remove(0)];
    serve(world, stop, |request| match request {
        Request::Branch(asked) => Some(after_genesis(asked, blocks(&mut chain, 2, 100))),
        Request::Page(asked) => {
            let b = blocks(&mut chain, asked.from as usize, asked.count.min(100));
            Some(Response::Page(Page { b }))
        }
        _ => Some(Response::Busy),
    })
    .await
}

/// Blocks from a height on, mined on request.
fn blocks(chain: &mut Vec<Members<'static>>, from: usize, count: u32) -> Vec<Bytes> {
    let before = from.saturating_sub(1);
    while chain.len() < (before + count as usize).min(100_000) {
        let block = chains::next(&chain[chain.len() - 1], vec![Transaction::reward("eve", 1_u64)]);
        chain.push(block);
    }
    chain.iter().skip(before).take(count as usize).map(|block| canonical::text(block).into()).collect()
}

/// Names 10,000 peers.
pub(crate) async fn named_peers(world: &World, stop: &Stop) -> Vec<PeerId> {
    let many: Vec<NamedPeer> = (0..10_000_u32).map(named).collect();
    serve(world, stop, |request| match request {
        Request::Peers => Some(Response::Peers(many.clone())),
        _ => Some(Response::Busy),
    })
    .await
}

fn named(number: u32) -> NamedPeer {
    let [_, a, b, c] = number.to_be_bytes();
    let address: Multiaddr = format!("/ip4/127.{a}.{b}.{c}/tcp/9").parse().expect("an address");
    NamedPeer { id: PeerId::random().to_bytes().into(), addresses: vec![address.to_vec().into()] }
}

/// Asks for a branch after hashes that nobody has, as fast as it can.
pub(crate) async fn locators(world: &World, stop: &Stop) -> Vec<PeerId> {
    let (mut attacker, id) = (joined(world).await, world.id());
    let mut number = 0_u64;
    while !stop.is_cancelled() && attacker.is_connected() {
        for _ in 0..20 {
            number += 1;
            let hash = [number.to_be_bytes(); 4].concat();
            let asked = BranchRequest { locator: vec![hash.into(); 66], bytes: 1 << 20 };
            attacker.ask(&id, Request::Branch(asked));
        }
        attacker.run_for(MOMENT).await;
    }
    vec![attacker.id()]
}
