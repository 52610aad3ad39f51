//! Every engine finds the same solutions as hashing each text, for any text around the nonce.

use std::ops::{ControlFlow, Range};

use pow_engine::{Engine, Search, Target, Work};
use proptest::collection::vec;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// A part of the text: with a length of the tutorial's puzzle, or any.
fn part(tutorial: Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![vec(any::<u8>(), tutorial), vec(any::<u8>(), 0..300)]
}

/// Numbers of all lengths, and numbers just below one with another digit.
fn start() -> impl Strategy<Value = u64> {
    prop_oneof![
        (1u32..64).prop_map(|shift| u64::MAX >> shift),
        (1u32..20).prop_map(|digits| 10_u64.pow(digits).saturating_sub(300)),
    ]
}

fn hash(before: &[u8], nonce: u64, after: &[u8]) -> [u8; 32] {
    Sha256::digest([before, nonce.to_string().as_bytes(), after].concat()).into()
}

/// All solutions in a range, found one after the other.
fn solutions(work: &Work, engine: Engine, mut nonces: Range<u64>) -> Vec<u64> {
    let mut solutions = Vec::new();
    while let Search::Found(nonce) = work.search(engine, nonces.clone(), |_| ControlFlow::Continue(())) {
        solutions.push(nonce);
        nonces.start = nonce + 1;
    }
    solutions
}

proptest! {
    #[test]
    fn engines_find_exactly_the_solutions(
        before in part(1..21), after in part(40..80), start in start(), length in 0u64..1_000, mut target: [u8; 32],
    ) {
        // At most one number in sixteen is a solution.
        target[0] &= 0x0f;
        let work = Work::new(before.clone(), after.clone(), Target::from_bytes(target));
        let nonces = start..start + length;
        let is_solution = |nonce: &u64| hash(&before, *nonce, &after) <= target;
        let expected: Vec<_> = nonces.clone().filter(is_solution).collect();
        for engine in Engine::available() {
            prop_assert_eq!(solutions(&work, engine, nonces.clone()), &expected[..], "{}", engine);
        }
    }

    #[test]
    fn hash_covers_the_whole_text(before in part(1..21), nonce: u64, after in part(40..80)) {
        let work = Work::new(before.clone(), after.clone(), Target::with_leading_zero_bits(0));
        prop_assert_eq!(work.hash(nonce), hash(&before, nonce, &after));
        prop_assert_eq!(work.text(nonce), [&before[..], nonce.to_string().as_bytes(), &after].concat());
    }

    #[test]
    fn hash_equal_to_the_target_solves_it(
        before in part(1..21), nonce: u64, after in part(40..80),
    ) {
        let found = hash(&before, nonce, &after);
        let solved = |target| Work::new(before.clone(), after.clone(), target).is_solved_by(nonce);
        prop_assert!(solved(Target::from_bytes(found)));
        let mut one_less = found;
        prop_assume!(one_less[31] > 0);
        one_less[31] -= 1;
        prop_assert!(!solved(Target::from_bytes(one_less)));
    }
}
