//! A proof that was found is not searched for again.

use ledger_core::{ClassicRules, Difficulty, Engine};
use rusqlite::Connection;

use super::*;
use crate::store::{DataDir, StoreError};

#[tokio::test]
async fn proof_of_a_block_that_another_program_kept_from_being_written_is_kept() {
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

    // A mark by which this search is known again.
    let proof = {
        let mut found = miner.turn.try_lock().unwrap();
        found.as_mut().unwrap().spent.0 = 424_242;
        found.unwrap().proof
    };
    drop(other);
    assert_eq!(miner.mine(Asker::Node).await.unwrap().proof, proof);
    assert_eq!(miner.last().unwrap().tries, 424_242);
    miner.mine(Asker::Node).await.unwrap();
    assert!(miner.last().unwrap().tries < 424_242);
}
