//! Verifies the signatures of stored payments on all cores: somebody may have changed them.

use std::thread::{self, available_parallelism};

use ledger_core::{Scheme, SignedPayment, VerifiedPayment};
use wallet::VerifyError;

use crate::system::threads::joined;

/// Verifies payments. Each comes with the caller's name for it. A payment with a wrong signature becomes `None`.
pub(in crate::ledger) fn verify<K: Send>(
    mut payments: Vec<(K, SignedPayment)>,
) -> impl Iterator<Item = (K, Option<VerifiedPayment>)> {
    let share = payments.len().div_ceil(available_parallelism().map_or(1, usize::from)).max(1);
    let mut shares = Vec::new();
    while !payments.is_empty() {
        let rest = payments.split_off(share.min(payments.len()));
        shares.push(std::mem::replace(&mut payments, rest));
    }
    let verified: Vec<Vec<_>> = thread::scope(|scope| {
        let threads: Vec<_> = shares
            .into_iter()
            .map(|share| {
                scope.spawn(|| {
                    share.into_iter().map(|(name, payment)| (name, verify_payment(payment).ok())).collect()
                })
            })
            .collect();
        threads.into_iter().map(joined).collect()
    });
    verified.into_iter().flatten()
}

/// Verifies one payment.
///
/// # Errors
///
/// [`VerifyError`] if its sender is not an address, or the signature is not the sender's.
pub fn verify_payment(payment: SignedPayment) -> Result<VerifiedPayment, VerifyError> {
    payment.verify_with(|claim, signature| {
        let Scheme::Md5 = claim.scheme;
        wallet::verify(&claim.key, claim.message.as_bytes(), signature)
    })
}
