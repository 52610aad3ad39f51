//! Payments: submission, mining, and return after a reorg.

pub(crate) mod any_value;
mod hostile;
mod orphaned;
mod orphaned_model;
mod pool_limit;
mod published_secrets;
mod signature_texts;
mod submitted;
