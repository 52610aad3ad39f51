//! Peers whose last request failed, and how.

use std::collections::BTreeMap;

use ledger_core::NodeAddress;

use crate::peers::sync::outcome::Answer;

/// The most peers that are remembered. Registered peers alone are always fewer.
const MAX: usize = 2000;

/// Peers whose last request failed. A node that resolves every few seconds logs each failure once.
#[derive(Debug, Default)]
pub(super) struct Failing(BTreeMap<NodeAddress, &'static str>);

impl Failing {
    /// Records a peer's answer. Returns whether it is a new kind of failure.
    pub(super) fn note(&mut self, peer: &NodeAddress, answer: &Answer) -> bool {
        let Err(error) = answer else {
            self.0.remove(peer);
            return false;
        };
        if self.0.len() >= MAX {
            self.0.clear();
        }
        self.0.insert(peer.clone(), error.kind()) != Some(error.kind())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::sync::error::FetchError;
    use crate::peers::sync::outcome::Outcome;

    #[test]
    fn failure_is_news_until_it_repeats() {
        let (mut failing, peer) = (Failing::default(), "localhost:5001".parse().unwrap());
        let too_long = || Err(FetchError::TooLong(5));
        let news = [too_long(), too_long(), Ok(Outcome::Overtaken), too_long(), too_long()]
            .map(|answer| failing.note(&peer, &answer));
        assert_eq!(news, [true, false, false, true, false]);
    }

    #[test]
    fn another_failure_of_the_same_peer_is_news() {
        let (mut failing, peer) = (Failing::default(), "localhost:5001".parse().unwrap());
        assert!(failing.note(&peer, &Err(FetchError::TooLong(5))));
        let late = std::time::Duration::from_secs(1);
        assert!(failing.note(&peer, &Err(FetchError::Deadline(late))));
    }
}
