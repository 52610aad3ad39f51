//! Tests the parts of the search that its result does not show.

use std::ops::Range;

use proptest::prelude::*;

use super::group::{self, Group};
use super::instructions::ShaNi;
use super::scan::{Scan, first_in};
use crate::guess::Guess;
use crate::portable;
use crate::sha256::vectors::{Avx512, Sse2};
use crate::target::Target;
use crate::work::Work;

/// A number with this many digits.
fn number(digits: u32, seed: u64) -> u64 {
    let smallest = if digits == 1 { 0 } else { 10_u64.pow(digits - 1) };
    let largest = 10_u64.checked_pow(digits).map_or(u64::MAX, |next| next - 1);
    smallest + seed % (largest - smallest + 1)
}

/// The tutorial's puzzle: a number, the nonce and 64 hex digits. A solution begins with this many zero hex digits.
fn work(last_proof: u64, zeros: u32) -> Work {
    let last_hash = *b"92c89d9853a2f5716d2a23633e86835afaa5d4213580dbee0844f53767d293c8";
    Work::new(last_proof.to_string(), last_hash, Target::with_leading_zero_bits(4 * zeros))
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

/// Searches some members of the group of a nonce with all engines, for hashes whose first words have none of the
/// mask's bits. False if the nonce has no group.
fn scans_agree_with_plain_hashes(work: &Work, nonce: u64, members: Range<usize>, mask: u32) -> bool {
    let first = nonce / group::SIZE * group::SIZE;
    let Some(mut group) = Group::of(work, nonce) else { return false };
    group.mask = mask;
    let passes = |member: &usize| Guess::new(work, first + *member as u64).digest()[0] & mask == 0;
    let expected: Vec<_> = members.clone().filter(passes).collect();
    if let Some(engine) = Avx512::detect() {
        assert_eq!(scan_all(engine, &group, members.clone()), expected, "avx512, {work:?}, {nonce}");
    }
    if let Some(engine) = ShaNi::detect() {
        assert_eq!(scan_all(engine, &group, members.clone()), expected, "sha-ni, {work:?}, {nonce}");
    }
    assert_eq!(scan_all(Sse2, &group, members.clone()), expected, "sse2, {work:?}, {nonce}");
    true
}

#[test]
fn digits_may_be_at_any_position_of_a_group() {
    for digits in 5..=40_u32 {
        let last_digits = (digits - 4).min(20);
        let work = work(number(last_digits, 7), 64);
        let nonce = number(digits - last_digits, 1_234_567) / group::SIZE * group::SIZE;
        let nonce = nonce.max(number(digits - last_digits, 0));
        // The group's end, and so few bits that some pass.
        let has_group = scans_agree_with_plain_hashes(&work, nonce, 9_700..10_000, 0x000f_8000);
        assert_eq!(has_group, digits <= 35, "{digits} digits");
    }
}

proptest! {
    #[test]
    fn scans_see_any_bits_of_the_first_word(
        last_digits in 1u32..=20, digits in 4u32..=20, seeds: [u64; 2],
        from in 1000usize..10_000, length in 0usize..500, bits in prop::collection::vec(0u32..32, 0..9),
    ) {
        let work = work(number(last_digits, seeds[0]), 64);
        let first = number(digits, seeds[1]) / group::SIZE * group::SIZE;
        prop_assume!(first.checked_add(10_000).is_some());
        let members = from..from.saturating_add(length).min(10_000);
        let mask = bits.into_iter().fold(0, |mask, bit| mask | 1 << bit);
        let has_group = scans_agree_with_plain_hashes(&work, first + from as u64, members, mask);
        prop_assert!(has_group || last_digits + digits > 35);
    }

    #[test]
    fn passing_hashes_are_checked_in_full(
        last_proof in 0..10_u64.pow(15), start in prop_oneof![0u64..20_000, any::<u64>()], zeros in 0u32..3,
    ) {
        let work = work(last_proof, zeros);
        let nonces = start..start.saturating_add(2_000);
        prop_assert_eq!(first_in(PassesAll, &work, nonces.clone()), portable::first_in(&work, nonces));
    }
}

proptest! {
    #[test]
    fn mask_passes_every_solution(a: [u8; 32], b: [u8; 32], zeros in 0usize..=5) {
        let [a, b] = [a, b].map(|mut bytes| {
            bytes[..zeros].fill(0);
            Target::from_bytes(bytes)
        });
        let (hash, target) = (a.min(b), a.max(b));
        prop_assert_eq!(hash.first_word() & group::mask(target), 0);
    }
}

#[test]
fn group_never_ends_before_the_range() {
    assert_eq!(group::members(&(12_345..12_350)), 2_345..2_350);
    assert_eq!(group::members(&(12_345..20_000)), 2_345..10_000);
    assert_eq!(group::members(&(12_345..u64::MAX)), 2_345..10_000);
    assert_eq!(group::members(&(u64::MAX - 5..u64::MAX)), 1_610..1_615);
}

#[test]
fn mask_is_the_whole_word_from_eight_zeros_on() {
    let mask = |zeros: u32| group::mask(Target::with_leading_zero_bits(4 * zeros));
    assert_eq!([0, 1, 4, 7].map(mask), [0, 0xf000_0000, 0xffff_0000, 0xffff_fff0]);
    assert_eq!([8, 9, 64].map(mask), [u32::MAX; 3]);
}
