//! Blocks: mined, replaced, kept and checked.

mod automatic_mining;
mod automatic_resolving;
mod background_check;
mod concurrency;
mod mining;
mod persistence;
mod reorg_bounds;
mod reorganisation;
