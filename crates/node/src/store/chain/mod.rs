//! Blocks: ours, and those of a chain that may become ours.
//!
//! 1. `tables`: the names of the tables that hold a chain
//! 2. `batch`: blocks on their way to disk
//! 3. `blocks`, `pages`, `lookup`: reads one block, or many in pages; checks that a block read alone is unchanged
//! 4. `signatures`: signatures of the payments in our blocks that this node verified
//! 5. `states`: the state after each block, if the rule set saves it
//! 6. `stage`, `staging`: a chain that may become ours, and its adoption
//! 7. `common`: copies the blocks that such a chain has in common with ours
//! 8. `discard`: tables that nobody needs any more

mod batch;
pub(crate) mod blocks;
pub(crate) mod common;
pub(crate) mod discard;
mod lookup;
pub(crate) mod pages;
pub(crate) mod signatures;
mod stage;
pub(crate) mod staging;
pub(crate) mod states;
mod tables;

pub use batch::{Batch, ReadyBatch};
pub(crate) use discard::{Discarded, Discards};
pub(crate) use signatures::{Confirmed, SignatureSource};
pub use stage::{Adoption, Stage};
pub(crate) use tables::Tables;
