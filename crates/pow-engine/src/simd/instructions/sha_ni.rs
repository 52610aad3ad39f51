//! The SHA instructions of x86-64 processors (SHA-NI). Each works on one message and waits for the instruction before
//! it, so several messages are hashed side by side.

// The compiler cannot know that the processor has the SHA instructions. A value of type `ShaNi` proves it: only asking
// the processor makes one.
#![allow(unsafe_code)]

use std::arch::x86_64::*;
use std::array;
use std::ops::Range;

use crate::sha256::{INITIAL, K};
use crate::simd::digits::{DIGITS, split};
use crate::simd::group::Group;
use crate::simd::scan::Scan;

/// Messages hashed side by side.
const STREAMS: usize = 8;

/// Proof that the processor has the SHA instructions. Only [`ShaNi::detect`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShaNi(());

impl ShaNi {
    /// Asks the processor.
    pub(crate) fn detect() -> Option<Self> {
        let has = is_x86_feature_detected!("sha")
            && is_x86_feature_detected!("ssse3")
            && is_x86_feature_detected!("sse4.1");
        has.then_some(Self(()))
    }
}

impl Scan for ShaNi {
    fn scan(self, group: &Group, members: Range<usize>) -> Option<usize> {
        // SAFETY: `self` exists, so the processor has these instructions.
        unsafe { scan(group, members) }
    }
}

#[target_feature(enable = "sha,ssse3,sse4.1")]
fn scan(group: &Group, members: Range<usize>) -> Option<usize> {
    let quads = Quads::new(group);
    let mut next = members.start;
    while next < members.end {
        // The group's last batch begins earlier and repeats some members.
        let start = next.min(DIGITS.len() - STREAMS);
        let words = first_words(&quads, start);
        for (member, word) in (start..).zip(words).skip(next - start) {
            if word & group.mask == 0 {
                return (member < members.end).then_some(member);
            }
        }
        next = start + STREAMS;
    }
    None
}

/// A group in vectors of four words, as the instructions want it.
struct Quads {
    shift: u32,
    first: [__m128i; 4],
    /// Where the high and low parts of the digits go.
    masks: [[__m128i; 4]; 2],
    k: [__m128i; 16],
    second: [__m128i; 16],
}

impl Quads {
    #[target_feature(enable = "sha,ssse3,sse4.1")]
    fn new(group: &Group) -> Self {
        let mut masks = [[0; 16]; 2];
        masks[0][group.at] = u32::MAX;
        masks[1][group.at + 1] = u32::MAX;
        Self {
            shift: group.shift,
            first: quads(&group.first),
            masks: [quads(&masks[0]), quads(&masks[1])],
            k: quads(&K),
            second: quads(&group.second),
        }
    }

    /// The first block with the digits of a member.
    #[target_feature(enable = "sha,ssse3,sse4.1")]
    fn block(&self, member: usize) -> [__m128i; 4] {
        let mut block = self.first;
        let [high, low] = split(DIGITS[member], self.shift);
        let [high, low] = [_mm_set1_epi32(high as i32), _mm_set1_epi32(low as i32)];
        let [masks_high, masks_low] = self.masks;
        // No digit is in the last four words.
        for ((quad, mask_high), mask_low) in block.iter_mut().zip(masks_high).zip(masks_low).take(3) {
            *quad = _mm_or_si128(*quad, _mm_and_si128(high, mask_high));
            *quad = _mm_or_si128(*quad, _mm_and_si128(low, mask_low));
        }
        block
    }
}

#[target_feature(enable = "sha,ssse3,sse4.1")]
fn quads<const WORDS: usize, const QUADS: usize>(words: &[u32; WORDS]) -> [__m128i; QUADS] {
    let mut quads = [_mm_setzero_si128(); QUADS];
    for (quad, words) in quads.iter_mut().zip(words.as_chunks::<4>().0) {
        let [a, b, c, d] = words.map(|word| word as i32);
        *quad = _mm_set_epi32(d, c, b, a);
    }
    quads
}

/// The state as the instructions want it: a, b, e, f and c, d, g, h, each from the highest lane down.
type State = [__m128i; 2];

#[target_feature(enable = "sha,ssse3,sse4.1")]
fn initial() -> State {
    let [a, b, c, d, e, f, g, h] = INITIAL.map(|word| word as i32);
    [_mm_set_epi32(a, b, e, f), _mm_set_epi32(c, d, g, h)]
}

/// The first words of the hashes of the members from `start` on.
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn first_words(quads: &Quads, start: usize) -> [u32; STREAMS] {
    let mut states = [initial(); STREAMS];
    let mut blocks = [quads.first; STREAMS];
    for (block, member) in blocks.iter_mut().zip(start..) {
        *block = quads.block(member);
    }
    first_block(&mut states, &mut blocks, &quads.k);
    let [abef, cdgh] = initial();
    for state in &mut states {
        *state = [_mm_add_epi32(state[0], abef), _mm_add_epi32(state[1], cdgh)];
    }
    let mut words = [0; STREAMS];
    for s in 0..STREAMS {
        words[s] = _mm_extract_epi32::<3>(states[s][0]) as u32;
    }
    for constants in &quads.second {
        four_rounds(&mut states, &[*constants; STREAMS]);
    }
    for s in 0..STREAMS {
        words[s] = words[s].wrapping_add(_mm_extract_epi32::<3>(states[s][0]) as u32);
    }
    words
}

/// The rounds of the first block. The blocks become the last words of the schedule.
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn first_block(states: &mut [State; STREAMS], blocks: &mut [[__m128i; 4]; STREAMS], k: &[__m128i; 16]) {
    for q in 0..4 {
        let mut sums = [k[q]; STREAMS];
        for s in 0..STREAMS {
            sums[s] = _mm_add_epi32(blocks[s][q], k[q]);
        }
        four_rounds(states, &sums);
    }
    for k in k[4..].as_chunks::<4>().0 {
        for q in 0..4 {
            let mut sums = [k[q]; STREAMS];
            for s in 0..STREAMS {
                blocks[s][q] = expand(&blocks[s], q);
                sums[s] = _mm_add_epi32(blocks[s][q], k[q]);
            }
            four_rounds(states, &sums);
        }
    }
}

/// The next four words of the schedule, given the last sixteen, the oldest of them at `q`.
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn expand(words: &[__m128i; 4], q: usize) -> __m128i {
    let [oldest, next, third, last] = array::from_fn(|i| words[(q + i) % 4]);
    let sum = _mm_add_epi32(_mm_sha256msg1_epu32(oldest, next), _mm_alignr_epi8::<4>(last, third));
    _mm_sha256msg2_epu32(sum, last)
}

/// Four rounds of each stream, given the sums of the rounds' constants and words.
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn four_rounds(states: &mut [State; STREAMS], sums: &[__m128i; STREAMS]) {
    for s in 0..STREAMS {
        let [abef, cdgh] = states[s];
        let cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sums[s]);
        let abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32::<0x0e>(sums[s]));
        states[s] = [abef, cdgh];
    }
}
