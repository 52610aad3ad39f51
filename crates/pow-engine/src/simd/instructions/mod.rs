//! The kernels: a file for each kind of instructions, with `unsafe` where not every processor has them.

mod avx512;
mod sha_ni;
mod sse2;

pub(crate) use sha_ni::ShaNi;
