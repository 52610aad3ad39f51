//! Proofs tried per second: on one core with each engine, and on all cores. Run with `cargo bench -p pow-engine
//! --bench search`.

use std::hint::black_box;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use pow_engine::{Engine, Target, Work};

/// Nine-digit proofs, as at difficulty 7.
const PROOFS: Range<u64> = 123_456_789..124_456_789;

/// The tutorial's puzzle after a block with this proof, at an unreachable difficulty.
fn work(last_proof: u64) -> Work {
    let last_hash = *b"92c89d9853a2f5716d2a23633e86835afaa5d4213580dbee0844f53767d293c8";
    Work::new(last_proof.to_string(), last_hash, Target::with_leading_zero_bits(256))
}

fn engines(c: &mut Criterion) {
    let mut group = c.benchmark_group("proof search");
    group.throughput(Throughput::Elements(PROOFS.end - PROOFS.start));
    for engine in Engine::available() {
        group.bench_function(engine.to_string(), |b| {
            b.iter(|| work(35_293).search(engine, black_box(PROOFS), |_| ControlFlow::Continue(())));
        });
    }
    on_all_cores(&mut group);
    group.finish();
}

/// The fastest engine on one thread per core. Like the node's miner, threads share the work in parts so small that none
/// waits long for another.
fn on_all_cores(group: &mut BenchmarkGroup<'_, WallTime>) {
    const START: u64 = 123_400_000;
    const SHARES: u64 = 200;
    const SHARE: u64 = 200_000;
    let (work, engine) = (work(35_293), Engine::best());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    group.throughput(Throughput::Elements(SHARES * SHARE)).sample_size(30);
    group.bench_function("all cores", |b| {
        b.iter(|| {
            let next = AtomicU64::new(0);
            let search = || {
                while let share @ 0..SHARES = next.fetch_add(1, Ordering::Relaxed) {
                    let start = START + share * SHARE;
                    work.search(engine, black_box(start..start + SHARE), |_| ControlFlow::Continue(()));
                }
            };
            thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(search))));
        });
    });
}

/// Digits that change in one word of the message or in two, at several positions.
fn places(c: &mut Criterion) {
    let mut group = c.benchmark_group("proof search, length of the last proof");
    group.throughput(Throughput::Elements(PROOFS.end - PROOFS.start));
    for digits in [1, 3, 7, 9, 20] {
        let work = work(if digits == 20 { u64::MAX } else { 10_u64.pow(digits - 1) });
        group.bench_function(digits.to_string(), |b| {
            b.iter(|| work.search(Engine::best(), black_box(PROOFS), |_| ControlFlow::Continue(())));
        });
    }
    group.finish();
}

criterion_group!(benches, engines, places);
criterion_main!(benches);
