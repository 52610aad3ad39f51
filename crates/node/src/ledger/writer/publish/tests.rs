//! Each change is one event, in order. A change that is not on disk is not an event.

use std::ops::RangeInclusive;

use ledger_core::{NodeAddress, PaymentNumber, Tip};
use rusqlite::Connection;

use crate::events::{Change, Heard, Listener, Origin, Source};
use crate::ledger::Ledger;
use crate::ledger::testing::{accept, ledger, rewards, seal, stage, submit, waiting};
use crate::store::blocks;

/// Runs a future.
fn wait<T>(what: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(what)
}

/// The next event's change. Checks the event's number.
fn change(heard: &mut Listener, number: u64) -> Change {
    match wait(heard.next()) {
        Heard::Event(event) => {
            assert_eq!(event.number, number, "{event:?}");
            event.change
        }
        other => panic!("{other:?}"),
    }
}

fn peer(port: usize) -> NodeAddress {
    format!("localhost:{port}").parse().unwrap()
}

fn register(ledger: &Ledger, port: usize) {
    wait(ledger.add_peers(vec![peer(port)])).unwrap();
}

/// Replaces our blocks after a tip with others.
fn adopt(ledger: &Ledger, after: Tip, blocks: usize) -> Tip {
    let staged = stage(ledger, after, rewards("them", blocks));
    let tip = staged.tip;
    staged.adopt().unwrap().unwrap();
    tip
}

fn payments(numbers: RangeInclusive<PaymentNumber>, source: Source) -> Change {
    Change::PaymentsAdded { numbers, source }
}

/// The sizes of the blocks after a height, in bytes.
fn bytes_after(ledger: &Ledger, height: u64) -> Vec<u64> {
    let text = |height| {
        ledger.readers().snapshot(|snapshot| blocks::text_at(snapshot, &**ledger.rules(), height)).unwrap()
    };
    (height + 1..=ledger.tip().height.get()).map(|height| text(height).len() as u64).collect()
}

#[test]
fn each_kind_of_change_is_one_event() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let (genesis, mut heard) = (ledger.tip(), ledger.listen());
    accept(&ledger, "bob");
    assert_eq!(change(&mut heard, 1), payments(0..=0, Source::User));
    seal(&ledger);
    let mined = ledger.tip();
    let [mined_bytes] = bytes_after(&ledger, 1)[..] else { panic!("not one block") };
    let connected = Change::BlocksConnected {
        before: genesis,
        tip: mined,
        count: 1,
        payments: 2,
        bytes: mined_bytes,
        origin: Origin::Mined,
    };
    assert_eq!(change(&mut heard, 2), connected);
    let fetched = adopt(&ledger, mined, 2);
    let connected = Change::BlocksConnected {
        before: mined,
        tip: fetched,
        count: 2,
        payments: 2,
        bytes: bytes_after(&ledger, 2).iter().sum(),
        origin: Origin::Fetched,
    };
    assert_eq!(change(&mut heard, 3), connected);
    let replaced = adopt(&ledger, genesis, 4);
    let Change::Reorganised { fork, from, to, disconnected, connected, returned, dropped } =
        change(&mut heard, 4)
    else {
        panic!("another change")
    };
    assert_eq!((fork, from, to), (genesis.into(), fetched, replaced));
    assert_eq!((disconnected, connected, returned, dropped), (3, 4, 1, 0));
    register(&ledger, 5001);
    let added = Change::PeersAdded { added: [peer(5001)].into(), known: 1 };
    assert_eq!(change(&mut heard, 5), added);
    register(&ledger, 5001);
    wait(ledger.remove_peer(peer(5001))).unwrap();
    assert_eq!(change(&mut heard, 6), Change::PeerRemoved { removed: peer(5001), known: 0 });
    ledger.close();
    assert_eq!(change(&mut heard, 7), Change::Closed);
    assert_eq!(ledger.view(|view| view.version), 7);
    drop(ledger);
    assert_eq!(wait(heard.next()), Heard::Ended);
}

#[test]
fn each_source_of_payments_is_an_event() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let mut heard = ledger.listen();
    let (user, relay) = (Source::User, Source::Relay);
    let mixed = [("amy", relay), ("bob", user), ("carol", relay), ("dave", user), ("erin", relay)];
    assert!(submit(&ledger, &mixed).iter().all(Result::is_ok));
    assert_eq!(change(&mut heard, 1), payments(0..=1, user));
    assert_eq!(change(&mut heard, 2), payments(2..=4, relay));
    submit(&ledger, &[("frank", relay)]).remove(0).unwrap();
    assert_eq!(change(&mut heard, 3), payments(5..=5, relay));
    let order = ["bob", "dave", "amy", "carol", "erin", "frank"];
    assert_eq!(waiting(&ledger), order);
    drop(ledger);
    assert_eq!(waiting(&self::ledger(&directory)), order, "on disk as in memory");
}

#[test]
fn lagging_listener_reads_the_right_tip() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let mut heard = ledger.listen_to_chain();
    (1..=256).for_each(|port| register(&ledger, port));
    accept(&ledger, "bob");
    seal(&ledger);
    assert_eq!(wait(heard.next()), Heard::Lagged(1));
    assert_eq!(ledger.tip().height.get(), 2);
    change(&mut heard, 2);
}

#[test]
fn failed_commit_is_no_event() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let mut heard = ledger.listen();
    let other = Connection::open(directory.path().join("ledger.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    wait(ledger.add_peers(vec![peer(5001)])).unwrap_err();
    assert_eq!(ledger.view(|view| view.version), 0);
    drop(other);
    register(&ledger, 5002);
    assert_eq!(change(&mut heard, 1), Change::PeersAdded { added: [peer(5002)].into(), known: 1 });
}

#[test]
fn unwritten_payments_are_no_event() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let mut heard = ledger.listen();
    let other = Connection::open(directory.path().join("ledger.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    submit(&ledger, &[("bob", Source::User)])[0].as_ref().unwrap_err();
    assert_eq!((ledger.view(|view| view.version), waiting(&ledger).len()), (0, 0));
    drop(other);
    accept(&ledger, "carol");
    assert_eq!(change(&mut heard, 1), payments(0..=0, Source::User));
}
