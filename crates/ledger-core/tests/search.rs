//! Every engine finds the same solutions as trying the proofs one by one.

use std::ops::{ControlFlow, Range};

use ledger_core::{BlockHash, Difficulty, Engine, Puzzle, Search};
use proptest::prelude::*;

/// A number with `digits` digits.
fn number(digits: u32, seed: u64) -> u64 {
    let smallest = if digits == 1 { 0 } else { 10_u64.pow(digits - 1) };
    let largest = 10_u64.checked_pow(digits).map_or(u64::MAX, |next| next - 1);
    smallest + seed % (largest - smallest + 1)
}

fn puzzle(last_proof: u64, seed: u64, zeros: u8) -> Puzzle {
    Puzzle::new(last_proof, BlockHash::of_text(&seed.to_string()), Difficulty::new(zeros).unwrap())
}

fn search(puzzle: &Puzzle, engine: Engine, proofs: Range<u64>) -> Search {
    puzzle.search_with(engine, proofs, |_| ControlFlow::Continue(()))
}

/// All solutions in a range, found by one search after the other.
fn all_solutions(puzzle: &Puzzle, engine: Engine, mut proofs: Range<u64>) -> Vec<u64> {
    let mut solutions = Vec::new();
    while let Search::Found(proof) = search(puzzle, engine, proofs.clone()) {
        solutions.push(proof);
        proofs.start = proof + 1;
    }
    solutions
}

/// All solutions in a range, found by checking each proof.
fn plain_solutions(puzzle: &Puzzle, mut proofs: Range<u64>) -> Vec<u64> {
    proofs.by_ref().filter(|proof| puzzle.is_solved_by(*proof)).collect()
}

proptest! {
    #[test]
    fn engines_find_exactly_all_solutions(
        last_digits in 1u32..=20, digits in 1u32..=20, seeds: [u64; 3],
        length in 0u64..3_000, zeros in prop_oneof![4 => 0u8..=4, 1 => 5u8..=64],
    ) {
        let puzzle = puzzle(number(last_digits, seeds[0]), seeds[1], zeros);
        let start = number(digits, seeds[2]);
        // At difficulty 0 every proof is a solution, and each costs a search.
        let length = if zeros == 0 { length / 100 } else { length };
        let proofs = start..start.saturating_add(length);
        let expected = plain_solutions(&puzzle, proofs.clone());
        for engine in Engine::available() {
            prop_assert_eq!(all_solutions(&puzzle, engine, proofs.clone()), &expected[..], "{}", engine);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn stopped_search_continues_where_it_stopped(
        last_proof in 0..10_u64.pow(15), start: u64, stop_at in 1u32..4,
    ) {
        let puzzle = puzzle(last_proof, 1, 4);
        for engine in Engine::available() {
            let mut calls = 0;
            let whole = search(&puzzle, engine, start..u64::MAX);
            let part = puzzle.search_with(engine, start..u64::MAX, |_| {
                calls += 1;
                if calls > stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            let both = match part {
                Search::Stopped(next) => search(&puzzle, engine, next..u64::MAX),
                ended => ended,
            };
            prop_assert_eq!(both, whole, "{}", engine);
        }
    }
}

#[test]
fn no_solution_is_missed_where_proofs_grow_a_digit() {
    // In the last pair, the proof lies too far into the message for a group.
    let pairs = (1..20).zip([1, 22, 333, 4444, 55_555, u64::MAX].into_iter().cycle());
    for (digits, last_proof) in pairs.chain([(15, u64::MAX)]) {
        let border = 10_u64.pow(digits);
        let proofs = border - border.min(700)..border + 700;
        let puzzle = puzzle(last_proof, digits.into(), 1);
        let expected = plain_solutions(&puzzle, proofs.clone());
        for engine in Engine::available() {
            assert_eq!(all_solutions(&puzzle, engine, proofs.clone()), expected, "{engine}, {digits} digits");
        }
    }
}

#[test]
fn groups_leave_no_gap() {
    let (puzzle, proofs) = (puzzle(35_293, 1, 2), 995_123..1_205_321);
    let expected = plain_solutions(&puzzle, proofs.clone());
    for engine in Engine::available() {
        assert_eq!(all_solutions(&puzzle, engine, proofs.clone()), expected, "{engine}");
    }
}

#[test]
fn parts_between_two_calls_leave_no_gap() {
    // The only solution is the last proof of a part, then the first of the next part, then its second.
    let proof = 5_215_319_398;
    let puzzle = Puzzle::new(35_293, BlockHash::of_text("a block"), Difficulty::new(7).unwrap());
    for engine in Engine::available() {
        let mut asked = Vec::new();
        puzzle.search_with(engine, proof + 1..u64::MAX, |next| {
            asked.push(next);
            if asked.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let part = asked[1] - asked[0];
        for before in [part - 1, part, part + 1] {
            assert_eq!(
                search(&puzzle, engine, proof - before..proof + 1),
                Search::Found(proof),
                "{engine}, {before}"
            );
        }
    }
}

#[test]
fn empty_ranges_are_exhausted_without_a_call() {
    let puzzle = puzzle(1, 1, 0);
    for engine in Engine::available() {
        // A reversed range is empty, too.
        for proofs in [0..0, 5..5, u64::MAX..u64::MAX, Range { start: 9, end: 3 }] {
            assert_eq!(puzzle.search_with(engine, proofs, |_| panic!("called")), Search::Exhausted);
        }
    }
}

#[test]
fn largest_proofs_are_tried() {
    for last_proof in [35_293, u64::MAX] {
        let (puzzle, proofs) = (puzzle(last_proof, 2, 1), u64::MAX - 300..u64::MAX);
        let expected = plain_solutions(&puzzle, proofs.clone());
        assert!(!expected.is_empty());
        for engine in Engine::available() {
            assert_eq!(all_solutions(&puzzle, engine, proofs.clone()), expected, "{engine}");
        }
    }
}

#[test]
fn rare_solutions_are_found_and_near_misses_are_not() {
    // The second hash starts with exactly one zero word (eight digits).
    for (proof, zeros) in [(5_215_319_398, 7), (10_366_432_189, 8), (17_947_841_854, 9)] {
        let puzzle =
            |zeros| Puzzle::new(35_293, BlockHash::of_text("a block"), Difficulty::new(zeros).unwrap());
        let around = proof - 5_000..proof + 5_000;
        for engine in Engine::available() {
            assert_eq!(all_solutions(&puzzle(zeros), engine, around.clone()), [proof], "{engine}");
            assert_eq!(search(&puzzle(zeros + 1), engine, around.clone()), Search::Exhausted, "{engine}");
        }
    }
}

#[test]
fn search_calls_back_before_its_first_attempt() {
    let puzzle = puzzle(1, 1, 0);
    for engine in Engine::available() {
        assert_eq!(puzzle.search_with(engine, 7..9, |_| ControlFlow::Break(())), Search::Stopped(7));
    }
}

#[test]
fn hopeless_search_calls_back_soon() {
    let puzzle = puzzle(1, 1, 64);
    for engine in Engine::available() {
        let mut asked = Vec::new();
        let stopped = puzzle.search_with(engine, 3..u64::MAX, |next| {
            asked.push(next);
            if asked.len() == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(stopped, Search::Stopped(asked[2]));
        assert!(asked.is_sorted_by(|a, b| a < b) && asked[2] < 200_000, "{engine}: {asked:?}");
    }
}
