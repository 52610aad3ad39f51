//! Which mutant is on: the number in MUTANT, which child processes inherit. If MUTANTS_REACHED names a file, none is on, and
//! the numbers of the mutants that are reached are appended to that file.
#![feature(core_intrinsics, const_eval_select)]
#![allow(internal_features)]

use std::io::Write;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

const UNREAD: u32 = u32::MAX;
const RECORDING: u32 = u32::MAX - 1;
static CHOSEN: AtomicU32 = AtomicU32::new(UNREAD);
static SEEN: [AtomicU64; 1024] = [const { AtomicU64::new(0) }; 1024];

/// Whether a mutant is on. Works in a `const fn` too: where the compiler evaluates it, no mutant is on.
#[inline(always)]
pub const fn on(number: u32) -> bool {
    core::intrinsics::const_eval_select((number,), never, chosen)
}

const fn never(_: u32) -> bool {
    false
}

#[inline(always)]
fn chosen(number: u32) -> bool {
    let chosen = CHOSEN.load(Relaxed);
    if chosen < RECORDING { chosen == number } else { slowly(number, chosen) }
}

#[cold]
#[inline(never)]
fn slowly(number: u32, state: u32) -> bool {
    if state == UNREAD {
        read();
        return chosen(number);
    }
    let bit = 1 << (number % 64);
    if SEEN[number as usize / 64].fetch_or(bit, Relaxed) & bit == 0 {
        record(number);
    }
    false
}

fn read() {
    // Reading allocates, and the allocator may have mutants too.
    CHOSEN.store(0, Relaxed);
    let number = std::env::var("MUTANT").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let recording = std::env::var_os("MUTANTS_REACHED").is_some();
    CHOSEN.store(if recording { RECORDING } else { number }, Relaxed);
}

fn record(number: u32) {
    let Some(path) = std::env::var_os("MUTANTS_REACHED") else { return };
    if let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(path) {
        let _ = file.write_all(format!("{number}\n").as_bytes());
    }
}
