//! A sum of amounts.

use std::fmt;
use std::ops::Sub;

use ledger_core::Number;

/// A sum of amounts: exact while all are integers, else with floating-point rounding. A text amount counts if it is
/// a number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Total {
    whole: i128,
    rest: Option<f64>,
}

impl Total {
    pub(crate) fn add(&mut self, value: Number) {
        match value.to_i128() {
            Some(whole) => self.whole = self.whole.saturating_add(whole),
            None => self.rest = Some(self.rest.unwrap_or(0.0) + value.to_f64()),
        }
    }

    /// The total, perhaps rounded, for comparisons.
    pub(crate) fn to_f64(self) -> f64 {
        self.whole as f64 + self.rest.unwrap_or(0.0)
    }
}

impl Sub for Total {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        let rest = (self.rest.is_some() || other.rest.is_some())
            .then(|| self.rest.unwrap_or(0.0) - other.rest.unwrap_or(0.0));
        Self { whole: self.whole.saturating_sub(other.whole), rest }
    }
}

/// Writes the total as JSON, a float as Python does; null if it is out of range.
impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rest.map(|rest| Number::try_from(self.whole as f64 + rest)) {
            None => write!(f, "{}", self.whole),
            Some(Ok(number)) => write!(f, "{number}"),
            Some(Err(_)) => f.write_str("null"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(amounts: &[&str]) -> Total {
        let mut total = Total::default();
        amounts.iter().for_each(|amount| total.add(Number::parse(amount).unwrap()));
        total
    }

    #[test]
    fn integers_are_added_exactly_and_floats_apart() {
        assert_eq!(total(&["9007199254740993", "1"]).to_string(), "9007199254740994");
        let both = total(&["1", "2.5", "0.25"]);
        assert_eq!((both.to_string().as_str(), both.to_f64()), ("3.75", 3.75));
        assert_eq!(total(&["9e18", "9e18"]).to_string(), "null");
    }

    #[test]
    fn difference_has_the_floats_of_both_sides() {
        let difference = |one: &[&str], other: &[&str]| (total(one) - total(other)).to_string();
        assert_eq!(difference(&["9", "2.75"], &["4", "0.5"]), "7.25");
        assert_eq!(difference(&["9", "2.75"], &["4"]), "7.75");
        assert_eq!(difference(&["9"], &["4", "0.5"]), "4.5");
        assert_eq!(difference(&["9"], &["4"]), "5");
    }
}
