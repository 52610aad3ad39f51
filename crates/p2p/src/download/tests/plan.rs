//! What a plan counts.

use std::time::Duration;

use bytes::Bytes;
use libp2p::PeerId;
use tokio::time::Instant;

use super::super::{
    DownloadSettings,
    plan::{Charge, Plan},
};
use crate::{ids::BlockId, peers::Offence, wire::Page};

fn plan(peers: impl IntoIterator<Item = PeerId>) -> Plan {
    let settings = DownloadSettings { page_bytes: 10_000, ..Default::default() };
    Plan::new(settings, (1, 300), Some(BlockId([0; 32])), peers)
}

/// Asks for the next page, and answers with blocks of this size.
fn arrive(plan: &mut Plan, count: usize, bytes: usize) {
    let now = Instant::now();
    let number = plan.next_request(now).unwrap().number;
    answer(plan, number, (count, bytes), now);
}

/// Answers a request after a millisecond.
fn answer(plan: &mut Plan, number: u64, (count, bytes): (usize, usize), now: Instant) {
    let blocks = vec![Bytes::from(vec![1; bytes]); count];
    plan.on_page(number, now + Duration::from_millis(1), Ok(Page { blocks, large: None }));
}

#[test]
fn size_of_blocks_is_a_moving_average() {
    let mut plan = plan([PeerId::random()]);
    arrive(&mut plan, 2, 1_000);
    assert_eq!((plan.average, plan.here), (Some(1_000), 2_000));
    arrive(&mut plan, 4, 2_000);
    assert_eq!((plan.average, plan.here), (Some((3 * 1_000 + 2_000) / 4), 10_000));
}

#[test]
fn blocks_of_a_peer_that_is_given_up_are_forgotten() {
    let peer = PeerId::random();
    let mut plan = plan([peer]);
    arrive(&mut plan, 2, 1_000);
    plan.give_up(peer, None, "a test");
    assert_eq!(plan.here, 0);
}

#[test]
fn late_answer_fills_only_the_shortened_range() {
    let (mut plan, now) = (plan([(); 2].map(|()| PeerId::random())), Instant::now());
    let first = plan.next_request(now).unwrap();
    let second = plan.next_request(now + Duration::from_secs(2)).unwrap();
    answer(&mut plan, first.number, (2, 1_000), now);
    plan.give_up(first.peer, None, "a test");
    let again = plan.next_request(now).unwrap();
    assert_eq!((again.peer, plan.ranges.first().unwrap().1.end), (second.peer, 3));
    answer(&mut plan, second.number, (5, 1_000), now);
    assert_eq!(plan.here, 2_000);
}

#[test]
fn refusing_undelivered_blocks_only_gives_up_their_sender() {
    let mut plan = plan([(); 2].map(|()| PeerId::random()));
    let peer = plan.helpers.ids().next().copied().unwrap();
    let charge = Charge { peer, offence: Offence::InvalidBlock, why: "a test".into() };
    plan.refuse(1, None, charge);
    assert_eq!((plan.helpers.len(), plan.ranges.first().unwrap().1.end), (1, 301));
    assert_eq!(plan.last, Some(BlockId([0; 32])), "the next block follows the same one as before");
}
