//! A node finds data that was changed on disk.

mod blocks;
mod index;
mod last;
mod many;
mod tables;
