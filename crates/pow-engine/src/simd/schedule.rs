//! The message schedule of the first block of a batch.

use super::kernel::Batch;
use crate::sha256::vectors::{Lanes, Vectors, for_sixteen, sixteen_more};

/// Writes the words of stream `s` that are missing.
#[inline(always)]
pub(super) fn complete<V: Vectors, const S: usize>(vectors: V, batch: &mut Batch<V::Lanes, S>, s: usize) {
    let mut last = [vectors.splat(0); 16];
    for (i, last) in last.iter_mut().enumerate() {
        *last = if i < batch.from { batch.schedule[i][s] } else { batch.terms[i][s] };
    }
    for_sixteen!(begin(batch.from, &mut last));
    for (part, words) in batch.schedule.as_chunks_mut::<16>().0.iter_mut().enumerate() {
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
