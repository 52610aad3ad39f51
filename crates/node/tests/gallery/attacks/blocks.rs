//! Blocks that are invalid, old, or part of no chain.

use hostile::wire::{Request, Response};
use hostile::{Attacker, PeerId};
use ledger_core::{BlockHash, Members, PreviousHash, Transaction, canonical};

use super::joined::{MOMENT, flood, joined};
use crate::cases::Stop;
use crate::harness::made::chains;
use crate::world::World;

/// A block as gossip carries it.
fn whole(block: &Members) -> Vec<u8> {
    [&[0], canonical::text(block).as_bytes()].concat()
}

fn last(world: &World) -> Members<'static> {
    world.victim.chain().pop().expect("a chain has a genesis")
}

/// Blocks after the tip that break a rule: their index is wrong.
pub(crate) async fn broken(world: &World, stop: &Stop) -> Vec<PeerId> {
    let mut attacker = joined(world).await;
    while !stop.is_cancelled() && attacker.is_connected() {
        let mut block = chains::next(&last(world), Vec::new());
        block.index += 7;
        attacker.publish("blocks", whole(&block));
        attacker.run_for(MOMENT).await;
    }
    vec![attacker.id()]
}

/// Messages that are neither a block nor the announcement of one.
pub(crate) async fn unreadable(world: &World, stop: &Stop) -> Vec<PeerId> {
    let mut attacker = joined(world).await;
    flood(&mut attacker, "blocks", stop, |number| [&[9][..], &number.to_be_bytes()].concat()).await;
    vec![attacker.id()]
}

/// Valid blocks after the genesis, which the chain has long passed.
pub(crate) async fn stale(world: &World, stop: &Stop) -> Vec<PeerId> {
    let (mut attacker, genesis) = (joined(world).await, world.victim.chain().swap_remove(0));
    let message = |number: u64| {
        let reward = Transaction::reward(format!("miner {number}"), 1_u64);
        whole(&chains::next(&genesis, vec![reward]))
    };
    flood(&mut attacker, "blocks", stop, message).await;
    vec![attacker.id()]
}

/// Blocks far above the tip, whose parents nobody has. The attacker never tells its tip.
pub(crate) async fn orphans(world: &World, stop: &Stop) -> Vec<PeerId> {
    let (mut attacker, last) = (joined(world).await, last(world));
    let message = |number: u64| {
        let hash = BlockHash::of_text(&number.to_string());
        whole(&Members { index: last.index + 100, previous_hash: PreviousHash::Hash(hash), ..last.clone() })
    };
    flood(&mut attacker, "blocks", stop, message).await;
    vec![attacker.id()]
}

/// Announces large blocks, and never sends them.
pub(crate) async fn announced(world: &World, stop: &Stop) -> Vec<PeerId> {
    let mut attacker = joined(world).await;
    announce(&mut attacker);
    let wait = async || stop.cancelled().await;
    attacker.serve(|request| (!is_part(request)).then_some(Response::Busy), wait).await;
    vec![attacker.id()]
}

fn announce(attacker: &mut Attacker) {
    for number in 0..100_u8 {
        let message = [&[1][..], &[number; 32], &(5_u64 << 20).to_be_bytes(), &[0; 4]].concat();
        attacker.publish("blocks", message);
    }
}

fn is_part(request: &Request) -> bool {
    matches!(request, Request::Part(_))
}
