//! The message schedule: in general, and of the first block for the members of one vector.

use super::group::Group;
use super::lanes::{Lanes, Vectors};
use crate::pow::sha256::K;

/// Calls a function once for each of the numbers below 16, as its last generic argument.
macro_rules! for_sixteen {
    ($function:ident $arguments:tt) => {
        for_sixteen!([0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] $function $arguments)
    };
    ([$($i:literal)*] $function:ident $arguments:tt) => {
        $($function::<V, $i> $arguments;)*
    };
}

/// What the words of the first block add to words 16 to 31 of its schedule.
pub(super) struct Terms<'a, V: Vectors> {
    vectors: V,
    group: &'a Group,
    /// Without the two words with digits.
    constant: [u32; 16],
    /// With them.
    all: [V::Lanes; 16],
}

impl<'a, V: Vectors> Terms<'a, V> {
    #[inline(always)]
    pub(super) fn new(vectors: V, group: &'a Group) -> Self {
        let constant = group.constant_terms();
        let mut all = [vectors.splat(0); 16];
        for (all, constant) in all.iter_mut().zip(constant) {
            *all = vectors.splat(constant);
        }
        Self { vectors, group, constant, all }
    }

    /// Takes other digits: `high` and `low` are the two words with them.
    ///
    /// Word t is part of word t + 16, of word t + 15 as its σ0, and of word t + 7.
    #[inline(always)]
    pub(super) fn put(&mut self, high: V::Lanes, low: V::Lanes) {
        let at = self.group.at;
        if at >= 1 {
            self.put_one(at - 1, high.small_sigma0());
        }
        self.put_one(at, high.add(low.small_sigma0()));
        self.put_one(at + 1, low);
        if at == 8 {
            self.put_one(0, low);
        }
        if at == 9 {
            self.put_one(0, high);
            self.put_one(1, low);
        }
    }

    #[inline(always)]
    fn put_one(&mut self, t: usize, term: V::Lanes) {
        self.all[t] = term.add(self.vectors.splat(self.constant[t]));
    }

    /// Writes words 16 to 63 of the schedule, with the constants of the rounds.
    #[inline(always)]
    pub(super) fn expand(&self, schedule: &mut [V::Lanes; 64]) {
        let mut last = self.all;
        let sixteens = schedule.as_chunks_mut::<16>().0.iter_mut();
        let mut parts = sixteens.zip(K.as_chunks::<16>().0).skip(1);
        if let Some((words, k)) = parts.next() {
            for_sixteen!(begin(self.vectors, k, &mut last, words));
        }
        for (words, k) in parts {
            for_sixteen!(go_on(self.vectors, k, &mut last, words));
        }
    }
}

/// Makes word `16 + I` out of its terms.
#[inline(always)]
fn begin<V: Vectors, const I: usize>(
    vectors: V,
    k: &[u32; 16],
    last: &mut [V::Lanes; 16],
    words: &mut [V::Lanes; 16],
) {
    if I >= 2 {
        last[I] = last[I].add(last[I - 2].small_sigma1());
    }
    if I >= 7 {
        last[I] = last[I].add(last[I - 7]);
    }
    if I == 15 {
        last[I] = last[I].add(last[0].small_sigma0());
    }
    words[I] = last[I].add(vectors.splat(k[I]));
}

/// Makes word `32 + I` or `48 + I` out of the sixteen words before.
#[inline(always)]
fn go_on<V: Vectors, const I: usize>(
    vectors: V,
    k: &[u32; 16],
    last: &mut [V::Lanes; 16],
    words: &mut [V::Lanes; 16],
) {
    replace::<V, I>(last);
    words[I] = last[I].add(vectors.splat(k[I]));
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
