//! The form of a payment.

/// The form of a payment: a JSON object with these members. One of them is `signature`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentForm {
    /// The names, in the order in which a refusal lists them.
    pub members: &'static [&'static str],
    /// The members in the order in which the rule set reads them.
    pub read: &'static [Member],
    /// The member whose key signs the payment.
    pub signer: &'static str,
    /// An example that a refusal shows.
    pub example: &'static str,
}

/// A member of a payment's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What it must be, if blocks publish it: "a number". A private key in its place is refused with these words.
    pub shown: Option<&'static str>,
}
