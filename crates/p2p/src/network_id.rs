use std::fmt;

use libp2p::{StreamProtocol, gossipsub::IdentTopic};
use thiserror::Error;

const VERSION: u32 = 1;
const MAX_WORD: usize = 32;

/// Which network a node belongs to: name, rule set and difficulty. Only nodes that agree in all three stay connected.
///
/// It is part of every protocol name and topic: `/ledger/tutorial/classic/4/sync/1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NetworkId {
    name: String,
    rules: String,
    difficulty: u32,
}

/// A word that a protocol name cannot contain.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("invalid {what}: expected 1 to {MAX_WORD} lower-case letters, digits or hyphens, not {given:?}")]
pub struct InvalidNetwork {
    what: &'static str,
    given: String,
}

impl NetworkId {
    /// Names a network.
    ///
    /// # Errors
    ///
    /// If the name or the rule set's name is empty, longer than 32 bytes, or not of lower-case letters, digits and hyphens.
    pub fn new(name: &str, rules: &str, difficulty: u32) -> Result<Self, InvalidNetwork> {
        Ok(Self { name: word("network name", name)?, rules: word("rule set name", rules)?, difficulty })
    }

    /// The name that the identify protocol tells: `/ledger/tutorial/classic/4`.
    pub(crate) fn root(&self) -> String {
        format!("/ledger/{}/{}/{}", self.name, self.rules, self.difficulty)
    }

    /// The name of one of our protocols in this network.
    pub(crate) fn protocol(&self, what: &str) -> StreamProtocol {
        StreamProtocol::try_from_owned(format!("{}/{what}/{VERSION}", self.root()))
            .expect("a protocol name that begins with a slash")
    }

    /// The name of one of our topics in this network.
    pub(crate) fn topic(&self, what: &str) -> IdentTopic {
        IdentTopic::new(format!("{}/{what}/{VERSION}", self.root()))
    }
}

impl fmt::Display for NetworkId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} ({} rules, difficulty {})", self.name, self.rules, self.difficulty)
    }
}

fn word(what: &'static str, given: &str) -> Result<String, InvalidNetwork> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=MAX_WORD).contains(&given.len()) && given.bytes().all(fits) {
        Ok(given.to_owned())
    } else {
        Err(InvalidNetwork { what, given: given.chars().take(MAX_WORD + 1).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_rules_and_difficulty_are_in_every_protocol_name() {
        let network = NetworkId::new("tutorial", "classic", 4).unwrap();
        assert_eq!(network.protocol("sync").as_ref(), "/ledger/tutorial/classic/4/sync/1");
        assert_eq!(network.topic("payments").to_string(), "/ledger/tutorial/classic/4/payments/1");
    }

    #[test]
    fn words_that_could_pass_for_another_network_are_refused() {
        for name in ["", "a/b", "A", "ä", "a b", "a\n", &"a".repeat(33)] {
            assert!(NetworkId::new(name, "classic", 4).is_err(), "{name:?}");
            assert!(NetworkId::new("tutorial", name, 4).is_err(), "{name:?}");
        }
    }

    #[test]
    fn network_is_shown_in_words() {
        let network = NetworkId::new("my-net-2", "classic", 4).unwrap();
        assert_eq!(network.to_string(), "my-net-2 (classic rules, difficulty 4)");
    }

    #[test]
    fn refused_word_is_shown_in_part() {
        let refusal = NetworkId::new(&"A".repeat(1_000), "classic", 4).unwrap_err().to_string();
        assert!(refusal.ends_with(&format!("not {:?}", "A".repeat(33))), "{refusal}");
    }
}
