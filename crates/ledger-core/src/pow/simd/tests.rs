//! The parts of the search that its result does not show.

use proptest::prelude::*;

use super::group::{self, Group};
use super::{Scan, ShaNi, first_in};
use crate::pow::guess::Guess;
use crate::sha256::vectors::{Avx2, Avx512};
use crate::{BlockHash, Difficulty, Puzzle};
use std::ops::Range;

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

proptest! {
    #[test]
    fn scans_see_any_bits_of_the_first_word(
        last_digits in 1u32..=20, digits in 4u32..=20, seeds: [u64; 2],
        from in 1000usize..10_000, length in 0usize..500, bits in prop::collection::vec(0u32..32, 0..9),
    ) {
        let puzzle = puzzle(number(last_digits, seeds[0]), 64);
        let first = number(digits, seeds[1]) / group::SIZE * group::SIZE;
        let members = from..from.saturating_add(length).min(10_000);
        prop_assume!(first.checked_add(10_000).is_some());
        let Some(mut group) = Group::of(&puzzle, first + from as u64) else {
            prop_assert!(last_digits + digits > 35);
            return Ok(());
        };
        group.mask = bits.into_iter().fold(0, |mask, bit| mask | 1 << bit);

        let passes = |member: &usize| Guess::new(&puzzle, first + *member as u64).digest()[0] & group.mask == 0;
        let expected: Vec<_> = members.clone().filter(passes).collect();
        if let Some(engine) = Avx512::detect() {
            prop_assert_eq!(scan_all(engine, &group, members.clone()), &expected[..]);
        }
        if let Some(engine) = Avx2::detect() {
            prop_assert_eq!(scan_all(engine, &group, members.clone()), &expected[..]);
        }
        if let Some(engine) = ShaNi::detect() {
            prop_assert_eq!(scan_all(engine, &group, members.clone()), &expected[..]);
        }
    }

    #[test]
    fn what_passes_is_looked_at_in_full(start in prop_oneof![0u64..20_000, any::<u64>()], zeros in 0u8..3) {
        let puzzle = puzzle(start, zeros);
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
