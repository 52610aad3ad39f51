//! Payments on their way to a block, and back.

pub(crate) mod any_value;
mod hostile;
mod orphaned;
mod orphaned_model;
mod pool_limit;
mod published_secrets;
mod signature_texts;
mod submitted;
