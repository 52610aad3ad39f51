//! Stored data that was changed by hand is found.

mod blocks;
mod index;
mod last;
mod many;
mod tables;
