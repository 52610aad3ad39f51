//! What can go wrong, in words with the way out.
//!
//! - `store_error`: why the store cannot be used, or a change was not made
//! - `finding`: what is wrong with a stored chain
//! - `displaced`: what became of a file that the node has open
//! - `holder`: which other program holds a lock

mod displaced;
mod finding;
mod holder;
mod store_error;

pub use displaced::Displaced;
pub(crate) use displaced::Now;
pub use finding::Finding;
pub use holder::Holder;
pub use store_error::StoreError;
