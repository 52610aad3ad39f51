//! Who gets a permit, who waits and who gives way.

use std::task::Poll;

use super::*;
use crate::http::Bounds;

fn gate() -> Gate {
    Gate::new(1, 1, Duration::from_secs(5))
}

fn connections() -> Connections {
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
    std::thread::sleep(STALLED);
    let waits = gate.enter(1);
    tokio::pin!(waits);
    assert!(std::future::poll_fn(|context| Poll::Ready(waits.as_mut().poll(context).is_pending())).await);
    gate.relieve(&connections);
    assert!(readers.iter().all(|usage| usage.is_cut()));
}
