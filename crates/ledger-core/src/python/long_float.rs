//! Parses floats of any length with exact rounding.

/// Length from which the standard library may misread an exponent: it treats very large exponents alike, which is
/// wrong if hundreds of thousands of digits offset the exponent.
const LONG: usize = 1 << 16;

/// Digits that can decide the rounding, and some more: the midpoint between two floats has at most 767.
const DIGITS: usize = 800;

/// Parses a float from its JSON text. One that is too large is an infinity.
pub(crate) fn read_float(text: &str) -> Option<f64> {
    if text.len() < LONG { text.parse().ok() } else { shortened(text).parse().ok() }
}

/// A short text that parses to the same float: the first digits, and a one for the others unless they are zeros.
fn shortened(text: &str) -> String {
    let (sign, unsigned) = text.split_at(usize::from(text.starts_with('-')));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = || whole.bytes().chain(fraction.bytes()).map(char::from);
    let zeros = digits().take_while(|digit| *digit == '0').count();
    let first: String = digits().skip(zeros).take(DIGITS).collect();
    let rest = if digits().skip(zeros + DIGITS).any(|digit| digit != '0') { "1" } else { "" };
    // Position of the decimal point, counted from the first of these digits.
    let place = whole.len() as i64 - zeros as i64;
    format!("{sign}0.{first}{rest}e{}", saturated(exponent).saturating_add(place).clamp(-9999, 9999))
}

/// Parses an exponent. One past 64 bits becomes a number beyond all floats.
fn saturated(exponent: &str) -> i64 {
    let past = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
    exponent.parse().unwrap_or(past)
}
