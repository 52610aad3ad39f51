use std::path::Path;

use ledger_core::Transaction;

use super::*;
use crate::store::index::Keys;
use crate::store::testing::{TestChain, rules};
use crate::store::{Batch, MissingLog, ReadyBatch, Stage, Store, staging};

/// Amy and her namesake share a key of the index.
fn colliding(address: &str) -> Key {
    if address.starts_with("amy") { Key { index: 7, ..key(address) } } else { key(address) }
}

fn store(directory: &Path) -> (Store, TestChain) {
    let chain = TestChain::new();
    (Store::open(directory, MissingLog::Refused, || chain.genesis()).unwrap(), chain)
}

fn reward(to: &str, amount: u64) -> Transaction<'_> {
    Transaction::reward(to, amount)
}

/// Adds blocks to a chain. Returns them as one batch.
fn batch(chain: &mut TestChain, blocks: Vec<Vec<Transaction<'_>>>) -> ReadyBatch {
    let (mut batch, mut keys) = (Batch::default(), Keys::made_by(colliding));
    for transactions in blocks {
        batch.add(chain.add(transactions), &mut keys);
    }
    batch.ready()
}

fn append(store: &mut Store, chain: &mut TestChain, blocks: Vec<Vec<Transaction<'_>>>) {
    let batch = batch(chain, blocks);
    store.durably(|connection| batch.append(connection)).unwrap();
}

/// Reads an address in pages of two: its payments' blocks, the sum received and the sum paid.
fn history(store: &Store, tallies: &Tallies, address: &str) -> (Vec<u64>, String, String) {
    let page = |from: u64| {
        let (key, address, rules) = (colliding(address), address.into(), rules());
        let read = |snapshot: &_| read_by(snapshot, &*rules, tallies, (key, &address), from..from + 2);
        store.reading(read).unwrap()
    };
    let (mut blocks, mut next) = (Vec::new(), Some(0));
    while let Some(from) = next {
        let page = page(from);
        for (block, payment) in page.payments {
            let payment = rules().movement(&payment).unwrap().into_owned();
            assert!([payment.payer, payment.payee].iter().flatten().any(|concerned| concerned == address));
            blocks.push(block);
        }
        next = page.next;
    }
    let all = page(0);
    assert_eq!(all.length, blocks.len() as u64);
    (blocks, all.received.to_string(), all.sent.to_string())
}

fn expected(blocks: &[u64], received: &str, sent: &str) -> (Vec<u64>, String, String) {
    (blocks.to_vec(), received.into(), sent.into())
}

#[test]
fn addresses_that_share_a_key_keep_their_own_histories() {
    let directory = tempfile::tempdir().unwrap();
    let (mut store, mut chain) = store(directory.path());
    let tallies = Tallies::default();
    let pays = Transaction { sender: "amy".into(), ..reward("amy2", 5) };
    let together = vec![
        vec![reward("amy", 1), reward("amy2", 2), reward("amy", 3)],
        vec![pays],
        vec![reward("amy", 10)],
        vec![reward("amy2", 20)],
    ];
    append(&mut store, &mut chain, together);
    append(&mut store, &mut chain, vec![vec![reward("amy", 100)]]);
    append(&mut store, &mut chain, vec![vec![reward("amy2", 200)]]);
    append(&mut store, &mut chain, vec![vec![reward("amy", 1_000)], vec![reward("amy", 1_000)]]);
    for _ in 0..2 {
        assert_eq!(history(&store, &tallies, "amy"), expected(&[2, 2, 3, 4, 6, 8, 9], "2114", "5"));
        assert_eq!(history(&store, &tallies, "amy2"), expected(&[2, 3, 5, 7], "227", "0"));
    }
    let mut theirs = chain.up_to(4);
    let fork = theirs.tip();
    let mut staged = batch(&mut theirs, vec![vec![reward("amy2", 7)], vec![reward("amy", 8)]]);
    store.create_stage(1).unwrap();
    store.append_to_stage(1, &mut staged).unwrap();
    let stage =
        Stage { id: 1, fork: fork.into(), tip: theirs.tip(), payments: 2, bytes: 0, has_common: false };
    store.durably(|connection| staging::replace_blocks(connection, &stage)).unwrap();
    assert_eq!(history(&store, &tallies, "amy"), expected(&[2, 2, 3, 4, 6], "22", "5"));
    assert_eq!(history(&store, &tallies, "amy2"), expected(&[2, 3, 5], "14", "0"));
}

