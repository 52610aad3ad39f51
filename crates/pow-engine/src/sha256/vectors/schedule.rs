//! The message schedule.

use super::lanes::{Lanes, Vectors};

/// Calls a function once for each of the numbers below 16, as its last generic argument; the first one is
/// `V`, the caller's vectors.
macro_rules! for_sixteen {
    ($function:ident $arguments:tt) => {
        for_sixteen!([0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] $function $arguments)
    };
    ([$($i:literal)*] $function:ident $arguments:tt) => {
        $($function::<V, $i> $arguments;)*
    };
}

pub(crate) use for_sixteen;

/// Replaces sixteen words of a schedule with the sixteen that follow.
#[inline(always)]
pub(crate) fn sixteen_more<V: Vectors>(last: &mut [V::Lanes; 16]) {
    for_sixteen!(replace(last));
}

/// Replaces the oldest one of the last sixteen words, which is number `I` modulo 16, with the next one.
#[inline(always)]
fn replace<V: Vectors, const I: usize>(last: &mut [V::Lanes; 16]) {
    last[I] = last[I]
        .add(last[(I + 9) % 16])
        .add(last[(I + 1) % 16].small_sigma0())
        .add(last[(I + 14) % 16].small_sigma1());
}
