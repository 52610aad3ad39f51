//! The number of mining threads.

use std::fmt;
use std::thread::available_parallelism;

/// Maximum: more than ordinary machines have cores.
const MAX: usize = 1024;

/// A number of threads, 1 to 1024.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threads(usize);

impl Threads {
    /// The number.
    pub fn count(self) -> usize {
        self.0
    }

    /// Parses a number of threads.
    ///
    /// # Errors
    ///
    /// A message for anything but a number from 1 to 1024.
    pub fn parse(text: &str) -> Result<Self, String> {
        let count: u64 = text.parse().map_err(|_| refusal(text))?;
        Self::try_from(count)
    }
}

impl TryFrom<u64> for Threads {
    type Error = String;

    fn try_from(count: u64) -> Result<Self, String> {
        let known = usize::try_from(count).ok().filter(|count| (1..=MAX).contains(count));
        known.map(Self).ok_or_else(|| refusal(&count.to_string()))
    }
}

fn refusal(found: &str) -> String {
    format!("the number of threads must be 1 to {MAX}, not {found:?}")
}

/// The number of cores.
impl Default for Threads {
    fn default() -> Self {
        Self(available_parallelism().map_or(1, usize::from).min(MAX))
    }
}

impl fmt::Display for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_1_to_1024() {
        for (text, count) in [("1", 1), ("3", 3), ("1024", MAX)] {
            let threads = Threads::parse(text).unwrap();
            assert_eq!((threads.count(), threads.to_string().as_str()), (count, text));
        }
        for text in ["0", "1025", "-1", "two"] {
            let refusal = Threads::parse(text).unwrap_err();
            assert_eq!(refusal, format!("the number of threads must be 1 to 1024, not {text:?}"));
        }
    }
}
