//! SHA-256 (FIPS 180-4): its steps for the search, and many texts at a time. The sha2 crate hashes single texts.

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
