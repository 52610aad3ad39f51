//! Assigns texts to lanes.

use super::lane::Lane;
use super::messages;
use crate::sha256::vectors::{AVX512_LANES as LANES, Avx512};

/// Fewer texts are hashed one at a time: sixteen lanes, however many are in use, take as long as the SHA
/// instructions take for six or seven texts.
const MIN_LANES: usize = 7;

/// The SHA-256 of each text.
///
/// When a text ends, the next one takes over its lane.
pub(in crate::sha256) fn hashes(avx512: Avx512, texts: &[&[u8]]) -> Vec<[u8; 32]> {
    let mut hashes = vec![[0; 32]; texts.len()];
    let mut waiting = texts.iter().map(|text| Lane::new(text)).enumerate();
    // The lanes in use, and their texts' positions in the list.
    let (mut lanes, mut places) = (Vec::with_capacity(LANES), Vec::with_capacity(LANES));
    loop {
        for (place, lane) in waiting.by_ref().take(LANES - lanes.len()) {
            lanes.push(lane);
            places.push(place);
        }
        if lanes.len() < MIN_LANES {
            break;
        }
        messages::compress(avx512, &mut lanes);
        for i in (0..lanes.len()).rev() {
            if lanes[i].is_done() {
                hashes[places.swap_remove(i)] = lanes.swap_remove(i).finish();
            }
        }
    }
    for (place, lane) in places.into_iter().zip(lanes) {
        hashes[place] = lane.finish();
    }
    hashes
}
