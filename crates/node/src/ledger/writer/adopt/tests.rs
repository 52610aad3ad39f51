use ledger_core::Transaction;
use ledger_core::seam::AnyState;

use super::{Outcome, warn_of_dropped};
use crate::ledger::reorg::{Plan, plan, plan_in_shares};
use crate::ledger::testing::{accept, ledger, pay, rewards, seal, signed_places, stage, submit, waiting};
use crate::ledger::{Ledger, PAGE, Source};
use crate::store::blocks::{self, Which};
use crate::store::{Stage, StoreError};
use crate::telemetry::testing::Log;

/// Adopts a staged chain with a plan.
fn adopt(ledger: &Ledger, stage: Stage, state: &AnyState, plan: Plan) -> Outcome {
    let state = state.clone();
    ledger.wait_for(move |writer, stage| writer.adopt(&stage, plan, state), stage).unwrap()
}

#[test]
fn chain_on_replaced_blocks_is_not_adopted() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    let ours = stage(&ledger, genesis, rewards("us", 3));
    let tip = ours.tip;
    assert_eq!(ours.adopt().unwrap().unwrap().adopted, 3);

    let first = stage(&ledger, genesis, rewards("first", 5));
    let first_tip = first.tip;
    let second = stage(&ledger, tip, rewards("second", 9));
    assert_eq!(first.adopt().unwrap().unwrap().replaced, 3);
    assert_eq!(second.adopt().unwrap(), None);
    assert_eq!(ledger.tip(), first_tip);
    drop(ledger);
    assert_eq!(self::ledger(&directory).tip(), first_tip, "the chain is valid when it is opened again");
}

#[test]
fn equal_payments_are_counted_across_shares() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    let equal = accept(&ledger, "bob");
    for to in ["carol", "bob", "bob"] {
        seal(&ledger);
        accept(&ledger, to);
    }
    let blocks = [vec![vec![equal.clone(), equal.clone()]], rewards("them", 5)].concat();
    let mut theirs = stage(&ledger, genesis, blocks);
    let stage = theirs.complete();
    let plan = plan_in_shares(&ledger, &stage, 1).unwrap();
    assert!(matches!(adopt(&ledger, stage, &theirs.state, plan), Outcome::Adopted(_)));
    assert_eq!(waiting(&ledger), ["carol", "bob"]);
    assert_eq!(signed_places(&ledger), [(2, 0), (2, 1)]);
}

#[test]
fn payments_sealed_or_sent_during_preparation_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    let both = accept(&ledger, "both");
    accept(&ledger, "ours");
    let blocks = [vec![vec![Transaction::reward("them", 1_u64), both]], rewards("them", 5)].concat();
    let mut theirs = stage(&ledger, genesis, blocks);
    let stage = theirs.complete();
    let plan = plan(&ledger, &stage).unwrap();
    accept(&ledger, "sealed");
    seal(&ledger);
    accept(&ledger, "sent");
    assert!(matches!(adopt(&ledger, stage, &theirs.state, plan), Outcome::Adopted(_)));
    assert_eq!(waiting(&ledger), ["ours", "sealed", "sent"]);
    assert_eq!(signed_places(&ledger), [(2, 1)]);
}

#[test]
fn payments_relayed_after_the_plan_leave_the_pool_if_the_new_chain_holds_them() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    let paid = ["held", "twice"].map(|to| pay(to).text().parse::<Transaction<'_>>().unwrap());
    let blocks = [vec![paid.to_vec()], rewards("them", 5)].concat();
    let mut theirs = stage(&ledger, genesis, blocks);
    let stage = theirs.complete();
    let plan = plan(&ledger, &stage).unwrap();
    for (to, source) in
        [("held", Source::Relay), ("twice", Source::User), ("twice", Source::Relay), ("new", Source::Relay)]
    {
        submit(&ledger, &[(to, source)]).remove(0).unwrap();
    }
    assert!(matches!(adopt(&ledger, stage, &theirs.state, plan), Outcome::Adopted(_)));
    assert_eq!(waiting(&ledger), ["twice", "new"]);
    assert_eq!(signed_places(&ledger), [(2, 0), (2, 1)]);
    assert!(submit(&ledger, &[("held", Source::Relay)]).remove(0).is_ok());
    assert_eq!(waiting(&ledger), ["twice", "new", "held"], "each position stands for one payment");
}

/// Seals payments after a plan was made, then adopts the staged chain. Returns the plan's outcome and the pool.
fn adopt_after_sealing(payments: usize) -> (Outcome, Vec<String>) {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let mut theirs = stage(&ledger, ledger.tip(), rewards("them", 5));
    let staged = theirs.complete();
    let plan = plan(&ledger, &staged).unwrap();
    for number in 0..payments {
        accept(&ledger, &number.to_string());
        if number % 60 == 59 {
            seal(&ledger);
        }
    }
    seal(&ledger);
    let outcome = adopt(&ledger, staged, &theirs.state, plan);
    theirs.adopt().unwrap();
    (outcome, waiting(&ledger))
}

