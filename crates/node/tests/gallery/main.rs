//! Hostile peers against a real node among honest ones: `cargo test -p node --test gallery`.
//!
//! Each case attacks for a second, or as long as `--seconds` says. Meanwhile honest nodes pay and mine, and a client
//! asks for `/chain?limit=1`. A row says how long the slowest answer took, how much memory the node had at its peak, and what
//! became of the attackers. A case fails if an answer takes 100 ms longer than a byte to another thread and back, the memory
//! exceeds its bound, the ledger is not what the honest nodes made of it, or the attackers are not dealt with as expected.
//!
//! A busy machine makes everything slow. A case that fails runs again, twice at most. If something took too long while other
//! programs had a fifth of the processors, or while a byte took 100 ms, the case is not judged. The table and the last line say
//! so.
//!
//! - `attacks/`: the attackers, each an async function
//! - `cases`: the list of cases
//! - `run`: runs one; `world`: the nodes; `honest`: what they do meanwhile; `watch`: what is measured; `machine`: how busy this
//!   machine is otherwise
//! - `row`: the table

mod attacks;
mod cases;
#[path = "../blackbox/harness/mod.rs"]
#[allow(dead_code, reason = "the black-box tests use the rest")]
mod harness;
mod honest;
mod machine;
#[path = "../blackbox/network/nodes.rs"]
#[allow(dead_code, reason = "the black-box tests use the rest")]
mod nodes;
mod row;
mod run;
mod watch;
mod world;

use std::process::ExitCode;
use std::time::Duration;

use cases::CASES;
use row::{Row, Verdict};
use world::World;

/// The program that the cases start.
const PROGRAM: &str = env!("CARGO_BIN_EXE_node");

/// How long each attack lasts unless `--seconds` says otherwise.
const USUAL: Duration = Duration::from_secs(1);

/// The most runs of a case: a busy machine may be slow once.
const ATTEMPTS: u32 = 3;

fn main() -> ExitCode {
    let (words, length) = arguments();
    let chosen =
        CASES.iter().filter(|case| words.is_empty() || words.iter().any(|word| case.name.contains(word)));
    let mut world = None;
    println!("{}", Row::head());
    let verdicts: Vec<Verdict> = chosen.map(|case| judge(case, &mut world, length)).collect();
    assert!(!verdicts.is_empty(), "no case has one of these words in its name: {words:?}");
    let count = |wanted| verdicts.iter().filter(|verdict| **verdict == wanted).count();
    let (failed, not_judged) = (count(Verdict::Failed), count(Verdict::NotJudged));
    println!("{} cases: {failed} failed, {not_judged} not judged", verdicts.len());
    if not_judged > 0 {
        println!("this machine is too busy to judge all cases; run them again when it is idle");
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Words in the names of the cases to run, and the length of an attack.
fn arguments() -> (Vec<String>, Duration) {
    let mut arguments = std::env::args().skip(1);
    let (mut words, mut length) = (Vec::new(), USUAL);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seconds" => {
                let seconds = arguments.next().and_then(|text| text.parse().ok());
                length = Duration::from_secs(seconds.expect("--seconds needs a whole number"));
            }
            option if option.starts_with('-') => panic!("there is no option {option}, only --seconds"),
            word => words.push(word.to_owned()),
        }
    }
    (words, length)
}

/// Runs a case until it holds, and prints a row for each run. A run that does not hold makes the next one start a new world. The
/// case fails if no run holds and one fails.
fn judge(case: &cases::Case, world: &mut Option<World>, length: Duration) -> Verdict {
    let mut worst = Verdict::NotJudged;
    for _ in 0..ATTEMPTS {
        let row = run::run(case, world.get_or_insert_with(World::start), length);
        println!("{row}");
        match row.verdict() {
            Verdict::Holds => return Verdict::Holds,
            Verdict::Failed => worst = Verdict::Failed,
            Verdict::NotJudged => {}
        }
        *world = None;
    }
    worst
}
