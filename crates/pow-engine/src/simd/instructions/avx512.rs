//! The search in vectors of 16 words, with the rounds in assembly.
//!
//! The assembly does what `first_words` does. The order of the instructions decides the speed: only two of the
//! processor's four vector units can rotate. All four are busy if rotations are mixed with other instructions, the same
//! half of a round runs for all streams together, and the schedule's words are made between the rounds. The compiler's
//! order takes a seventh longer.

// Instructions that not every processor has; `sha256::vectors` says why that is sound. And the assembly.
#![allow(unsafe_code)]

use std::arch::asm;
use std::mem::{MaybeUninit, offset_of};
use std::ops::Range;

use crate::sha256::vectors::{Avx512, Avx512Words as Words, Row};
use crate::sha256::{INITIAL, K};
use crate::simd::batch;
use crate::simd::group::Group;
use crate::simd::kernel::{self, Kernel};
use crate::simd::scan::Scan;

/// Vectors hashed side by side: while one waits for its last step, another goes on.
const STREAMS: usize = 3;

impl Scan for Avx512 {
    fn scan(self, group: &Group, members: Range<usize>) -> Option<usize> {
        // SAFETY: `self` exists, so the processor has AVX-512F.
        unsafe { scan(self, group, members) }
    }
}

#[target_feature(enable = "avx512f")]
fn scan(vectors: Avx512, group: &Group, members: Range<usize>) -> Option<usize> {
    batch::scan::<Avx512, STREAMS>(vectors, group, members)
}

type Streams = Row<Words, STREAMS>;
type Batch = kernel::Batch<Words, STREAMS>;

/// The bytes of the rows of four rounds: one turn of a loop.
const FOUR_ROWS: usize = 4 * size_of::<Streams>();

impl Kernel<STREAMS> for Avx512 {
    #[inline(always)]
    fn first_words(self, batch: &mut Batch, second: &[u32; 64]) -> Streams {
        // SAFETY: `self` exists, so the processor has AVX-512F.
        unsafe { first_words(batch, second) }
    }
}

#[target_feature(enable = "avx512f")]
fn first_words(batch: &mut Batch, second: &[u32; 64]) -> Streams {
    const { assert!(size_of::<Streams>() == 192 && align_of::<Streams>() == 64) };
    assert!((1..=8).contains(&batch.from), "a batch begins in one of the rounds 1 to 8");
    let mut first_words = MaybeUninit::<Streams>::uninit();
    let (turn, entry) = (batch.from / 4, batch.from % 4);
    let batch = &raw mut *batch;
    // SAFETY: this function is compiled for AVX-512F. What is read are rows of `batch`, 48 words of K from the 16th on,
    // and the 8 and 64 words of the other tables. What is written are the 48 rows of `batch.schedule`, and all of
    // `first_words`. Pointers begin inside `batch` and end no further than one past what they point to. There is a
    // label for each value of `entry`. All registers that change are named, and the stack is left alone.
    unsafe {
        asm!(
            include_str!("avx512.s"),
            entry = in(reg) entry,
            turns = inout(reg) 4 - turn => _,
            state = in(reg) &raw const (*batch).state,
            sums = inout(reg) batch.byte_add(offset_of!(Batch, sums) + turn * FOUR_ROWS) => _,
            terms = const offset_of!(Batch, terms) - offset_of!(Batch, sums),
            words = inout(reg) batch.byte_add(offset_of!(Batch, schedule) + turn * FOUR_ROWS) => _,
            k = inout(reg) K[16..].as_ptr() => _,
            initial = in(reg) INITIAL.as_ptr(),
            second = inout(reg) second.as_ptr() => _,
            first_words = in(reg) first_words.as_mut_ptr(),
            out("zmm0") _, out("zmm1") _, out("zmm2") _, out("zmm3") _, out("zmm4") _, out("zmm5") _,
            out("zmm6") _, out("zmm7") _, out("zmm8") _, out("zmm9") _, out("zmm10") _, out("zmm11") _,
            out("zmm12") _, out("zmm13") _, out("zmm14") _, out("zmm15") _, out("zmm16") _, out("zmm17") _,
            out("zmm18") _, out("zmm19") _, out("zmm20") _, out("zmm21") _, out("zmm22") _, out("zmm23") _,
            out("zmm24") _, out("zmm25") _, out("zmm26") _, out("zmm27") _, out("zmm28") _, out("zmm29") _,
            out("zmm30") _,
            options(nostack),
        );
        first_words.assume_init()
    }
}
