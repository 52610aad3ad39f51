//! Changes a past payment and shows which block reveals it, and why.
//!
//! Run it with `cargo run -p ledger-core --example tamper`.

use std::convert::Infallible;
use std::error::Error;

use ledger_core::{
    Blockchain, ClassicRules, Difficulty, SignedTransaction, Timestamp, Transaction, verify_chain,
};

fn main() -> Result<(), Box<dyn Error>> {
    let rules = ClassicRules::new(Difficulty::new(3)?);
    let mut ledger = Blockchain::new(rules, Timestamp::from_micros(1_518_048_000_000_000));
    for (hour, to) in (1..).zip(["bob", "carol"]) {
        let payment = Transaction { amount: 5u64.into(), recipient: to.into(), sender: "alice".into() };
        let signed =
            SignedTransaction::new(payment, "alice's signature, which this example does not verify".into())?;
        ledger.new_transaction(signed.verify_with(|_, _, _| Ok::<(), Infallible>(()))?)?;
        let proof = ledger.proof_of_work().ok_or("no 64-bit proof solves the puzzle")?;
        let time = Timestamp::from_micros(1_518_048_000_000_000 + hour * 3_600_000_000);
        ledger.new_block(proof, Some(Transaction::reward("miner", 1u64)), time)?;
    }

    let mut blocks = ledger.blocks().to_vec();
    println!(
        "as mined:  {:?}",
        verify_chain(rules, &blocks).map(|tip| format!("valid, {} blocks", tip.height))
    );

    println!("tampering: block 2 pays bob {}, now 500", blocks[1].transactions[0].amount);
    let mut members = blocks[1].members().clone();
    members.transactions[0].amount = 500u64.into();
    blocks[1] = members.into();

    let violation = verify_chain(rules, &blocks).err().ok_or("the change went unnoticed")?;
    println!("refused:   {violation}");
    println!();
    println!(
        "Block 3 still names the hash that block 2 had. Whoever changes block 2 must mine block 3 anew,"
    );
    println!("and every block after it, faster than all others mine new ones.");
    Ok(())
}
