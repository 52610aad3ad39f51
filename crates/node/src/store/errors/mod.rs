//! Errors, in words with the way out.
//!
//! - `store_error`: why the store cannot be used, or a change failed
//! - `finding`: what is wrong with a stored chain
//! - `displaced`: what happened to an open file
//! - `holder`: which program holds a lock

mod displaced;
mod finding;
mod holder;
mod store_error;

pub use displaced::Displaced;
pub(crate) use displaced::Now;
pub use finding::Finding;
pub use holder::Holder;
pub use store_error::StoreError;
