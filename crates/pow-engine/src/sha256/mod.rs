//! SHA-256 (FIPS 180-4), step by step for the search, and of many texts at a time. One text alone is hashed by the sha2
//! crate.

mod each;
#[cfg(target_arch = "x86_64")]
mod many;
mod state;
#[cfg(target_arch = "x86_64")]
mod steps;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
pub(crate) mod vectors;

pub use each::hash_each;
pub(crate) use state::{INITIAL, digest};
#[cfg(target_arch = "x86_64")]
pub(crate) use steps::{K, expand, round, schedule, small_sigma0, small_sigma1};
