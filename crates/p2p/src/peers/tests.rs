use std::time::Duration;

use libp2p::{Multiaddr, PeerId};
use tokio::time::Instant;

use super::{Backoff, Charge, Direction, Offence, PeerTable, Source};
use crate::{ids::BlockId, known_peer::KnownPeer, settings::PeerLimits, wire::Status};

fn table(limits: PeerLimits) -> PeerTable {
    let backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(60) };
    PeerTable::new(PeerId::random(), limits, backoff)
}

fn address(number: usize) -> Multiaddr {
    format!("/ip4/10.0.0.7/tcp/{}", number + 1).parse().unwrap()
}

#[test]
fn peers_named_by_one_peer_are_bounded() {
    let (mut table, now) = (table(PeerLimits { per_source: 5, ..PeerLimits::default() }), Instant::now());
    let source = Source::Peer(PeerId::random());
    let learnt =
        (0..20).filter(|&number| table.learn(PeerId::random(), address(number), source, now)).count();
    assert_eq!((learnt, table.infos(now).len()), (5, 5));
    assert!(table.learn(PeerId::random(), address(0), Source::Peer(PeerId::random()), now));
}

#[test]
fn local_network_names_half_of_the_peers() {
    let (mut table, now) = (table(PeerLimits { known: 10, ..PeerLimits::default() }), Instant::now());
    let named = |number: &usize| table.learn(PeerId::random(), address(*number), Source::LocalNetwork, now);
    assert_eq!((0..20).filter(named).count(), 5);
}

#[test]
fn peers_of_an_earlier_run_are_restored_within_the_limits() {
    let (mut table, now) =
        (table(PeerLimits { known: 3, addresses: 2, ..PeerLimits::default() }), Instant::now());
    let known = |id| KnownPeer {
        id,
        addresses: [1, 2, 3].map(address).into(),
        reached: true,
        last_seen: None,
        failures: 0,
        banned_until: None,
    };
    table.restore(&[known(table.own), known(PeerId::random())], now);
    assert_eq!(table.infos(now).len(), 1);
    assert_eq!(table.to_dial(9, now)[0].1, [address(1), address(2)]);
    let more: Vec<_> = (0..9).map(|_| known(PeerId::random())).collect();
    let mut empty = self::table(PeerLimits { known: 3, ..PeerLimits::default() });
    empty.restore(&more, now);
    assert_eq!(empty.infos(now).len(), 3);
}

#[test]
fn identifications_of_a_peer_are_limited() {
    let (mut table, now) = (table(PeerLimits::default()), Instant::now());
    let peer = PeerId::random();
    assert!(!table.take_identification(&peer, now), "it is not connected");
    table.connected(peer, Direction::Inbound, address(0), now);
    assert_eq!((0..50).filter(|_| table.take_identification(&peer, now)).count(), 20);
    assert!(table.take_identification(&peer, now + Duration::from_secs(6)));
}

#[test]
fn avoided_peer_is_not_dialled_for_a_time() {
    let (mut table, now) = (table(PeerLimits::default()), Instant::now());
    let (peer, time) = (PeerId::random(), Duration::from_secs(600));
    table.learn(peer, address(0), Source::Direct, now);
    table.avoid(peer, "another network", time, now);
    assert_eq!(table.to_dial(1, now + time - Duration::from_millis(1)), []);
    assert_eq!(table.to_dial(1, now + time)[0].0, peer);
}

#[test]
fn status_of_a_peer_is_noted() {
    let (mut table, now) = (table(PeerLimits::default()), Instant::now());
    let (peer, status) =
        (PeerId::random(), Status { height: 5, tip: BlockId([7; 32]), work: vec![1].into() });
    table.learn(peer, address(0), Source::Direct, now);
    table.set_status(peer, &status);
    assert_eq!(table.infos(now)[0].status, Some(status));
}

