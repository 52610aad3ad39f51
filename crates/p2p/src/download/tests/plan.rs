//! What a plan counts.

use std::time::Duration;

use bytes::Bytes;
use libp2p::PeerId;
use tokio::time::Instant;

use super::super::{DownloadSettings, plan::Plan};
use crate::{ids::BlockId, wire::Page};

fn plan(peer: PeerId) -> Plan {
    let settings = DownloadSettings { page_bytes: 10_000, ..Default::default() };
    Plan::new(settings, (1, 300), Some(BlockId([0; 32])), [peer])
}

/// Asks for the next page, and answers with blocks of this size.
fn arrive(plan: &mut Plan, count: usize, bytes: usize) {
    let now = Instant::now();
    let number = plan.next_request(now).unwrap().number;
    let blocks = vec![Bytes::from(vec![1; bytes]); count];
    plan.on_page(number, now + Duration::from_millis(1), Ok(Page { blocks, large: None }));
}

#[test]
fn size_of_blocks_is_a_moving_average() {
    let mut plan = plan(PeerId::random());
    arrive(&mut plan, 2, 1_000);
    assert_eq!((plan.average, plan.here), (Some(1_000), 2_000));
    arrive(&mut plan, 4, 2_000);
    assert_eq!((plan.average, plan.here), (Some((3 * 1_000 + 2_000) / 4), 10_000));
}

#[test]
fn blocks_of_a_peer_that_is_given_up_are_forgotten() {
    let peer = PeerId::random();
    let mut plan = plan(peer);
    arrive(&mut plan, 2, 1_000);
    plan.give_up(peer, None, "a test");
    assert_eq!(plan.here, 0);
}
