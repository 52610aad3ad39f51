//! What peers can do wrong, and what becomes of them.

use std::{sync::atomic::Ordering::SeqCst, time::Duration};

use proptest::prelude::*;
use tokio::time::Instant;

use super::world::{Manner, World};
use crate::{download::DownloadError, peers::Offence};

fn sizes() -> Vec<usize> {
    vec![1_000; 300]
}

/// Fetches the chain from two orderly peers and this one. Returns what it is reported for.
async fn beside_orderly_ones(manner: Manner) -> Option<(Offence, String)> {
    let world = World::new(sizes(), &[Manner::Orderly, manner, Manner::Slow(55)]);
    assert!(world.fetch().await.unwrap() == world.chain);
    world.report_of(world.peer(manner))
}

#[tokio::test(start_paused = true)]
async fn liars_are_reported_and_the_chain_comes_from_others() {
    let cases = [
        (Manner::Endless, Offence::FalseAnswer, "it sent more than was asked for"),
        (Manner::Garbage, Offence::Malformed, "is not a block"),
        (Manner::Empty, Offence::Useless, "its chain has no block"),
        (Manner::Impossible, Offence::Malformed, "impossible size"),
        (Manner::OtherChain(1), Offence::InvalidBlock, "it is invalid"),
    ];
    for (manner, offence, why) in cases {
        let (charged, said) = beside_orderly_ones(manner).await.unwrap_or_else(|| panic!("{manner:?}"));
        let is_link = matches!(manner, Manner::OtherChain(_)) && charged == Offence::Useless;
        assert!(is_link || charged == offence && said.contains(why), "{manner:?}: {charged}: {said}");
    }
}

#[tokio::test(start_paused = true)]
async fn slow_and_absent_peers_are_replaced_and_not_reported() {
    for manner in [Manner::Stalling, Manner::Slow(5_000), Manner::Gone, Manner::Busy] {
        let start = Instant::now();
        assert_eq!(beside_orderly_ones(manner).await, None);
        assert!(start.elapsed() < Duration::from_secs(12), "{manner:?}: {:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn busy_peer_rests_and_is_asked_again() {
    let world = World::new(sizes(), &[Manner::Busy]);
    let start = Instant::now();
    assert!(world.fetch().await.unwrap() == world.chain);
    assert!(start.elapsed() > world.settings.rest * 20, "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn sender_of_an_invalid_block_is_asked_no_more() {
    let world = World::new(sizes(), &[Manner::OtherChain(1)]);
    assert!(matches!(world.fetch().await, Err(DownloadError::NoPeers { height: 1, .. })));
    let (offence, why) = world.report_of(world.peer(Manner::OtherChain(1))).unwrap();
    assert_eq!((offence, why.as_str()), (Offence::InvalidBlock, "it is invalid"));
}

#[tokio::test(start_paused = true)]
async fn false_large_block_is_charged() {
    let world = World::new(vec![100, 50_000, 100], &[Manner::FalseLarge]);
    let liar = world.peer(Manner::FalseLarge);
    assert!(matches!(world.fetch().await, Err(DownloadError::NoPeers { height: 2, .. })));
    assert_eq!(world.report_of(liar).unwrap().0, Offence::FalseAnswer);
}

#[tokio::test(start_paused = true)]
async fn peers_of_another_chain_end_the_download() {
    let world = World::new(sizes(), &[Manner::OtherChain(1)]);
    let mut download = crate::download::Download::new(
        world.settings.clone(),
        (2, 300),
        Some(crate::ids::BlockId([7; 32])),
        world.peers.keys().copied(),
        (world.clone(), std::sync::Arc::new(super::world::Blocks)),
    );
    let refused = download.next().await;
    assert_eq!(refused, Err(DownloadError::Parted { height: 2, sender: None }));
    assert_eq!(*world.reports.lock().unwrap(), [], "nobody can tell who is wrong");
}

fn manner() -> impl Strategy<Value = Manner> {
    prop_oneof![
        Just(Manner::Stalling),
        (1..10_000_u64).prop_map(Manner::Slow),
        Just(Manner::Short),
        Just(Manner::Empty),
        Just(Manner::Endless),
        Just(Manner::Garbage),
        (1..150_u64).prop_map(Manner::OtherChain),
        Just(Manner::Impossible),
        Just(Manner::FalseLarge),
        Just(Manner::Busy),
        Just(Manner::Gone),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// With one orderly peer, the whole chain comes, in order and in bounded time, and no request stays open.
    #[test]
    fn one_orderly_peer_among_any_others_is_enough(
        sizes in prop::collection::vec(prop_oneof![9 => 1..3_000_usize, 1 => 1..40_000_usize], 1..120),
        mut manners in prop::collection::vec(manner(), 0..6),
        at in any::<prop::sample::Index>(),
    ) {
        manners.insert(at.index(manners.len() + 1), Manner::Orderly);
        let world = World::new(sizes, &manners);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let (fetched, took) = runtime.block_on(async {
            let start = Instant::now();
            (world.fetch().await, start.elapsed())
        });
        prop_assert!(fetched.as_ref() == Ok(&world.chain), "{:?}", fetched.err());
        prop_assert!(took < Duration::from_secs(600), "{took:?}");
        prop_assert_eq!(world.open.load(SeqCst), 0);
        let orderly = world.peer(Manner::Orderly);
        prop_assert!(world.report_of(orderly).is_none_or(|(offence, _)| offence == Offence::Useless));
    }
}