#[test]
fn cached_sums_belong_to_the_address() {
    let directory = tempfile::tempdir().unwrap();
    let (mut store, mut chain) = store(directory.path());
    let tallies = Tallies::default();
    append(&mut store, &mut chain, vec![vec![reward("amy", 1)]; 100]);
    append(&mut store, &mut chain, vec![vec![reward("amy2", 1)]; 70]);
    for _ in 0..2 {
        assert_eq!(history(&store, &tallies, "amy").1, "100");
        assert_eq!(history(&store, &tallies, "amy2").1, "70");
    }
    append(&mut store, &mut chain, vec![vec![reward("amy", 1)]]);
    assert_eq!(history(&store, &tallies, "amy").1, "101");
    assert_eq!(history(&store, &tallies, "amy2").1, "70");
}

#[test]
fn payment_in_a_long_block_shows_the_owner_of_a_row() {
    let directory = tempfile::tempdir().unwrap();
    let (mut store, mut chain) = store(directory.path());
    let tallies = Tallies::default();
    // About 300 KiB.
    let others = vec![reward("zo\u{eb}", 1); 4_000];
    for position in [0, 3_000, 4_000] {
        let mut block = others.clone();
        block.insert(position, reward("amy", 1));
        append(&mut store, &mut chain, vec![block]);
    }
    assert_eq!(history(&store, &tallies, "amy"), expected(&[2, 3, 4], "3", "0"));
    assert_eq!(history(&store, &tallies, "amy2"), expected(&[], "0", "0"));
}

/// A page of Amy's payments: their blocks, and the number of the next one.
fn page(store: &Store, numbers: Range<u64>) -> (Vec<u64>, Option<u64>) {
    let (address, rules) = ("amy".into(), rules());
    let read = |snapshot: &_| {
        read_by(snapshot, &*rules, &Tallies::default(), (colliding("amy"), &address), numbers.clone())
    };
    let account = store.reading(read).unwrap();
    (account.payments.into_iter().map(|(block, _)| block).collect(), account.next)
}

/// A payment to Amy whose text has this length.
fn long(length: usize) -> Transaction<'static> {
    let payment = |sender: String| Transaction { sender: sender.into(), ..reward("amy", 1) };
    let shortest = ledger_core::canonical::transaction_text(&payment(String::new())).len();
    payment("x".repeat(length - shortest))
}

/// A store with these blocks after the genesis.
fn with_blocks(directory: &Path, blocks: Vec<Vec<Transaction<'_>>>) -> Store {
    let (mut store, mut chain) = store(directory);
    append(&mut store, &mut chain, blocks);
    store
}

#[test]
fn page_has_the_requested_payments() {
    let directory = tempfile::tempdir().unwrap();
    let store = with_blocks(directory.path(), vec![vec![reward("amy", 1)]; 3]);
    assert_eq!(page(&store, 0..2), (vec![2, 3], Some(2)));
    assert_eq!(page(&store, 1..2), (vec![3], Some(2)));
    assert_eq!(page(&store, 1..3), (vec![3, 4], None));
    assert_eq!(page(&store, 0..9), (vec![2, 3, 4], None));
    assert_eq!(page(&store, 1..1), (vec![], None));
    assert_eq!(page(&store, 3..9), (vec![], None));
}

#[test]
fn page_ends_with_the_payment_that_exceeds_its_bytes() {
    let directory = tempfile::tempdir().unwrap();
    let blocks = vec![
        vec![long(PAGE_BYTES)],
        vec![long(1_000), reward("amy", 1)],
        vec![long(PAGE_BYTES), reward("amy", 1), reward("amy", 1)],
        vec![long(PAGE_BYTES / 2)],
        vec![long(PAGE_BYTES / 2 + 1)],
        vec![reward("amy", 1)],
    ];
    let store = with_blocks(directory.path(), blocks);
    assert_eq!(page(&store, 0..9), (vec![2, 3], Some(2)), "a full page takes one more");
    assert_eq!(page(&store, 3..9), (vec![4, 4], Some(5)));
    assert_eq!(page(&store, 6..9), (vec![5, 6], Some(8)));
}

#[test]
fn page_ends_when_too_much_was_read() {
    let directory = tempfile::tempdir().unwrap();
    let stranger = "x".repeat(READ_BYTES / 2);
    let blocks = vec![vec![reward(&stranger, 1), reward("amy", 1)]; 3];
    let store = with_blocks(directory.path(), blocks);
    assert_eq!(page(&store, 0..3), (vec![2, 3], Some(2)));
}
