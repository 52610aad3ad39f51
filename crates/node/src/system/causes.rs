//! An error with its causes, on one line.

use std::error::Error;
use std::fmt;

/// Shows an error and all its causes, separated by colons, like the program's last message.
///
/// A message either contains its cause or has it as a source, never both, so each is shown once.
pub(crate) fn with_causes(error: &dyn Error) -> WithCauses<'_> {
    WithCauses(error)
}

/// See [`with_causes`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct WithCauses<'a>(&'a dyn Error);

impl fmt::Display for WithCauses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{says}")]
    struct Link {
        says: &'static str,
        #[source]
        cause: Option<Box<Link>>,
    }

    #[test]
    fn causes_follow_the_error_as_anyhow_shows_them() {
        let first = Link { says: "no such key", cause: None };
        let second = Link { says: "cannot read the index", cause: Some(Box::new(first)) };
        let third = Link { says: "cannot start", cause: Some(Box::new(second)) };
        let shown = with_causes(&third).to_string();
        assert_eq!(shown, "cannot start: cannot read the index: no such key");
        assert_eq!(shown, format!("{:#}", anyhow::Error::from(third)));
    }
}
