//! Mines three blocks at the tutorial's difficulty and prints the chain.
//!
//! Run it with `cargo run -p ledger-core --example mine_three_blocks`.

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use ledger_core::{Blockchain, ClassicRules, Difficulty, Timestamp, Transaction, canonical};

fn main() -> Result<(), Box<dyn Error>> {
    let mut ledger = Blockchain::new(ClassicRules::new(Difficulty::default()), now()?);
    for _ in 0..3 {
        let proof = ledger.proof_of_work().ok_or("no 64-bit proof solves the puzzle")?;
        ledger.new_block(proof, Some(Transaction::reward("miner", 1u64)), now()?)?;
    }
    for block in ledger.blocks() {
        println!("{}\n  hash: {}\n", canonical::text(block), block.hash());
    }
    Ok(())
}

/// The core reads no clock, so the caller does.
fn now() -> Result<Timestamp, Box<dyn Error>> {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros();
    Ok(Timestamp::from_micros(u64::try_from(micros)?))
}
