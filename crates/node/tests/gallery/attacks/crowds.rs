//! Many attackers at once.

use std::time::Duration;

use futures_util::future::join_all;
use hostile::wire::{NamedPeer, Request, Response, Status};
use hostile::{Attacker, Multiaddr, PeerId};
use tokio::time::sleep;

use super::joined::joined;
use crate::cases::Stop;
use crate::world::{ATTACKERS, ROOT, World};

/// Sixteen attackers that send ten invalid payments each, and come back under another id.
pub(crate) async fn churn(world: &World, stop: &Stop) -> Vec<PeerId> {
    join_all((0..16).map(|_| returning(world, stop))).await.concat()
}

async fn returning(world: &World, stop: &Stop) -> Vec<PeerId> {
    let mut ids = Vec::new();
    while !stop.is_cancelled() {
        let mut attacker = joined(world).await;
        for number in 0..10_u8 {
            attacker.publish("payments", [number; 100]);
        }
        attacker.run_for(Duration::from_millis(100)).await;
        ids.push(attacker.id());
    }
    ids
}

/// A hundred peers that keep every rule, and give nothing: they take all slots.
pub(crate) async fn squatters(world: &World, stop: &Stop) -> Vec<PeerId> {
    join_all((0..100).map(|_| squatter(world, stop))).await
}

/// Comes back under another id when it is disconnected.
async fn squatter(world: &World, stop: &Stop) -> PeerId {
    loop {
        let mut attacker = Attacker::over_tcp_from(ROOT, ATTACKERS);
        attacker.dial(world.address());
        attacker.run_for(Duration::from_millis(200)).await;
        while attacker.is_connected() && !stop.is_cancelled() {
            attacker.run_for(Duration::from_millis(50)).await;
        }
        if stop.is_cancelled() {
            return attacker.id();
        }
    }
}

/// A hundred peers that name only each other, and claim a chain that wins over all others.
pub(crate) async fn eclipse(world: &World, stop: &Stop) -> Vec<PeerId> {
    let crowd: Vec<Attacker> = (0..100).map(|_| Attacker::over_tcp_from(ROOT, ATTACKERS)).collect();
    let named: Vec<NamedPeer> = crowd.iter().take(32).map(|attacker| named(attacker.id())).collect();
    join_all(crowd.into_iter().map(|attacker| surround(world, stop, attacker, &named))).await
}

fn named(id: PeerId) -> NamedPeer {
    let address: Multiaddr = "/ip4/127.0.0.1/tcp/9".parse().expect("an address");
    NamedPeer { id: id.to_bytes().into(), addresses: vec![address.to_vec().into()] }
}

async fn surround(world: &World, stop: &Stop, mut attacker: Attacker, named: &[NamedPeer]) -> PeerId {
    let answer = |request: &Request| match request {
        Request::Status(_) => {
            Some(Response::Status(Status { h: 1_000, t: vec![9; 32].into(), w: vec![1; 8].into() }))
        }
        Request::Peers => Some(Response::Peers(named.to_vec())),
        _ => Some(Response::Busy),
    };
    let id = attacker.id();
    attacker.dial(world.address());
    attacker
        .serve(answer, async || {
            sleep(Duration::from_millis(1)).await;
            stop.cancelled().await;
        })
        .await;
    id
}
