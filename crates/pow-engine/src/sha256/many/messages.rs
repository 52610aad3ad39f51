//! Hashes sixteen messages in parallel, one per lane.

use super::lane::Lane;
use crate::sha256::K;
use crate::sha256::vectors::{
    AVX512_LANES as LANES, Avx512, Avx512Words as Words, State, Vectors, add, four_rounds, sixteen_more, sums,
};

/// Hashes as many blocks of each message as the shortest one has left.
///
/// # Panics
///
/// If there are more messages than lanes.
pub(super) fn compress(avx512: Avx512, messages: &mut [Lane<'_>]) {
    let Some(count) = messages.iter().map(|message| message.blocks.len()).min() else { return };
    // Spare lanes repeat the first message; their states are not read.
    let mut states = [messages[0].state; LANES];
    let mut blocks = [&messages[0].blocks[..count]; LANES];
    for (i, message) in messages.iter_mut().enumerate() {
        states[i] = message.state;
        (blocks[i], message.blocks) = message.blocks.split_at(count);
    }
    // SAFETY: there is an `Avx512`, so the processor has AVX-512F.
    #[allow(unsafe_code)]
    unsafe {
        compress_blocks(avx512, &mut states, &blocks, count)
    };
    for (message, state) in messages.iter_mut().zip(states) {
        message.state = state;
    }
}

/// Hashes the first `count` blocks of each message.
#[target_feature(enable = "avx512f")]
fn compress_blocks(
    vectors: Avx512,
    states: &mut [[u32; 8]; LANES],
    blocks: &[&[[u8; 64]]; LANES],
    count: usize,
) {
    let mut state = [[vectors.splat(0)]; 8];
    for (word, row) in state.iter_mut().enumerate() {
        *row = [vectors.load(&states.map(|state| state[word]))];
    }
    for i in 0..count {
        step(vectors, &mut state, vectors.words(&blocks.map(|blocks| &blocks[i])));
    }
    for (word, [row]) in state.into_iter().enumerate() {
        for (state, lane) in states.iter_mut().zip(row.words()) {
            state[word] = lane;
        }
    }
}

/// Hashes one block of each message, given the words of the blocks.
#[inline(always)]
fn step(vectors: Avx512, state: &mut State<Words, 1>, mut words: [Words; 16]) {
    let before = *state;
    let (first, rest) = K.as_chunks().0.split_first().expect("there are 64 constants");
    sixteen_rounds(vectors, state, &words, first);
    for k in rest {
        sixteen_more::<Avx512>(&mut words);
        sixteen_rounds(vectors, state, &words, k);
    }
    for (row, before) in state.iter_mut().zip(before) {
        *row = add(*row, before);
    }
}

/// Sixteen rounds, given their words of the schedule and their constants.
#[inline(always)]
fn sixteen_rounds(vectors: Avx512, state: &mut State<Words, 1>, words: &[Words; 16], k: &[u32; 16]) {
    for (words, &k) in words.as_chunks::<4>().0.iter().zip(k.as_chunks().0) {
        four_rounds(state, sums(vectors, words.map(|word| [word]), k));
    }
}