#[test]
fn own_id_is_not_learnt() {
    let (own, now) = (PeerId::random(), Instant::now());
    let backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(60) };
    let mut table = PeerTable::new(own, PeerLimits::default(), backoff);
    assert!(!table.learn(own, address(0), Source::Direct, now));
    assert!(table.infos(now).is_empty());
}

#[test]
fn full_table_forgets_strangers_and_keeps_peers_that_it_reached() {
    let (mut table, now) = (table(PeerLimits { known: 10, ..PeerLimits::default() }), Instant::now());
    let friend = PeerId::random();
    table.connected(friend, Direction::Outbound, address(0), now);
    table.disconnected(friend, now);
    for number in 0..100 {
        let stranger = PeerId::random();
        table.connected(stranger, Direction::Inbound, address(number), now);
        table.charge(stranger, Offence::FalseAnswer, "a test", now);
        table.disconnected(stranger, now);
    }
    let known = table.infos(now);
    assert_eq!(known.len(), 10);
    assert!(known.iter().any(|info| info.id == friend));
}

#[test]
fn full_table_forgets_the_peer_with_most_failures() {
    let (mut table, now) = (table(PeerLimits { known: 2, ..PeerLimits::default() }), Instant::now());
    let [failed, good, new] = [(); 3].map(|()| PeerId::random());
    [failed, good].iter().for_each(|peer| assert!(table.learn(*peer, address(0), Source::Direct, now)));
    table.failed(failed, "no answer", now);
    assert!(table.learn(new, address(0), Source::Direct, now));
    let known: Vec<_> = table.infos(now).into_iter().map(|info| info.id).collect();
    assert!(known.len() == 2 && !known.contains(&failed), "{known:?}");
}

#[test]
fn peer_that_left_is_not_dialled_at_once() {
    let (mut table, now, peer) = (table(PeerLimits::default()), Instant::now(), PeerId::random());
    table.learn(peer, address(0), Source::Direct, now);
    table.connected(peer, Direction::Outbound, address(0), now);
    table.disconnected(peer, now);
    assert_eq!(table.to_dial(1, now), []);
    assert_eq!(table.to_dial(1, now + Duration::from_secs(60))[0].0, peer);
}

#[test]
fn full_address_list_takes_only_the_peers_own_addresses() {
    let (mut table, now) = (table(PeerLimits { addresses: 2, ..PeerLimits::default() }), Instant::now());
    let peer = PeerId::random();
    for number in 0..3 {
        assert!(table.learn(peer, address(number), Source::Direct, now));
    }
    assert!(!table.learn(peer, address(7), Source::Peer(PeerId::random()), now));
    assert_eq!(table.to_dial(1, now), [(peer, vec![address(2), address(1)])]);
}

#[test]
fn each_ban_is_twice_as_long_up_to_the_longest() {
    let limits = PeerLimits {
        first_ban: Duration::from_secs(60),
        longest_ban: Duration::from_secs(200),
        ..Default::default()
    };
    let (mut table, mut now) = (table(limits), Instant::now());
    let peer = PeerId::random();
    for seconds in [60, 120, 200, 200] {
        let time = Duration::from_secs(seconds);
        assert_eq!(table.charge(peer, Offence::InvalidBlock, "a test", now), Charge::Banned(time));
        assert_eq!(
            table.charge(peer, Offence::InvalidBlock, "a test", now),
            Charge::Tolerated,
            "it is banned"
        );
        assert!(table.shut_out(now + time - Duration::from_millis(1)).contains(&peer));
        now += time;
        assert!(!table.shut_out(now).contains(&peer));
    }
}

