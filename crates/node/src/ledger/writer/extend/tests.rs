use ledger_core::Timestamp;
use ledger_core::seam::Successor;

use super::*;
use crate::ledger::testing::{
    self, accept, ledger, next, rewards, seal, signed_places, stage, submit, waiting,
};
use crate::ledger::{Ledger, Source};

fn extend(ledger: &Ledger, next: Successor) -> Extended {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(ledger.extend(next, Origin::Pushed)).unwrap()
}

#[test]
fn pushed_block_removes_its_payments_from_the_pool() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let (bob, carol) = (accept(&ledger, "bob"), accept(&ledger, "carol"));
    accept(&ledger, "bob");
    let theirs = next(&ledger, vec![ledger_core::Transaction::reward("them", 1_u64), carol, bob]);
    let checked = ledger.check_next(theirs.text().as_bytes(), Timestamp::from_micros(2)).unwrap();
    let tip = checked.block().tip();
    assert_eq!(extend(&ledger, checked), Extended::Connected(tip));
    assert_eq!((ledger.tip(), waiting(&ledger)), (tip, vec!["bob".to_owned()]));
    assert_eq!(signed_places(&ledger), [(2, 1), (2, 2)], "their signatures are kept");
    drop(ledger);
    let ledger = self::ledger(&directory);
    assert_eq!((ledger.tip(), waiting(&ledger)), (tip, vec!["bob".to_owned()]));
}

#[test]
fn payments_that_a_block_lacks_stay_on_disk() {
    let directory = tempfile::tempdir().unwrap();
    let first = ledger(&directory);
    let bob = accept(&first, "bob");
    accept(&first, "carol");
    drop(first);
    for (held, left) in [(vec![], vec!["bob", "carol"]), (vec![bob], vec!["carol"])] {
        let ledger = ledger(&directory);
        let theirs = next(&ledger, held);
        testing::extend(&ledger, &theirs);
        drop(ledger);
        assert_eq!(waiting(&self::ledger(&directory)), left);
    }
}

#[test]
fn payment_that_its_block_overtook_does_not_enter_the_pool() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let bob = accept(&ledger, "bob");
    // Our pool holds one of the two payments to Bob.
    let theirs = next(&ledger, vec![bob.clone(), bob]);
    testing::extend(&ledger, &theirs);
    let answers = submit(&ledger, &[("bob", Source::Relay), ("carol", Source::Relay)]);
    assert!(answers.iter().all(|answer| matches!(answer, Ok(3))), "{answers:?}");
    assert_eq!(waiting(&ledger), ["carol"]);
    submit(&ledger, &[("bob", Source::Relay)]);
    assert_eq!(waiting(&ledger), ["carol", "bob"], "the next one is another payment");
}

#[test]
fn users_payment_enters_the_pool_whatever_blocks_hold() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let bob = accept(&ledger, "bob");
    let theirs = next(&ledger, vec![bob.clone(), bob]);
    testing::extend(&ledger, &theirs);
    submit(&ledger, &[("bob", Source::User)]);
    assert_eq!(waiting(&ledger), ["bob"]);
}

#[test]
fn relayed_payments_held_at_the_start_stay_out_of_the_pool() {
    let directory = tempfile::tempdir().unwrap();
    let first = ledger(&directory);
    accept(&first, "bob");
    seal(&first);
    accept(&first, "carol");
    drop(first);
    let ledger = ledger(&directory);
    submit(&ledger, &["bob", "carol", "dora"].map(|to| (to, Source::Relay)));
    assert_eq!(waiting(&ledger), ["carol", "dora"]);
    submit(&ledger, &[("carol", Source::User), ("bob", Source::Relay)]);
    assert_eq!(waiting(&ledger), ["carol", "dora", "carol", "bob"]);
}

#[test]
fn newest_block_counts_at_the_start_of_a_long_chain() {
    let directory = tempfile::tempdir().unwrap();
    let first = ledger(&directory);
    stage(&first, first.tip(), rewards("us", 70)).adopt().unwrap().unwrap();
    accept(&first, "bob");
    seal(&first);
    drop(first);
    let ledger = ledger(&directory);
    submit(&ledger, &[("bob", Source::Relay)]);
    assert_eq!(waiting(&ledger), [""; 0]);
}

#[test]
fn late_block_is_declined() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let theirs = next(&ledger, vec![]);
    let checked = ledger.check_next(theirs.text().as_bytes(), Timestamp::from_micros(2)).unwrap();
    seal(&ledger);
    let tip = ledger.tip();
    assert_eq!(extend(&ledger, checked), Extended::NotOnOurTip);
    assert_eq!(ledger.tip(), tip);
    let late = ledger.check_next(theirs.text().as_bytes(), Timestamp::from_micros(2)).unwrap_err();
    assert_eq!(late.to_string(), "block 3: index is 2, expected 3");
}

#[test]
fn draft_for_another_tip_is_not_sealed() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let draft = ledger.draft(&"us".into(), Timestamp::from_micros(2));
    seal(&ledger);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let sealed = runtime.block_on(ledger.seal(draft, 7, Timestamp::from_micros(2)));
    assert!(sealed.unwrap().is_none());
}

#[test]
fn own_block_with_a_wrong_proof_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    accept(&ledger, "bob");
    let (tip, draft) = (ledger.tip(), ledger.draft(&"us".into(), Timestamp::from_micros(2)));
    let wrong = (0..).find(|proof| draft.work().hash(*proof)[0] >> 4 != 0).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let refused = runtime.block_on(ledger.seal(draft, wrong, Timestamp::from_micros(2))).unwrap_err();
    assert!(refused.to_string().starts_with("own block refused: block 2: proof"), "{refused}");
    assert_eq!((ledger.tip(), waiting(&ledger)), (tip, vec!["bob".to_owned()]));
}
