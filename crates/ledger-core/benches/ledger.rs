//! How fast the core hashes, validates and reads. Run with `cargo bench -p ledger-core`.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ledger_core::classic::{Classic, State};
use ledger_core::seam::{Checking, Erased, Proofs, RuleSet, Rules, Stored};
use ledger_core::{
    Block, BlockHash, Blockchain, ChainReader, ClassicRules, Difficulty, Height, Members, SignedTransaction,
    StreamError, Timestamp, Transaction,
};

/// A chain of payments between addresses of 600 characters, five transactions a block.
fn chain(length: u64) -> Vec<Block<'static>> {
    let mut ledger = Blockchain::new(rules(), Timestamp::from_micros(1_500_000_000_000_001));
    let address = |number: u64| format!("{number:0>600}");
    for index in 1..length {
        for to in 0..4 {
            let payment = Transaction {
                amount: (to + 1).into(),
                recipient: address(to).into(),
                sender: address(index).into(),
            };
            let signed = SignedTransaction::new(payment, String::new()).expect("payable");
            let Ok(verified) = signed.verify_with(|_, _, _| Ok::<(), std::convert::Infallible>(()));
            ledger.new_transaction(verified).expect("room");
        }
        let proof = ledger.proof_of_work().expect("difficulty 1");
        let time = Timestamp::from_micros(1_500_000_000_000_001 + index * 1_234_567);
        ledger.new_block(proof, Some(Transaction::reward(address(9), 1u64)), time).expect("a valid block");
    }
    ledger.blocks().to_vec()
}

fn rules() -> ClassicRules {
    ClassicRules::new(Difficulty::new(1).expect("in range"))
}

fn blocks(c: &mut Criterion) {
    let chain = chain(1_000);
    let bytes: usize = chain.iter().map(|block| block.text().len()).sum();
    let body = format!(
        "{{\"chain\": [{}], \"length\": {}}}",
        chain.iter().map(|block| block.text()).collect::<Vec<_>>().join(", "),
        chain.len()
    );
    let compact = body.replace(": ", ":");
    let mut group = c.benchmark_group("chain of 1000 blocks");
    group.throughput(Throughput::Bytes(bytes as u64));
    let texts: Vec<&[u8]> = chain.iter().map(|block| block.text().as_bytes()).collect();
    group.bench_function("hash each block", |b| {
        b.iter(|| {
            chain.iter().for_each(|block| {
                black_box(BlockHash::of_text(black_box(block.text())));
            });
        });
    });
    group.bench_function("hash the blocks together", |b| b.iter(|| BlockHash::of_texts(black_box(&texts))));
    group.bench_function("validate (hash and proof of each block)", |b| {
        b.iter(|| {
            let mut verifier = Verifier::new();
            chain.iter().for_each(|block| {
                black_box(black_box(block).members().hash());
                verifier.push(block);
            });
        });
    });
    group.bench_function("split the stream", |b| {
        b.iter(|| {
            read(&body, |json| {
                black_box(json);
            })
        });
    });
    group.bench_function("parse each block, in another layout", |b| {
        b.iter(|| read(&compact, |json| drop(black_box(other_layout(json)))));
    });
    group.bench_function("parse each block, in place", |b| {
        b.iter(|| read(&body, |json| drop(black_box(Members::of_canonical(json).expect("canonical")))));
    });
    group.bench_function("split, parse, write, hash and verify, in another layout", |b| {
        b.iter(|| {
            let mut verifier = Verifier::new();
            read(&compact, |json| {
                let block = other_layout(json);
                verifier.push(&Block::new(block));
            });
        });
    });
    group.bench_function("split, parse, hash and verify, in place", |b| {
        b.iter(|| {
            let mut verifier = Verifier::new();
            read(&body, |json| {
                verifier.push(&Block::of_canonical(json).expect("canonical"));
            });
        });
    });
    group.bench_function("split, parse, hash and verify, in place, through the seam", |b| {
        b.iter(|| {
            let mut checked = rule_set().begin(Proofs::Checked);
            read(&body, |json| drop(black_box(checked.push(json, now()).expect("valid"))));
        });
    });
    let hashes: Vec<String> = chain.iter().map(|block| block.hash().to_string()).collect();
    let rows: Vec<Stored<'_>> =
        chain.iter().zip(&hashes).filter_map(|(block, hash)| row(block, hash)).collect();
    group.bench_function("parse, hash and verify stored blocks together", |b| {
        b.iter(|| {
            let mut verifier = Verifier::new();
            for (texts, rows) in texts.chunks(TOGETHER).zip(rows.chunks(TOGETHER)) {
                for (block, row) in Block::of_canonical_all(texts).into_iter().zip(rows) {
                    let block = block.expect("canonical");
                    assert_eq!(block.hash().to_hex(), row.hash.as_bytes());
                    verifier.push(&block);
                }
            }
        });
    });
    group.bench_function("parse, hash and verify stored blocks together, through the seam", |b| {
        b.iter(|| {
            let mut checked = rule_set().begin(Proofs::Checked);
            for rows in rows.chunks(TOGETHER) {
                checked.push_stored(rows, &mut |block| drop(black_box(block))).expect("valid");
            }
        });
    });
    group.finish();
}

/// Stored blocks per read: about as many as a node reads at a time.
const TOGETHER: usize = 200;

fn classic() -> Classic {
    Classic::new(rules(), 1u64.into())
}

fn rule_set() -> Arc<dyn RuleSet> {
    Arc::new(Erased(classic()))
}

/// Checks blocks as the rule set does, without the seam.
struct Verifier {
    rules: Classic,
    state: Option<State>,
}

impl Verifier {
    fn new() -> Self {
        Self { rules: classic(), state: None }
    }

    fn push(&mut self, block: &Block<'_>) {
        let with = Checking { now: None, proofs: Proofs::Checked };
        self.state = Some(self.rules.check(self.state.as_ref(), block, with).expect("valid"));
    }
}

fn now() -> Timestamp {
    Timestamp::from_micros(0)
}

fn row<'a>(block: &'a Block<'_>, hash: &'a str) -> Option<Stored<'a>> {
    Some(Stored { height: Height::new(block.index)?, hash, text: block.text().as_bytes(), saved: None })
}

/// Reads a block in a layout that cannot be read in place.
fn other_layout(json: &[u8]) -> Members<'_> {
    Members::from_json(json).expect("a block")
}

fn read(body: &str, mut block: impl FnMut(&[u8])) {
    let mut reader = ChainReader::new(1 << 20);
    for piece in body.as_bytes().chunks(64 << 10) {
        let taken = reader.feed(piece, |json| {
            block(json);
            Ok::<(), StreamError>(())
        });
        taken.expect("a chain");
    }
}

criterion_group!(benches, blocks);
criterion_main!(benches);
