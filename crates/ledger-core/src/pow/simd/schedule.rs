//! The message schedule: in general, and of the first block of a batch.

use super::batch::Work;
use super::lanes::{Lanes, Vectors};

/// Calls a function once for each of the numbers below 16, as its last generic argument.
macro_rules! for_sixteen {
    ($function:ident $arguments:tt) => {
        for_sixteen!([0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] $function $arguments)
    };
    ([$($i:literal)*] $function:ident $arguments:tt) => {
        $($function::<V, $i> $arguments;)*
    };
}

/// Writes the words of stream `s` that are missing.
#[inline(always)]
pub(super) fn complete<V: Vectors, const S: usize>(vectors: V, work: &mut Work<V::Lanes, S>, s: usize) {
    let mut last = [vectors.splat(0); 16];
    for (i, last) in last.iter_mut().enumerate() {
        *last = if i < work.from { work.schedule[i][s] } else { work.terms[i][s] };
    }
    for_sixteen!(begin(work.from, &mut last));
    for (part, words) in work.schedule.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        if part > 0 {
            sixteen_more::<V>(&mut last);
        }
        for (word, last) in words.iter_mut().zip(last) {
            word[s] = last;
        }
    }
}

/// Makes word `16 + I` out of its terms, if it is one of those from `from` on.
#[inline(always)]
fn begin<V: Vectors, const I: usize>(from: usize, last: &mut [V::Lanes; 16]) {
    if I < from {
        return;
    }
    if I >= 2 {
        last[I] = last[I].add(last[I - 2].small_sigma1());
    }
    if I >= 7 {
        last[I] = last[I].add(last[I - 7]);
    }
    if I == 15 {
        last[I] = last[I].add(last[0].small_sigma0());
    }
}

/// Replaces sixteen words of a schedule by the sixteen that follow.
#[inline(always)]
pub(super) fn sixteen_more<V: Vectors>(last: &mut [V::Lanes; 16]) {
    for_sixteen!(replace(last));
}

/// Replaces the oldest one of the last sixteen words, which is number `I` modulo 16, by the next one.
#[inline(always)]
fn replace<V: Vectors, const I: usize>(last: &mut [V::Lanes; 16]) {
    last[I] = last[I]
        .add(last[(I + 9) % 16])
        .add(last[(I + 1) % 16].small_sigma0())
        .add(last[(I + 14) % 16].small_sigma1());
}
