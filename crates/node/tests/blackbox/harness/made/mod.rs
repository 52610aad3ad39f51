//! What the tests make: payments, and chains with them.

pub(crate) mod chains;
pub(crate) mod payments;
