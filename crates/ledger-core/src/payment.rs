//! A payment of any rule set: its text, its signature, and what the signature has to prove.
//!
//! A rule set builds a [`SignedPayment`] from what a user sent. Verifying it yields a [`VerifiedPayment`], the only kind
//! that may wait for a block. The rule set writes the text once. Store, responses and blocks hold that same text.

use sha2::{Digest, Sha256};

use crate::hash::BlockHash;

/// A payment whose signature is not verified yet.
///
/// # Examples
///
/// ```
/// use ledger_core::{SignedPayment, SignedTransaction, Transaction};
///
/// let transaction = Transaction { amount: 5u64.into(), recipient: "bob".into(), sender: "alice".into() };
/// let payment = SignedPayment::from(SignedTransaction::new(transaction, "c2lnbmF0dXJl".into())?);
/// assert_eq!(payment.text(), r#"{"amount": 5, "recipient": "bob", "sender": "alice"}"#);
/// let verified = payment.verify_with(|claim, signature| {
///     // A real caller verifies the signature here.
///     if (&*claim.key, &*claim.message, signature) == ("alice", "alicebob5", "c2lnbmF0dXJl") {
///         Ok(())
///     } else {
///         Err("wrong signature")
///     }
/// });
/// assert!(verified.is_ok());
/// # Ok::<(), ledger_core::PaymentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedPayment {
    text: Box<str>,
    signature: Box<str>,
    claim: Claim,
}

/// What a signature has to prove: that the owner of `key` signed `message`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The key as a text: in the classic rules the sender.
    pub key: Box<str>,
    /// The text that was signed.
    pub message: Box<str>,
    /// How it was signed.
    pub scheme: Scheme,
    /// The SHA-256 of the claim's parts and the signature: equal ids have equal outcomes.
    pub id: [u8; 32],
}

/// How a message is signed.
///
/// Not `non_exhaustive`: code that verifies claims must handle every scheme, so a new one must fail to compile there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5 over MD5, as the tutorial signs (section 5.3).
    Md5,
}

/// A payment whose signature was verified: the only kind that may wait in the [`Pool`](crate::Pool).
///
/// It comes from [`SignedPayment::verify_with`], or from a [`Witness`] that this process verified the same payment before.
/// Nothing else makes one: a payment from the store is verified again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedPayment {
    text: Box<str>,
    signature: Box<str>,
    name: PaymentName,
    witness: Witness,
}

/// Names a payment: the first 16 bytes of its text's SHA-256. Equal payments have equal names.
///
/// Finding two payments with the same name takes about 2^64 hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PaymentName(u128);

/// Proves that this process verified a payment with this claim and signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witness([u8; 32]);

impl SignedPayment {
    /// A payment with this text. Only a rule set makes one: the claim must belong to the text.
    pub(crate) fn new(text: String, signature: String, claim: Claim) -> Self {
        Self { text: text.into(), signature: signature.into(), claim }
    }

    /// The payment's canonical text, as in a block.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature, as it came.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// What the signature has to prove.
    #[must_use]
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Verifies the signature by calling `verify` with the claim and the signature.
    ///
    /// # Errors
    ///
    /// The error of `verify`.
    pub fn verify_with<E>(
        self,
        verify: impl FnOnce(&Claim, &str) -> Result<(), E>,
    ) -> Result<VerifiedPayment, E> {
        verify(&self.claim, &self.signature)?;
        Ok(self.verified())
    }

    /// The verified payment, if the witness belongs to this claim and signature, which were verified before.
    ///
    /// # Errors
    ///
    /// The payment itself, if the witness belongs to another one.
    pub fn remembered(self, witness: &Witness) -> Result<VerifiedPayment, Self> {
        if witness.0 == self.claim.id { Ok(self.verified()) } else { Err(self) }
    }

    fn verified(self) -> VerifiedPayment {
        let Self { text, signature, claim } = self;
        VerifiedPayment { name: PaymentName::of_text(&text), witness: Witness(claim.id), text, signature }
    }
}

impl Claim {
    /// The id of a claim with these parts, one of which is the signature. Hashes each part after its length: ("ab", "c")
    /// and ("a", "bc") have different ids.
    pub(crate) fn id_of<const PARTS: usize>(parts: [&str; PARTS]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        hasher.finalize().into()
    }
}

impl VerifiedPayment {
    /// The payment's canonical text, as in a block.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature, as it came.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// The payment's name. It was computed during verification.
    #[must_use]
    pub fn name(&self) -> PaymentName {
        self.name
    }

    /// Proof of the verification. Keep it to skip verification when the same payment arrives again.
    #[must_use]
    pub fn witness(&self) -> Witness {
        self.witness
    }
}

impl PaymentName {
    /// The name of the payment with this canonical text.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let hash = BlockHash::of_text(text);
        let (half, _) = hash.as_bytes().split_at(16);
        Self(u128::from_le_bytes(half.try_into().expect("half of 32 bytes")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(text: &str, signature: &str) -> SignedPayment {
        let claim = Claim {
            key: "alice".into(),
            message: text.into(),
            scheme: Scheme::Md5,
            id: Claim::id_of(["alice", text, signature]),
        };
        SignedPayment::new(text.into(), signature.into(), claim)
    }

    fn verified(payment: SignedPayment) -> VerifiedPayment {
        payment.verify_with(|_, _| Ok::<(), ()>(())).unwrap()
    }

    #[test]
    fn wrong_signature_is_refused() {
        let right = |claim: &Claim, signature: &str| {
            let expected = format!("signature of {}", claim.message);
            if signature == expected { Ok(()) } else { Err(expected) }
        };
        assert!(payment("5 to bob", "signature of 5 to bob").verify_with(right).is_ok());
        let refused = payment("6 to bob", "signature of 5 to bob").verify_with(right);
        assert_eq!(refused, Err("signature of 6 to bob".into()));
    }

    #[test]
    fn verified_payment_keeps_text_and_signature() {
        let verified = verified(payment("5 to bob", "s"));
        assert_eq!((verified.text(), verified.signature()), ("5 to bob", "s"));
        assert_eq!(verified.name(), PaymentName::of_text("5 to bob"));
    }

    #[test]
    fn witness_stands_for_a_verification() {
        let first = verified(payment("5 to bob", "s"));
        assert_eq!(payment("5 to bob", "s").remembered(&first.witness()), Ok(first));
    }

    #[test]
    fn witness_of_another_payment_or_signature_is_refused() {
        let witness = verified(payment("5 to bob", "s")).witness();
        for other in [payment("6 to bob", "s"), payment("5 to bob", "t")] {
            assert_eq!(other.clone().remembered(&witness), Err(other));
        }
    }

    #[test]
    fn id_depends_on_where_parts_end() {
        assert_ne!(Claim::id_of(["bob1", "00"]), Claim::id_of(["bob", "100"]));
        assert_ne!(Claim::id_of(["a", "", "b"]), Claim::id_of(["a", "b", ""]));
        assert_eq!(Claim::id_of(["bob", "100"]), Claim::id_of(["bob", "100"]));
    }

    #[test]
    fn name_is_the_first_half_of_the_hash() {
        let hash = BlockHash::of_text("5 to bob");
        assert_eq!(PaymentName::of_text("5 to bob").0.to_le_bytes(), hash.as_bytes()[..16]);
        assert_ne!(PaymentName::of_text("5 to bob"), PaymentName::of_text("6 to bob"));
    }
}
