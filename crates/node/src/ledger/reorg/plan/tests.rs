//! Which payments of replaced blocks wait again.

use rusqlite::Connection;

use super::{plan, plan_in_shares};
use crate::events::{Change, Heard};
use crate::ledger::Ledger;
use crate::ledger::testing::{accept, ledger, rewards, seal, signed_places, stage, waiting};
use crate::store::DataDir;
use crate::store::testing::rules_at;
use crate::telemetry::testing::Log;

#[test]
fn payments_beyond_the_pools_limit_are_dropped_and_counted() {
    let directory = tempfile::tempdir().unwrap();
    let first = ledger(&directory);
    accept(&first, "amy");
    let bytes = first.view(|view| view.pool.bytes());
    drop(first);
    let data_dir = DataDir::take(directory.path()).unwrap();
    let ledger = Ledger::check(data_dir, rules_at(1)).unwrap().open(2 * bytes).unwrap();
    let genesis = ledger.tip();
    accept(&ledger, "bob");
    seal(&ledger);
    for to in ["kim", "jim"] {
        accept(&ledger, to);
    }
    seal(&ledger);
    accept(&ledger, "tim");
    seal(&ledger);
    let mut heard = ledger.listen_to_chain();
    let mut theirs = stage(&ledger, genesis, rewards("them", 5));
    let staged = theirs.complete();
    let planned = plan(&ledger, &staged).unwrap();
    assert_eq!((planned.orphans.len(), planned.dropped), (2, 3), "a plan takes no more memory than the pool");
    theirs.adopt().unwrap().unwrap();
    assert_eq!(waiting(&ledger), ["amy", "bob"]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let Heard::Event(event) = runtime.block_on(heard.next()) else { panic!("no event") };
    assert!(matches!(event.change, Change::Reorganised { returned: 2, dropped: 3, .. }), "{event:?}");
}

#[test]
fn payment_whose_signature_was_changed_stays_out() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    for to in ["amy", "bob", "kim"] {
        accept(&ledger, to);
    }
    seal(&ledger);
    let database = Connection::open(directory.path().join("ledger.db")).unwrap();
    for (position, signature) in [(0, "(SELECT signature FROM signatures WHERE position = 1)"), (2, "'none'")]
    {
        let change = format!("UPDATE signatures SET signature = {signature} WHERE position = {position}");
        database.execute(&change, []).unwrap();
    }
    let (log, _logging) = Log::begin();
    stage(&ledger, genesis, rewards("them", 3)).adopt().unwrap().unwrap();
    assert_eq!(waiting(&ledger), ["bob"]);
    let logged = log.take();
    for position in [0, 2] {
        let line = format!("payment {position} of replaced block 2 stays out of the pool");
        assert!(logged.contains(&line), "{logged}");
    }
}

#[test]
fn second_plan_for_a_chain_replaces_the_first() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    let both = accept(&ledger, "both");
    let mut theirs = stage(&ledger, genesis, [vec![vec![both]], rewards("them", 3)].concat());
    let staged = theirs.complete();
    for _ in 0..2 {
        assert_eq!(plan(&ledger, &staged).unwrap().confirmed.len(), 1);
    }
    theirs.adopt().unwrap().unwrap();
    assert_eq!((waiting(&ledger), signed_places(&ledger)), (vec![], vec![(2, 0)]));
}

#[test]
fn payments_in_another_order_are_found_across_shares() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    let [carol, bob] = ["carol", "bob"].map(|to| {
        let payment = accept(&ledger, to);
        seal(&ledger);
        payment
    });
    let mut theirs = stage(&ledger, genesis, [vec![vec![bob, carol]], rewards("them", 3)].concat());
    let staged = theirs.complete();
    let plan = plan_in_shares(&ledger, &staged, 1).unwrap();
    assert!(plan.orphans.is_empty(), "the new chain holds both");
}
