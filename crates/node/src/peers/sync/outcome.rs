//! The outcome of asking a peer, and its wording in a response.

use ledger_core::seam::Quantity;
use ledger_core::{Blocks, Height, NodeAddress, Printable, Tip};

use super::error::FetchError;
use crate::ledger::{Adoption, Candidate};
use crate::system::causes::with_causes;

/// A chain that was fetched and checked.
#[derive(Debug)]
pub(super) struct Fetched {
    /// Its tip; `None` if it ends before our tip, where the request began.
    pub(super) tip: Option<Tip>,
    /// The chain, if it wins over ours.
    pub(super) candidate: Option<Candidate>,
}

/// What happened to a valid chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It replaced ours.
    Adopted { blocks: Height, adoption: Adoption },
    /// It ends before our tip.
    Shorter { ours: Height },
    /// It does not win over ours.
    Loses { theirs: Quantity, ours: Quantity },
    /// Whenever it arrived, another chain had already replaced blocks that it builds on.
    Overtaken,
}

/// The result of asking a peer.
pub(super) type Answer = Result<Outcome, FetchError>;

/// A peer in the response to a resolve. The tutorial calls peers neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// The address as `host:port`.
    pub address: String,
    /// The outcome, one of a fixed set.
    pub outcome: &'static str,
    /// Why, in a sentence.
    pub reason: String,
}

impl Neighbour {
    /// The entry for a peer.
    pub(super) fn new(peer: &NodeAddress, answer: &Answer) -> Self {
        let reason = match answer {
            Ok(outcome) => outcome.reason(),
            Err(error) => Printable::foreign(why(error)).to_string(),
        };
        Self { address: peer.to_string(), outcome: outcome_name(answer), reason }
    }
}

/// The name of an outcome, one of a fixed set.
pub(super) fn outcome_name(answer: &Answer) -> &'static str {
    match answer {
        Ok(outcome) => outcome.name(),
        Err(error) => error.kind(),
    }
}

/// Why a peer failed, without repeating its outcome.
fn why(error: &FetchError) -> String {
    if error.is_panic() {
        return "this node failed; its log says why".into();
    }
    let why = with_causes(error).to_string();
    why.strip_prefix("no answer: ").map(str::to_owned).unwrap_or(why)
}

impl Outcome {
    fn name(&self) -> &'static str {
        match self {
            Self::Adopted { .. } => "adopted",
            Self::Shorter { .. } | Self::Loses { .. } | Self::Overtaken => "not longer",
        }
    }

    fn reason(&self) -> String {
        match self {
            Self::Adopted { blocks, adoption: Adoption { adopted, replaced } } => {
                format!(
                    "{adopted} new, instead of {replaced} of ours; our chain now has {}",
                    Blocks(blocks.get())
                )
            }
            Self::Shorter { ours } => format!("it has fewer blocks than our {ours}"),
            Self::Loses { theirs, ours } => {
                let are = if theirs.is_one { "is" } else { "are" };
                format!("its {} {are} valid, but not more than our {}", theirs.counted, ours.number)
            }
            Self::Overtaken => "other neighbours' chains replaced ours while it arrived".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::peers::client::ClientError;
    use crate::system::threads::Panicked;

    /// Outcome and reason of an answer, as a client sees them.
    fn told(answer: &Answer) -> (&'static str, String) {
        let entry = Neighbour::new(&"localhost:5001".parse().unwrap(), answer);
        assert_eq!(entry.address, "localhost:5001");
        (entry.outcome, entry.reason)
    }

    fn blocks(number: u64) -> Quantity {
        Quantity { counted: Blocks(number).to_string(), number: number.to_string(), is_one: number == 1 }
    }

    #[test]
    fn outcome_shows_both_sides() {
        let height = |height| Height::new(height).unwrap();
        let adoption = Adoption { adopted: 2, replaced: 1 };
        for (outcome, name, reason) in [
            (
                Outcome::Adopted { blocks: height(5), adoption },
                "adopted",
                "2 new, instead of 1 of ours; our chain now has 5 blocks",
            ),
            (Outcome::Shorter { ours: height(7) }, "not longer", "it has fewer blocks than our 7"),
            (
                Outcome::Loses { theirs: blocks(1), ours: blocks(1) },
                "not longer",
                "its 1 block is valid, but not more than our 1",
            ),
            (
                Outcome::Loses { theirs: blocks(2), ours: blocks(3) },
                "not longer",
                "its 2 blocks are valid, but not more than our 3",
            ),
            (Outcome::Overtaken, "not longer", "other neighbours' chains replaced ours while it arrived"),
        ] {
            assert_eq!(told(&Ok(outcome)), (name, reason.to_owned()));
        }
    }

    #[test]
    fn reason_of_a_failure_does_not_repeat_its_kind() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        let (kind, reason) = told(&Err(ClientError::Connect(refused).into()));
        assert_eq!(kind, "no answer");
        assert!(!reason.is_empty() && !reason.contains(kind), "{reason}");
        let too_long = ("invalid chain", "sent more than 5 bytes".to_owned());
        assert_eq!(told(&Err(FetchError::TooLong(5))), too_long);
    }

    #[test]
    fn panic_is_reported_without_its_details() {
        let panicked = Panicked::new("checking a chain", "an index");
        let expected = ("failed here", "this node failed; its log says why".to_owned());
        assert_eq!(told(&Err(panicked.into())), expected);
    }
}
