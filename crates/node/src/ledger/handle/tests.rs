//! A listener reads the ledger through its weak handle, and ends with the writer.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use ledger_core::Tip;
use tokio::runtime::Builder;

use super::WeakLedger;
use crate::events::{Heard, Listener};
use crate::ledger::ChangeError;
use crate::ledger::testing::{ledger, rewards, seal, stage};
use crate::store::StoreError;

/// Ends a test that hangs.
const LONG: Duration = Duration::from_secs(60);

/// A typical listener: sends the tip that it reads at its start and whenever it has lagged.
fn listen(mut heard: Listener, ledger: WeakLedger) -> (JoinHandle<()>, Receiver<Option<Tip>>) {
    let (tips, read) = channel();
    let read_tip = move |tips: &Sender<_>| tips.send(ledger.upgrade().map(|ledger| ledger.tip())).unwrap();
    let run = async move {
        read_tip(&tips);
        loop {
            match heard.next().await {
                Heard::Event(_) => {}
                Heard::Lagged(_) => read_tip(&tips),
                Heard::Ended => return,
            }
        }
    };
    let thread = std::thread::spawn(|| Builder::new_current_thread().build().unwrap().block_on(run));
    (thread, read)
}

#[test]
fn lagged_listener_does_not_keep_the_writer_running() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let heard = ledger.listen();
    (0..300).for_each(|_| seal(&ledger));
    let weak = ledger.downgrade();
    let (listener, tips) = listen(heard, weak.clone());
    for _ in ["at the start", "lagged"] {
        assert_eq!(tips.recv_timeout(LONG).unwrap(), Some(ledger.tip()));
    }
    assert_eq!(ledger.tip().height.get(), 301);
    drop(ledger);
    assert!(weak.upgrade().is_none());
    // The listener's end drops the sender of tips.
    assert!(tips.recv_timeout(LONG).is_err());
    listener.join().unwrap();
    assert_eq!(self::ledger(&directory).tip().height.get(), 301, "the directory is free");
}

#[test]
fn last_read_of_a_listener_ends_the_writer() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let (weak, tip) = (ledger.downgrade(), ledger.tip());
    let reading = weak.upgrade().unwrap();
    drop(ledger);
    assert_eq!(reading.tip(), tip);
    drop(reading);
    assert!(weak.upgrade().is_none());
    assert_eq!(self::ledger(&directory).tip(), tip, "the directory is free");
}

#[test]
fn closed_ledger_takes_no_changes() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    ledger.check_takes_changes().unwrap();
    std::fs::rename(directory.path().join("node.lock"), directory.path().join("moved")).unwrap();
    let refused = || match ledger.check_takes_changes() {
        Err(ChangeError::Store(error)) => error,
        other => panic!("{other:?}"),
    };
    assert!(matches!(*refused(), StoreError::Displaced(_)));
    std::fs::rename(directory.path().join("moved"), directory.path().join("node.lock")).unwrap();
    ledger.check_takes_changes().unwrap();
    ledger.close();
    assert!(matches!(*refused(), StoreError::Closed));
}

#[test]
fn sizes_are_those_of_the_files() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    seal(&ledger);
    let sizes = ["ledger.db", "ledger.db-wal"]
        .map(|name| std::fs::metadata(directory.path().join(name)).unwrap().len());
    assert!(sizes.iter().all(|size| *size > 1));
    assert_eq!(ledger.file_sizes(), Some(sizes.into()));
}

#[test]
fn height_of_an_incoming_chain_is_known() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    assert_eq!(ledger.incoming_height(), 0);
    let staged = stage(&ledger, ledger.tip(), rewards("them", 3));
    assert_eq!(ledger.incoming_height(), 4);
    drop(staged);
    assert_eq!(ledger.incoming_height(), 0);
}
