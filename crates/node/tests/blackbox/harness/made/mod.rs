//! Test data: payments and chains.

pub(crate) mod chains;
pub(crate) mod payments;
