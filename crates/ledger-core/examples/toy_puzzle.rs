//! The tutorial's first puzzle (section 3.4): find y such that the hash of 5 * y ends in 0.
//!
//! Run it with `cargo run -p ledger-core --example toy_puzzle`.

use ledger_core::BlockHash;

fn main() {
    let x = 5;
    let hash = |y: u64| BlockHash::of_text(&(x * y).to_string()).to_string();
    let mut y = 0; // we don't know what y should be yet
    while !hash(y).ends_with('0') {
        y += 1;
    }
    assert_eq!(y, 21);
    println!("The solution is y = {y}");
    println!("sha256({x} * {y}) = {}", hash(y));
}