#[test]
fn failed_or_banned_peer_is_not_dialled() {
    let (mut table, now) = (table(PeerLimits::default()), Instant::now());
    let [failed, banned, good] = [(); 3].map(|()| PeerId::random());
    for peer in [failed, banned, good] {
        table.learn(peer, address(0), Source::Direct, now);
    }
    table.failed(failed, "no answer", now);
    table.charge(banned, Offence::InvalidBlock, "a test", now);
    let to_dial = |after: u64| {
        let peers = table.to_dial(9, now + Duration::from_secs(after));
        peers.into_iter().map(|(peer, _)| peer).collect::<Vec<_>>()
    };
    assert_eq!(to_dial(0), [good]);
    assert_eq!(to_dial(2), [good, failed]);
}

/// A peer that was connected, and stalled until it was paused.
fn paused(table: &mut PeerTable, now: Instant) -> PeerId {
    let peer = PeerId::random();
    table.learn(peer, address(0), Source::Direct, now);
    table.connected(peer, Direction::Outbound, address(0), now);
    let charge = |_| table.charge(peer, Offence::Stall, "no answer in time", now);
    let charges: Vec<_> = (0..10).map(charge).collect();
    assert!(charges[..9].iter().all(|charge| *charge == Charge::Tolerated), "{charges:?}");
    assert!(matches!(charges[9], Charge::Paused(time) if time <= Duration::from_secs(90)), "{charges:?}");
    table.disconnected(peer, now);
    peer
}

#[test]
fn stalls_pause_a_peer_and_never_ban_it() {
    let (mut table, now) = (table(PeerLimits::default()), Instant::now());
    let peer = paused(&mut table, now);
    for _ in 0..1_000 {
        table.charge(peer, Offence::Stall, "no answer in time", now);
    }
    let info = table.infos(now).remove(0);
    assert!(info.banned_seconds.is_none() && info.score > -50.0, "{info:?}");
    assert_eq!(table.known(now)[0].banned_until, None, "nothing is left of it after a restart");
}

#[test]
fn paused_peer_is_not_paused_again() {
    let (mut table, now) = (table(PeerLimits::default()), Instant::now());
    let peer = PeerId::random();
    table.learn(peer, address(0), Source::Direct, now);
    table.charge(peer, Offence::Stall, "no answer in time", now);
    assert!(table.infos(now)[0].score < 0.0);
    let pause = table.pause(peer, "too slow", now).unwrap();
    assert!(!pause.is_zero());
    assert_eq!(table.pause(peer, "too slow", now), None);
    assert!(table.pause(peer, "too slow", now + pause).is_some());
}

#[test]
fn paused_peer_is_shut_out_only_while_there_are_others() {
    let (mut table, now) = (table(PeerLimits::default()), Instant::now());
    let (slow, other) = (paused(&mut table, now), PeerId::random());
    let later = now + Duration::from_secs(10);
    table.connected(other, Direction::Inbound, address(1), later);
    table.joined(other, "a test");
    assert!(table.shut_out(later).contains(&slow));
    assert_eq!(table.to_dial(9, later), []);
    assert_eq!(table.to_dial(9, now + Duration::from_secs(91))[0].0, slow, "the pause is over");
    table.disconnected(other, later);
    assert!(table.shut_out(later).is_empty());
    assert_eq!(table.to_dial(9, later)[0].0, slow, "there is nobody else");
}

#[test]
fn pause_ends_when_a_node_without_peers_reaches_the_slow_one() {
    let (mut table, now) = (table(PeerLimits::default()), Instant::now());
    let slow = paused(&mut table, now);
    table.connected(slow, Direction::Outbound, address(0), now);
    table.joined(slow, "a test");
    assert!(table.shut_out(now).is_empty());
}

#[test]
fn errors_of_others_are_cut_and_escaped() {
    let (mut table, now) = (table(PeerLimits::default()), Instant::now());
    let peer = PeerId::random();
    table.learn(peer, address(0), Source::Direct, now);
    table.failed(peer, &"a\nb".repeat(1_000), now);
    let error = table.infos(now).remove(0).last_error.unwrap();
    assert!(error.len() < 300 && !error.contains('\n'), "{error}");
}
