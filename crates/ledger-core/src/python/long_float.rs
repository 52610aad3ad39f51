//! Reading floats of any length exactly rounded.

/// The fewest bytes of a text whose exponent the standard library may not follow: it takes exponents past 2^16 for any
/// larger one, which is right unless hundreds of thousands of digits make up for it.
const LONG: usize = 1 << 16;

/// The most digits that decide how a float is rounded, and some: half-way between two floats are at most 767 digits.
const DIGITS: usize = 800;

/// Reads a float from its JSON text; one that is too large is an infinity.
pub(crate) fn read_float(text: &str) -> Option<f64> {
    if text.len() < LONG { text.parse().ok() } else { shortened(text).parse().ok() }
}

/// A short text that is read as the same float: the first digits, and a one for all others unless they are zeros.
fn shortened(text: &str) -> String {
    let (sign, unsigned) = text.split_at(usize::from(text.starts_with('-')));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = || whole.bytes().chain(fraction.bytes()).map(char::from);
    let zeros = digits().take_while(|digit| *digit == '0').count();
    let first: String = digits().skip(zeros).take(DIGITS).collect();
    let rest = if digits().skip(zeros + DIGITS).any(|digit| digit != '0') { "1" } else { "" };
    // Where the point is: before the first of these digits.
    let place = whole.len() as i64 - zeros as i64;
    format!("{sign}0.{first}{rest}e{}", saturated(exponent).saturating_add(place).clamp(-9999, 9999))
}

/// An exponent, or a number past all exponents.
fn saturated(exponent: &str) -> i64 {
    let past = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
    exponent.parse().unwrap_or(past)
}
