//! Detects floats that may have been integers.

use std::fmt;
use std::sync::LazyLock;

use crate::number::FLOAT_LIMIT;
use crate::python;

/// Whether serde_json has the feature `arbitrary_precision` in this build. Without it, 1e400 is not a number.
pub(super) static HAS_RAW_NUMBERS: LazyLock<bool> =
    LazyLock::new(|| serde_json::from_str::<serde_json::Value>("1e400").is_ok());

/// Whether this float may have been an integer: serde_json reads -0 and integers that are too large as floats. With
/// `arbitrary_precision` it does so only past 128 bits.
pub(super) fn may_be_an_integer(value: f64) -> bool {
    let is_exact = *HAS_RAW_NUMBERS;
    let limit = if is_exact { 2f64.powi(127) } else { FLOAT_LIMIT };
    let is_negative_zero = value == 0.0 && value.is_sign_negative();
    (value.is_finite() && value.abs() >= limit) || (is_negative_zero && !is_exact)
}

/// The error for such a float.
pub(super) struct Doubtful(pub(super) f64);

impl fmt::Display for Doubtful {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the float ")?;
        python::write_any_float(f, self.0)?;
        f.write_str(
            " may have been an integer, which hashes differently: a tagged or untagged enum, a flattened member and a \
             serde_json::Value lose the difference; hold it as a Block with its text, or give serde_json the feature \
             arbitrary_precision",
        )
    }
}
