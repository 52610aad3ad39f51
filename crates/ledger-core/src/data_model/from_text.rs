//! Reads types that are a text in every format.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};

/// Reads a text and converts it.
pub(crate) struct FromText<T> {
    expected: &'static str,
    made: PhantomData<T>,
}

impl<T> FromText<T> {
    /// Reads a text. The error names what was expected.
    pub(crate) fn expecting(expected: &'static str) -> Self {
        Self { expected, made: PhantomData }
    }
}

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}
