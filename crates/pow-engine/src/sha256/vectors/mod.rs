//! Vectors of 32-bit words, and SHA-256 on them: many messages at a time.
//!
//! The compiler cannot know that the processor has AVX-512. A value of type [`Avx512`] proves it: only asking the
//! processor makes one, and only such a value makes its vectors. So the `unsafe` here, and where these types are used,
//! is sound. Every x86-64 processor has the vectors of [`Sse2`].

mod avx512;
mod lanes;
mod rounds;
mod schedule;
mod sse2;

pub(crate) use avx512::{Avx512, LANES as AVX512_LANES, Words as Avx512Words};
pub(crate) use lanes::{Lanes, Vectors};
pub(crate) use rounds::{Row, State, add, four_rounds, place, round, rounds, sums};
pub(crate) use schedule::{for_sixteen, sixteen_more};
pub(crate) use sse2::Sse2;
