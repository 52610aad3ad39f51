//! A proof is not searched for twice.

use ledger_core::{ClassicRules, Difficulty, Engine};
use rusqlite::Connection;

use super::*;
use crate::store::{DataDir, StoreError};

#[tokio::test]
async fn proof_survives_a_write_that_failed_for_a_lock() {
    let directory = tempfile::tempdir().unwrap();
    let rules = ClassicRules::new(Difficulty::new(2).unwrap());
    let ledger = Ledger::open(DataDir::take(directory.path()).unwrap(), rules).unwrap();
    let searching = Searching { threads: 1, engine: Engine::best() };
    let miner = Miner::new(ledger, "miner".into(), 1_u64.into(), searching, CancellationToken::new());

    let other = Connection::open(directory.path().join("ledger.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = miner.mine(Asker::Node).await.unwrap_err();
    let MineError::Refused(ChangeError::Store(error)) = refused else { panic!("{refused}") };
    assert!(matches!(*error, StoreError::Locked), "{error}");

    // Marks this search, to recognise its result.
    let proof = {
        let mut found = miner.permit.try_lock().unwrap();
        found.as_mut().unwrap().spent.0 = 424_242;
        found.unwrap().proof
    };
    drop(other);
    assert_eq!(miner.mine(Asker::Node).await.unwrap().proof, proof);
    assert_eq!(miner.last().unwrap().tries, 424_242);
    miner.mine(Asker::Node).await.unwrap();
    assert!(miner.last().unwrap().tries < 424_242);
}
