//! What a miner keeps, and what it shows.

use ledger_core::Engine;
use rusqlite::Connection;

use super::*;
use crate::ledger::testing::ledger_at;
use crate::store::StoreError;

#[tokio::test]
async fn proof_survives_a_failed_write() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger_at(&directory, 2);
    let searching = Searching { threads: 1, engine: Engine::best() };
    let miner = Miner::new(ledger, "miner".into(), searching, CancellationToken::new());

    let other = Connection::open(directory.path().join("ledger.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = miner.mine(Asker::Node).await.unwrap_err();
    let MineError::Refused(ChangeError::Store(error)) = refused else { panic!("{refused}") };
    assert!(matches!(*error, StoreError::Locked), "{error}");

    // Marks this search, to recognise its result.
    let proof = {
        let mut found = miner.permit.try_lock().unwrap();
        found.as_mut().unwrap().spent.0 = 424_242;
        found.as_ref().unwrap().proof
    };
    drop(other);
    let block = miner.mine(Asker::Node).await.unwrap();
    assert_eq!(block.member("proof"), Some(&*proof.to_string()));
    assert_eq!(miner.last().unwrap().tries, 424_242);
    miner.mine(Asker::Node).await.unwrap();
    assert!(miner.last().unwrap().tries < 424_242);
}

#[tokio::test]
async fn search_and_queue_are_shown() {
    let directory = tempfile::tempdir().unwrap();
    // No hash has this many zeros.
    let ledger = ledger_at(&directory, 64);
    let searching = Searching { threads: 1, engine: Engine::best() };
    let miner = Miner::new(ledger, "miner".into(), searching, CancellationToken::new());
    assert_eq!((miner.progress(), miner.tries(), miner.waiting()), (None, 0, 0));
    let is_shown = || miner.progress().is_some() && miner.tries() > 1 && miner.waiting() == 1;
    let shown = async {
        while !is_shown() {
            tokio::task::yield_now().await;
        }
    };
    let shown = tokio::time::timeout(std::time::Duration::from_secs(60), shown);
    tokio::select! {
        _ = miner.mine(Asker::Node) => panic!("it found a block"),
        _ = miner.mine(Asker::Client(None)) => panic!("it found a block"),
        shown = shown => shown.unwrap(),
    }
}
