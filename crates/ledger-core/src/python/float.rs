//! Formats floats like Python's `repr`.

use std::fmt::{self, Write};

/// Writes any float; `NaN` and the infinities as Python writes them.
pub(crate) fn write_any_float(out: &mut impl Write, value: f64) -> fmt::Result {
    if value.is_nan() {
        out.write_str("NaN")
    } else if value.is_infinite() {
        out.write_str(if value.is_sign_negative() { "-Infinity" } else { "Infinity" })
    } else {
        write_float(out, value)
    }
}

/// Writes a finite float: positional if the decimal exponent is in -4..=15, else like `1e-05`.
pub(crate) fn write_float(out: &mut impl Write, value: f64) -> fmt::Result {
    let mut buffer = zmij::Buffer::new();
    let Scientific { digits, exponent } = Scientific::read(buffer.format_finite(value.abs()));
    if value.is_sign_negative() {
        out.write_char('-')?;
    }
    let size = exponent.unsigned_abs() as usize;
    match exponent {
        -4..=-1 => write!(out, "0.{:0>zeros$}{digits}", "", zeros = size - 1),
        0..=15 if digits.len() <= size + 1 => write!(out, "{digits:0<width$}.0", width = size + 1),
        0..=15 => {
            let (whole, fraction) = digits.split_at(size + 1);
            write!(out, "{whole}.{fraction}")
        }
        _ => {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            let sign = if exponent.is_negative() { '-' } else { '+' };
            write!(out, "{first}{point}{rest}e{sign}{size:02}")
        }
    }
}

/// The shortest digits of a float that read back the same, and the decimal exponent of the first.
///
/// `zmij` computes them: of two equally short texts the closer one, and in a tie the one with the even digit, like
/// Python. Rust's `{:e}` rounds such a tie up: 1500039736.23828125 then ends in ...813.
struct Scientific {
    digits: String,
    exponent: i32,
}

impl Scientific {
    /// Parses an unsigned decimal text in any layout: `0.00012`, `120.0`, `1.5e300`.
    fn read(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let exponent: i32 = exponent.parse().expect("the exponent of a float is a small integer");
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [whole, fraction].concat();
        let significant = digits.trim_start_matches('0');
        if significant.is_empty() {
            return Self { digits: "0".to_owned(), exponent: 0 };
        }
        let zeros = (digits.len() - significant.len()) as i32;
        let digits = significant.trim_end_matches('0').to_owned();
        Self { digits, exponent: exponent + whole.len() as i32 - 1 - zeros }
    }
}
