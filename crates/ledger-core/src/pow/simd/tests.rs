//! The parts of the search that its result does not show.

use std::ops::Range;

use proptest::prelude::*;

use super::group::{self, Group};
use super::scan::{Scan, first_in};
use super::sha_ni::ShaNi;
use crate::pow::guess::Guess;
use crate::sha256::vectors::{Avx512, Sse2};
use crate::{BlockHash, Difficulty, Puzzle};

/// A number of so many digits.
fn number(digits: u32, seed: u64) -> u64 {
    let smallest = if digits == 1 { 0 } else { 10_u64.pow(digits - 1) };
    let largest = 10_u64.checked_pow(digits).map_or(u64::MAX, |next| next - 1);
    smallest + seed % (largest - smallest + 1)
}

fn puzzle(last_proof: u64, zeros: u8) -> Puzzle {
    Puzzle::new(last_proof, BlockHash::of_text("a block"), Difficulty::new(zeros).unwrap())
}

/// All that a scan finds, one after the other.
fn scan_all(engine: impl Scan, group: &Group, mut members: Range<usize>) -> Vec<usize> {
    let mut hits = Vec::new();
    while let Some(hit) = engine.scan(group, members.clone()) {
        hits.push(hit);
        members.start = hit + 1;
    }
    hits
}

/// Passes every member, as if all first words were zero.
#[derive(Clone, Copy)]
struct PassesAll;

impl Scan for PassesAll {
    fn scan(self, _: &Group, mut members: Range<usize>) -> Option<usize> {
        members.next()
    }
}

/// Looks through some members of the group of a proof with all engines, for hashes whose first words have
/// none of the bits. False if the proof has no group.
fn scans_agree_with_plain_hashes(puzzle: &Puzzle, proof: u64, members: Range<usize>, mask: u32) -> bool {
    let first = proof / group::SIZE * group::SIZE;
    let Some(mut group) = Group::of(puzzle, proof) else { return false };
    group.mask = mask;
    let passes = |member: &usize| Guess::new(puzzle, first + *member as u64).digest()[0] & mask == 0;
    let expected: Vec<_> = members.clone().filter(passes).collect();
    if let Some(engine) = Avx512::detect() {
        assert_eq!(scan_all(engine, &group, members.clone()), expected, "avx512, {puzzle:?}, {proof}");
    }
    if let Some(engine) = ShaNi::detect() {
        assert_eq!(scan_all(engine, &group, members.clone()), expected, "sha-ni, {puzzle:?}, {proof}");
    }
    assert_eq!(scan_all(Sse2, &group, members.clone()), expected, "sse2, {puzzle:?}, {proof}");
    true
}

#[test]
fn digits_may_stand_in_every_place_that_groups_have() {
    for digits in 5..=40_u32 {
        let last_digits = (digits - 4).min(20);
        let puzzle = puzzle(number(last_digits, 7), 64);
        let proof = number(digits - last_digits, 1_234_567) / group::SIZE * group::SIZE;
        let proof = proof.max(number(digits - last_digits, 0));
        // The group's end, and so few bits that some pass.
        let has_group = scans_agree_with_plain_hashes(&puzzle, proof, 9_700..10_000, 0x000f_8000);
        assert_eq!(has_group, digits <= 35, "{digits} digits");
    }
}

proptest! {
    #[test]
    fn scans_see_any_bits_of_the_first_word(
        last_digits in 1u32..=20, digits in 4u32..=20, seeds: [u64; 2],
        from in 1000usize..10_000, length in 0usize..500, bits in prop::collection::vec(0u32..32, 0..9),
    ) {
        let puzzle = puzzle(number(last_digits, seeds[0]), 64);
        let first = number(digits, seeds[1]) / group::SIZE * group::SIZE;
        prop_assume!(first.checked_add(10_000).is_some());
        let members = from..from.saturating_add(length).min(10_000);
        let mask = bits.into_iter().fold(0, |mask, bit| mask | 1 << bit);
        let has_group = scans_agree_with_plain_hashes(&puzzle, first + from as u64, members, mask);
        prop_assert!(has_group || last_digits + digits > 35);
    }

    #[test]
    fn what_passes_is_looked_at_in_full(
        last_proof in 0..10_u64.pow(15), start in prop_oneof![0u64..20_000, any::<u64>()], zeros in 0u8..3,
    ) {
        let puzzle = puzzle(last_proof, zeros);
        let proofs = start..start.saturating_add(2_000);
        prop_assert_eq!(first_in(PassesAll, &puzzle, proofs.clone()), puzzle.first_in(proofs));
    }
}

#[test]
fn a_group_never_ends_before_the_range_does() {
    assert_eq!(group::members(&(12_345..12_350)), 2_345..2_350);
    assert_eq!(group::members(&(12_345..20_000)), 2_345..10_000);
    assert_eq!(group::members(&(12_345..u64::MAX)), 2_345..10_000);
    assert_eq!(group::members(&(u64::MAX - 5..u64::MAX)), 1_610..1_615);
}

#[test]
fn the_first_word_is_all_zeros_from_eight_zeros_on() {
    let mask = |zeros| Difficulty::new(zeros).unwrap().first_word_mask();
    assert_eq!([0, 1, 4, 7].map(mask), [0, 0xf000_0000, 0xffff_0000, 0xffff_fff0]);
    assert_eq!([8, 9, 64].map(mask), [u32::MAX; 3]);
}