#[test]
fn plan_is_outdated_when_many_payments_were_sealed_since() {
    let numbers = |payments: usize| (0..payments).map(|number| number.to_string()).collect::<Vec<_>>();
    let (outcome, returned) = adopt_after_sealing(64);
    assert!(matches!(outcome, Outcome::Adopted(_)));
    assert_eq!(returned, numbers(64));
    let (outcome, returned) = adopt_after_sealing(65);
    assert!(matches!(outcome, Outcome::Outdated));
    assert_eq!(returned, numbers(65), "another plan returns them");
}

#[test]
fn payment_with_a_changed_signature_stays_out() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let mut theirs = stage(&ledger, ledger.tip(), rewards("them", 5));
    let staged = theirs.complete();
    let plan = plan(&ledger, &staged).unwrap();
    accept(&ledger, "changed");
    accept(&ledger, "kept");
    seal(&ledger);
    let change = "UPDATE signatures SET signature = 'AAAA' WHERE position = 0";
    ledger
        .wait_for(
            |writer, change| writer.store.durably(|connection| Ok(connection.execute(change, [])?)),
            change,
        )
        .unwrap();
    assert!(matches!(adopt(&ledger, staged, &theirs.state, plan), Outcome::Adopted(_)));
    assert_eq!(waiting(&ledger), ["kept"]);
}

#[test]
fn plan_is_outdated_when_our_chain_was_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    let paid = accept(&ledger, "bob");
    seal(&ledger);
    let mut late = stage(&ledger, genesis, rewards("late", 9));
    let staged = late.complete();
    let plan = plan(&ledger, &staged).unwrap();
    let first = stage(&ledger, genesis, [vec![vec![paid]], rewards("first", 3)].concat());
    first.adopt().unwrap().unwrap();
    assert_eq!(signed_places(&ledger), [(2, 0)]);
    assert!(matches!(adopt(&ledger, staged, &late.state, plan), Outcome::Outdated));
    late.adopt().unwrap().unwrap();
    assert_eq!((waiting(&ledger), signed_places(&ledger)), (vec!["bob".to_owned()], vec![]));
}

#[test]
fn index_of_common_blocks_is_complete_with_a_large_block() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let reward = |bytes: usize| vec![Transaction::reward("x".repeat(bytes), 1_u64)];
    let ours = stage(&ledger, ledger.tip(), vec![reward(9), reward(300_000), reward(9)]);
    let tip = ours.tip;
    ours.adopt().unwrap().unwrap();

    let mut theirs = stage(&ledger, tip, vec![reward(100_000); 6]);
    let tip = theirs.tip;
    let mut stage = theirs.complete();
    theirs.stage.copy_common(&mut stage).unwrap();
    assert!(stage.has_common);
    let plan = plan(&ledger, &stage).unwrap();
    assert!(matches!(adopt(&ledger, stage, &theirs.state, plan), Outcome::Adopted(_)));
    drop((theirs, ledger));
    assert_eq!(self::ledger(&directory).tip(), tip, "the start compares the index with all blocks");
}

/// The tables and indexes of the database by name, each table with its columns as they were declared.
fn layout(ledger: &Ledger) -> Vec<(String, Option<String>)> {
    let select =
        "SELECT name, substr(sql, instr(sql, '(')) FROM sqlite_master WHERE tbl_name NOT GLOB 'staged_*'
        ORDER BY name";
    let read = |snapshot: &rusqlite::Transaction<'_>| -> Result<Vec<_>, StoreError> {
        let mut select = snapshot.prepare(select)?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    ledger.readers().snapshot(read).unwrap()
}

#[test]
fn adoption_keeps_the_layout_and_the_index_of_hashes() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let (genesis, before) = (ledger.tip(), layout(&ledger));
    for count in 1..=3 {
        let theirs = stage(&ledger, genesis, rewards("them", count));
        let tip = theirs.tip;
        theirs.adopt().unwrap().unwrap();
        assert_eq!(layout(&ledger), before);
        let which = Which::Hash(tip.hash);
        let found =
            ledger.readers().snapshot(|snapshot| blocks::find(snapshot, &**ledger.rules(), &which, PAGE));
        assert_eq!(found.unwrap().unwrap().height, tip.height);
    }
}

#[test]
fn dropped_payments_are_logged() {
    let (log, _logging) = Log::begin();
    warn_of_dropped(0);
    assert_eq!(log.take(), "");
    warn_of_dropped(3);
    assert!(log.take().contains("dropped 3 orphaned payments: pool full"));
}

#[test]
fn only_unverified_payments_of_adopted_blocks_count_as_overtaken() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    let [bob, carol, dora] = ["bob", "carol", "dora"].map(|to| accept(&ledger, to));
    seal(&ledger);
    // The new chain holds what waits or is in our block, and another payment to Bob.
    let waits = accept(&ledger, "eve");
    let theirs = vec![vec![bob.clone(), carol], vec![dora, bob, waits]];
    stage(&ledger, genesis, theirs).adopt().unwrap().unwrap();
    assert_eq!(waiting(&ledger), [""; 0]);
    let relayed = ["bob", "bob", "carol", "dora", "eve"].map(|to| (to, Source::Relay));
    submit(&ledger, &relayed);
    assert_eq!(waiting(&ledger), ["bob", "carol", "dora", "eve"], "only one payment to Bob was overtaken");
}
