//! Who gets a permit, who waits and who gives way.

use std::task::Poll;

use futures_util::future::poll_immediate;

use super::*;
use crate::http::Bounds;
use crate::http::limits::usage::testing::let_pass;

fn gate() -> Gate {
    Gate::new(1, 1, Duration::from_secs(5))
}

/// Connections, while the clock stands still.
fn connections() -> Connections {
    let_pass(Duration::ZERO);
    Connections::new(Bounds { total: 9, per_address: 9 })
}

fn client(connections: &Connections) -> Arc<Usage> {
    connections.admit(([127, 0, 0, 1], 1000).into()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn client_is_refused_after_the_wait_or_behind_a_full_queue() {
    let gate = gate();
    let _permit = gate.enter(1).await.unwrap();
    let waits = gate.enter(1);
    tokio::pin!(waits);
    assert!(std::future::poll_fn(|context| Poll::Ready(waits.as_mut().poll(context).is_pending())).await);
    assert_eq!(gate.enter(1).await.unwrap_err(), Busy);
    assert_eq!(waits.await.unwrap_err(), Busy);
}

#[tokio::test]
async fn request_for_more_permits_than_exist_gets_all() {
    let gate = gate();
    let mut permit = gate.enter(7).await.unwrap();
    permit.shrink(0);
    drop(gate.enter(1).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn one_address_does_not_fill_the_queue() {
    let (gate, connections) = (Gate::new(1, 8, Duration::from_secs(5)), connections());
    let (greedy, other) = (client(&connections), connections.admit(([127, 0, 0, 2], 1000).into()).unwrap());
    let _permit = gate.enter(1).await.unwrap();
    let queued = [(); 2].map(|()| gate.wait(Some(&greedy)).ok().unwrap());
    assert!(gate.wait(Some(&greedy)).is_err() && gate.wait(Some(&other)).is_ok());
    drop(queued);
    assert!(gate.wait(Some(&greedy)).is_ok());
}

#[tokio::test]
async fn holder_is_not_cut_off_while_nobody_waits() {
    let (gate, connections) = (gate(), connections());
    let slow = client(&connections);
    let _permit = gate.enter_as(1, Some(&slow)).await.unwrap();
    slow.stall();
    gate.relieve(&connections);
    assert!(!slow.is_cut());
}

#[tokio::test(start_paused = true)]
async fn waiting_client_cuts_off_all_readers_of_a_shared_permit() {
    let (gate, connections) = (gate(), connections());
    let _permit = gate.enter(1).await.unwrap();
    let readers = [client(&connections), client(&connections), client(&connections)];
    let _holding = readers.each_ref().map(|usage| gate.hold(usage));
    readers.iter().for_each(|usage| usage.stall());
    let_pass(STALLED);
    let waits = gate.enter(1);
    tokio::pin!(waits);
    assert!(std::future::poll_fn(|context| Poll::Ready(waits.as_mut().poll(context).is_pending())).await);
    gate.relieve(&connections);
    assert!(readers.iter().all(|usage| usage.is_cut()));
}

/// Lets a client wait at a gate, and cuts off whoever must give way.
async fn relieve(gate: &Gate, connections: &Connections) {
    let mut waits = Box::pin(gate.enter(1));
    assert!(poll_immediate(&mut waits).await.is_none());
    gate.relieve(connections);
}

#[tokio::test(start_paused = true)]
async fn client_that_reads_keeps_its_permit_for_a_fair_time() {
    let (gate, connections) = (gate(), connections());
    let reader = client(&connections);
    let _permit = gate.enter_as(1, Some(&reader)).await.unwrap();
    let_pass(FAIR - Duration::from_millis(100));
    relieve(&gate, &connections).await;
    assert!(!reader.is_cut());
    let_pass(Duration::from_millis(100));
    relieve(&gate, &connections).await;
    assert!(reader.is_cut());
    assert_eq!(connections.take_cut(), 1);
    relieve(&gate, &connections).await;
    assert_eq!(connections.take_cut(), 0, "it is cut off already");
}

#[tokio::test(start_paused = true)]
async fn stalled_client_loses_its_permit_sooner() {
    let (gate, connections) = (gate(), connections());
    let stalled = client(&connections);
    let _permit = gate.enter_as(1, Some(&stalled)).await.unwrap();
    stalled.stall();
    let_pass(STALLED - Duration::from_millis(100));
    relieve(&gate, &connections).await;
    assert!(!stalled.is_cut());
    let_pass(Duration::from_millis(100));
    relieve(&gate, &connections).await;
    assert!(stalled.is_cut());
}

#[tokio::test(start_paused = true)]
async fn slowest_client_gives_way_first() {
    let (gate, connections) = (Gate::new(3, 1, Duration::from_secs(5)), connections());
    let [late, slow, fast] = [(); 3].map(|()| client(&connections));
    // What was sent before does not count.
    late.sent(1_000_000);
    let mut permits = Vec::new();
    for usage in [&slow, &fast] {
        permits.push(gate.enter_as(1, Some(usage)).await.unwrap());
    }
    let_pass(FAIR);
    permits.push(gate.enter_as(1, Some(&late)).await.unwrap());
    let_pass(FAIR);
    for (usage, bytes) in [(&slow, 100_000), (&fast, 400_000), (&late, 100_000)] {
        usage.sent(bytes);
    }
    for is_cut in [[false, true, false], [true, true, false]] {
        relieve(&gate, &connections).await;
        assert_eq!([&late, &slow, &fast].map(|usage| usage.is_cut()), is_cut);
    }
}

#[tokio::test(start_paused = true)]
async fn stalled_client_is_the_slowest() {
    let (gate, connections) = (Gate::new(2, 1, Duration::from_secs(5)), connections());
    let [stalled, slow] = [(); 2].map(|()| client(&connections));
    let _permits =
        [gate.enter_as(1, Some(&slow)).await.unwrap(), gate.enter_as(1, Some(&stalled)).await.unwrap()];
    stalled.sent(1_000_000);
    slow.sent(5_000);
    stalled.stall();
    let_pass(FAIR);
    relieve(&gate, &connections).await;
    assert!(stalled.is_cut() && !slow.is_cut());
}

#[tokio::test]
async fn permit_can_be_returned_in_part() {
    let gate = Gate::new(5, 1, Duration::from_secs(5));
    let mut permit = gate.enter(5).await.unwrap();
    permit.shrink(2);
    assert_eq!(gate.permits.available_permits(), 3);
    permit.shrink(4);
    assert_eq!(gate.permits.available_permits(), 3, "it has two only");
    drop(permit);
    assert_eq!(gate.permits.available_permits(), 5);
}

#[tokio::test(start_paused = true)]
async fn client_that_waits_at_a_gate_may_be_cut_off() {
    let (gate, connections) = (gate(), connections());
    let usage = client(&connections);
    usage.begin(false);
    let permit = gate.enter(1).await.unwrap();
    let mut waits = Box::pin(gate.enter_as(1, Some(&usage)));
    assert!(poll_immediate(&mut waits).await.is_none());
    assert!(usage.idle_since().is_some(), "it may be cut off");
    drop(permit);
    let held = waits.await.unwrap();
    assert_eq!((usage.idle_since(), gate.holders.lock().unwrap().len()), (None, 1));
    drop(held);
    assert!(gate.holders.lock().unwrap().is_empty());
}
