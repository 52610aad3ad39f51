use crate::ledger::testing::{ledger, submit, waiting};
use crate::ledger::{Ledger, Source};
use crate::store::DataDir;
use crate::store::testing::rules_at;

#[test]
fn payments_of_one_commit_share_the_pools_limit() {
    let directory = tempfile::tempdir().unwrap();
    let first = ledger(&directory);
    submit(&first, &[("bob", Source::User)]).remove(0).unwrap();
    let bytes = first.view(|view| view.pool.bytes());
    drop(first);

    let data_dir = DataDir::take(directory.path()).unwrap();
    let ledger = Ledger::check(data_dir, rules_at(1)).unwrap().open(3 * bytes).unwrap();
    let answers = submit(&ledger, &["jim", "tim", "kim"].map(|to| (to, Source::User)));
    let answers: Vec<_> = answers.into_iter().map(|answer| answer.map_err(|full| full.to_string())).collect();
    let (limit, is_full) = (3 * bytes, "mine a block, then send the payment again");
    let full = format!("the pool is full: {limit} of {limit} bytes are taken; {is_full}");
    assert_eq!(answers, [Ok(2), Ok(2), Err(full)]);
    assert_eq!(waiting(&ledger), ["bob", "jim", "tim"]);
}
