//! Blocks: mining, reorgs, storage and checks.

mod automatic_mining;
mod automatic_resolving;
mod background_check;
mod concurrency;
mod mining;
mod persistence;
mod reorg_bounds;
mod reorganisation;
