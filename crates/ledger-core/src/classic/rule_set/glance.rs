//! The beginning of a block.

use crate::hash::BlockHash;
use crate::seam::Glance;

/// Reads index and previous hash, which come first in a canonical text.
pub(super) fn glance(beginning: &[u8]) -> Option<Glance> {
    // A canonical text is ASCII, but a changed one may hold other bytes after these members.
    let text = beginning.utf8_chunks().next()?.valid();
    let (index, rest) = text.strip_prefix("{\"index\": ")?.split_once(", \"previous_hash\": ")?;
    let height: u64 = index.parse().ok()?;
    if height.to_string() != index {
        return None;
    }
    Some(Glance { height, previous: previous(rest)? })
}

/// Reads the previous hash. The inner `None` is a genesis.
fn previous(rest: &str) -> Option<Option<BlockHash>> {
    if ["1, ", "\"1\", "].iter().any(|genesis| rest.starts_with(genesis)) {
        return Some(None);
    }
    let (hash, _) = rest.strip_prefix('"')?.split_once('"')?;
    hash.parse().ok().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classic::{Block, Members, PreviousHash};
    use crate::position::Timestamp;

    fn glance_at(members: Members<'_>) -> Option<Glance> {
        let block = Block::new(members);
        glance(&block.text().as_bytes()[..block.text().len().min(200)])
    }

    #[test]
    fn glance_reads_the_longest_index() {
        let previous = BlockHash::of_text("before");
        let genesis = Members::genesis(Timestamp::from_micros(0));
        let block = Members { index: u64::MAX, previous_hash: PreviousHash::Hash(previous), ..genesis };
        assert_eq!(glance_at(block), Some(Glance { height: u64::MAX, previous: Some(previous) }));
    }

    #[test]
    fn genesis_has_no_previous_block() {
        let genesis = Members::genesis(Timestamp::from_micros(0));
        let predecessor = Members { previous_hash: PreviousHash::GenesisText, ..genesis.clone() };
        for block in [genesis, predecessor] {
            assert_eq!(glance_at(block), Some(Glance { height: 1, previous: None }));
        }
    }

    #[test]
    fn text_that_is_not_canonical_has_no_glance() {
        let hash = BlockHash::of_text("before");
        for text in [
            "",
            "{\"index\": 2",
            "{\"index\": 02, \"previous_hash\": 1, ",
            "{\"index\": +2, \"previous_hash\": 1, ",
            "{\"index\": 2, \"previous_hash\": 12, ",
            "{\"index\": 2, \"previous_hash\": 1",
            &format!("{{\"index\":2,\"previous_hash\":\"{hash}\", "),
            &format!("{{\"index\": 2, \"previous_hash\": \"{hash}"),
            &format!("{{\"index\": 2, \"previous_hash\": \"{hash}0\", "),
        ] {
            assert_eq!(glance(text.as_bytes()), None, "{text}");
        }
    }
}
