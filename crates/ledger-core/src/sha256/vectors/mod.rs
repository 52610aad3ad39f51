//! Vectors of 32-bit words, and SHA-256 in them: many messages beside each other.
//!
//! The compiler cannot know that the processor has the instructions that are used in here. A value of type
//! [`Avx512`] or [`Avx2`] says so: there is no other door to one than to ask the processor, and no other to
//! vectors than such a value. That is what makes the `unsafe` here, and where these types are used, sound.

mod avx2;
mod avx512;
mod lanes;
mod rounds;
mod schedule;

pub(crate) use avx2::{Avx2, Words as Avx2Words};
pub(crate) use avx512::{Avx512, LANES as AVX512_LANES, Words as Avx512Words};
pub(crate) use lanes::{Lanes, Vectors};
pub(crate) use rounds::{Row, State, add, four_rounds, place, round, rounds, sums};
pub(crate) use schedule::{for_sixteen, sixteen_more};
