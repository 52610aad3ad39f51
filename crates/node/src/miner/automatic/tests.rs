//! When the node mines by itself.

use ledger_core::Engine;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::ledger::Source;
use crate::ledger::testing::{append_unproved, ledger, submit};
use crate::miner::Searching;
use crate::telemetry::testing::Log;

fn miner(ledger: &Ledger) -> Miner {
    let searching = Searching { threads: 1, engine: Engine::best() };
    Miner::new(ledger.clone(), "miner".into(), searching, CancellationToken::new())
}

async fn submit_one(ledger: &Ledger) {
    let ledger = ledger.clone();
    spawn_blocking(move || submit(&ledger, &[("amy", Source::User)])).await.unwrap()[0].as_ref().unwrap();
}

/// Waits until our chain is that long.
async fn height(ledger: &Ledger, height: u64) {
    let mut changes = ledger.listen_to_chain();
    while ledger.tip().height.get() < height {
        changes.next().await;
    }
}

#[test]
fn schedule_is_shown_in_words() {
    let every = Some(Duration::from_secs(10));
    let says = |every, when_pending| Automatic { every, when_pending }.to_string();
    assert_eq!(says(every, false), "every 10 s");
    assert_eq!(says(None, true), "when payments wait");
    assert_eq!(says(every, true), "every 10 s, and when payments wait");
}

#[test]
fn schedule_is_read_from_the_settings() {
    use clap::Parser;
    let flags = ["node", "--mine-every=5", "--mine-when-pending"];
    let settings = crate::cli::Cli::parse_from(flags).flags;
    let every = Some(Duration::from_secs(5));
    assert_eq!(Automatic::from(&settings), Automatic { every, when_pending: true });
}

#[tokio::test(start_paused = true)]
async fn node_mines_at_its_interval() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    submit_one(&ledger).await;
    let (miner, every) = (miner(&ledger), Duration::from_secs(100));
    let begun = Instant::now();
    tokio::select! {
        () = Automatic { every: Some(every), when_pending: false }.run(&miner) => panic!("it never ends"),
        () = height(&ledger, 3) => {}
    }
    assert!(begun.elapsed() >= 2 * every, "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn node_mines_when_payments_wait() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let miner = miner(&ledger);
    let awaited = async {
        let other = ledger.clone();
        spawn_blocking(move || append_unproved(&other)).await.unwrap();
        sleep(Duration::from_secs(10)).await;
        assert_eq!(ledger.tip().height.get(), 2, "no payment waits");
        submit_one(&ledger).await;
        height(&ledger, 3).await;
        assert!(ledger.view(|view| view.pool.is_empty()));
    };
    tokio::select! {
        () = Automatic { every: None, when_pending: true }.run(&miner) => panic!("it never ends"),
        () = awaited => {}
    }
}

#[tokio::test]
async fn node_without_a_schedule_does_not_mine() {
    let directory = tempfile::tempdir().unwrap();
    let (log, _logging) = Log::begin();
    Automatic::default().run(&miner(&ledger(&directory))).await;
    assert!(!log.take().contains("automatic mining"));
}

#[test]
fn same_failure_is_logged_once_in_a_row() {
    let (log, _logging) = Log::begin();
    let failures = Failures::default();
    let failed = MineError::Refused(ChangeError::Stopped);
    for (error, lines) in [(&MineError::NoProof, 1), (&MineError::NoProof, 0), (&failed, 1)] {
        failures.note(error);
        let logged = log.take();
        assert_eq!(logged.matches("mining failed, will retry: ").count(), lines, "{logged}");
    }
    failures.forget();
    failures.note(&failed);
    assert!(log.take().contains("mining failed"), "it mined in between");
}
