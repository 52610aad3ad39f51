//! A number of bytes with a unit.
//!
//! Parsed by hand: the crate bytesize also accepts `16 MB`, about five percent less than `16 MiB`, and fractions.
//! We refuse both and show how to write a size.

use std::fmt;

/// The units, largest first.
const UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// A number of bytes, written as `16 MiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(u64);

impl Size {
    /// A size of `bytes`.
    pub const fn new(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number of bytes, or the maximum of `usize`.
    pub fn bytes(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// Parses an integer with a unit (`B`, `KiB`, `MiB`, `GiB`), or a number of bytes.
    ///
    /// # Errors
    ///
    /// A message for anything else, for 0, and beyond 64 bits.
    ///
    /// # Examples
    ///
    /// ```
    /// use node::settings::Size;
    ///
    /// assert_eq!(Size::parse("16 MiB")?.bytes(), 16 << 20);
    /// assert_eq!(Size::parse("512KiB"), Size::parse("524288"));
    /// assert!(Size::parse("16 MB").is_err());
    /// # Ok::<(), String>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        let unit = UNITS.iter().find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?, *bytes)));
        let (number, unit) = unit.unwrap_or((text, 1));
        let bytes = number.trim().parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
        let refusal = || format!("{text:?} is not a size; write 1000000, 512 KiB, 16 MiB or 1 GiB");
        Self::at_least_one(bytes.ok_or_else(refusal)?)
    }

    fn at_least_one(bytes: u64) -> Result<Self, String> {
        if bytes == 0 { Err("a size must not be 0: nothing would fit".into()) } else { Ok(Self(bytes)) }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |(_, bytes): &&(&str, u64)| self.0 >= *bytes && self.0.is_multiple_of(*bytes);
        let (unit, bytes) = UNITS.iter().find(fits).unwrap_or(&("B", 1));
        write!(f, "{} {unit}", self.0 / bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_parses_as_it_is_shown() {
        for shown in ["1 B", "1023 B", "1 KiB", "16 MiB", "1500 MiB", "4 GiB"] {
            assert_eq!(Size::parse(shown).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn anything_but_an_integer_with_a_unit_is_refused() {
        for text in [
            "",
            "MiB",
            "0",
            "0 MiB",
            "-1",
            "1.5 MiB",
            "16 MB",
            "16 mib",
            "1e6",
            "18446744073709551616",
            "17179869184 GiB",
        ] {
            assert!(Size::parse(text).is_err(), "{text}");
        }
    }
}
