//! Alice pays Bob: the payment is signed, verified, mined and written to a file; then it is tampered with.
//!
//! Run it with `cargo run -p wallet --example payment`.

use std::error::Error;
use std::time::SystemTime;

use ledger_core::{Blockchain, ClassicRules, Difficulty, SignedTransaction, Transaction};
use wallet::Wallet;

fn main() -> Result<(), Box<dyn Error>> {
    let (alice, bob) = (Wallet::generate()?, Wallet::generate()?);
    let rules = ClassicRules::new(Difficulty::new(3)?);
    let mut ledger = Blockchain::new(rules, SystemTime::now().try_into()?);

    // Alice signs a payment of 5. With another amount the signature does not fit.
    let payment = Transaction {
        sender: alice.address().to_string().into(),
        recipient: bob.address().as_str().into(),
        amount: 5u64.into(),
    };
    let signature = alice.sign(payment.message().as_bytes())?.into_string();
    let raised = Transaction { amount: 500u64.into(), ..payment.clone() };
    let refused = SignedTransaction::new(raised, signature.clone())?.verify_with(wallet::verify).unwrap_err();
    println!("500 instead of 5 is refused: {refused}");

    let signed = SignedTransaction::new(payment, signature)?;
    ledger.new_transaction(signed.verify_with(wallet::verify)?)?;

    // Bob mines: the first block takes the payment, the second one protects it.
    for _ in 0..2 {
        let proof = ledger.proof_of_work().ok_or("no 64-bit proof solves the puzzle")?;
        let reward = Transaction::reward(bob.address().as_str(), 1);
        let block = ledger.new_block(proof, Some(reward), SystemTime::now().try_into()?)?;
        println!("block {} has proof {proof} and hash {}", block.index, block.hash());
    }

    // The chain as `node export` writes it, and as it is read back, checked.
    let backup = ledger.to_json();
    let restored = Blockchain::from_json(rules, backup.as_bytes())?;
    println!("{} blocks restored: all hashes, links and proofs are valid", restored.blocks().len());

    let forged = backup.replace("\"amount\": 5,", "\"amount\": 500,");
    println!("{}", Blockchain::from_json(rules, forged.as_bytes()).unwrap_err());
    Ok(())
}
