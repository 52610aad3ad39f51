//! Checking the signatures of payments that a store kept, with all cores: nobody may have changed one meanwhile.

use std::thread::{self, available_parallelism};

use ledger_core::VerifiedTransaction;

use crate::store::StoreError;

/// Checks the signatures that are known: those of payments that came back from replaced blocks are not.
pub(super) fn check(payments: &[(i64, VerifiedTransaction)]) -> Result<(), StoreError> {
    let share = payments.len().div_ceil(available_parallelism().map_or(1, usize::from)).max(1);
    let wrong = thread::scope(|scope| {
        let threads: Vec<_> =
            payments.chunks(share).map(|share| scope.spawn(|| first_wrong(share))).collect();
        threads.into_iter().find_map(|thread| thread.join().expect("a check of a signature does not panic"))
    });
    match wrong {
        None => Ok(()),
        Some(number) => {
            let says = format!("payment {number} of the pool: its signature is not its sender's");
            Err(StoreError::Damaged(says))
        }
    }
}

fn first_wrong(payments: &[(i64, VerifiedTransaction)]) -> Option<i64> {
    let is_right = |payment: &VerifiedTransaction| {
        let transaction = payment.transaction();
        payment.signature().is_none_or(|signature| {
            wallet::verify(&transaction.sender, transaction.message().as_bytes(), signature).is_ok()
        })
    };
    payments.iter().find(|(_, payment)| !is_right(payment)).map(|(number, _)| *number)
}
