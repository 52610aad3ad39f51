//! How long it takes to check a signature: `cargo bench -p wallet`, and the same with `--features openssl`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use wallet::{PublicKey, Wallet};

fn verify(c: &mut Criterion) {
    let wallet = Wallet::generate().expect("the system has random numbers");
    let text = wallet.address().to_string();
    let message = text.repeat(2);
    let signature = wallet.sign(message.as_bytes()).expect("a new key signs");
    let address = PublicKey::parse(&text).expect("a new key has an address");

    c.bench_function("read an address", |b| b.iter(|| PublicKey::parse(black_box(&text))));
    c.bench_function("check a signature, the key read anew", |b| {
        b.iter(|| wallet::verify(black_box(&text), message.as_bytes(), signature.as_str()))
    });
    c.bench_function("check a signature, the key kept", |b| {
        b.iter(|| address.verify(black_box(message.as_bytes()), signature.as_str()))
    });
}

criterion_group!(benches, verify);
criterion_main!(benches);
