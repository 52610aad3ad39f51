/// A random number from 0 up to 1; a half if the system has none.
pub(crate) fn unit() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / (f64::from(u32::MAX) + 1.0))
}

/// A random number; 0 if the system has none.
pub(crate) fn number() -> u32 {
    getrandom::u32().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_differ() {
        let units: Vec<f64> = (0..100).map(|_| unit()).collect();
        assert!(units.iter().all(|unit| (0.0..1.0).contains(unit)), "{units:?}");
        assert!(units.iter().any(|unit| *unit != units[0]));
        assert!((0..100).any(|_| number() > 1));
    }
}
