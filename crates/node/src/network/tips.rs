//! Converts tips between the ledger's and the network's types.

use bytes::Bytes;
use ledger_core::{BlockHash, Height, Tip, Weight};
use p2p::{BlockId, Status};

/// A tip in the network's form.
pub(super) fn status_of(tip: &Tip) -> Status {
    let weight = tip.weight.to_be_bytes();
    let zeros = weight.iter().take_while(|byte| **byte == 0).count();
    Status { height: tip.height.get(), tip: id_of(&tip.hash), work: Bytes::copy_from_slice(&weight[zeros..]) }
}

/// The tip that a peer claims; `None` if no chain can have it.
pub(super) fn tip_of(status: &Status) -> Option<Tip> {
    let mut weight = [0; 32];
    let begin = weight.len().checked_sub(status.work.len())?;
    weight[begin..].copy_from_slice(&status.work);
    Some(Tip::new(Height::new(status.height)?, hash_of(&status.tip), Weight::from_be_bytes(weight)))
}

/// A block's hash as the network writes it.
pub(super) fn id_of(hash: &BlockHash) -> BlockId {
    BlockId(*hash.as_bytes())
}

/// A block's hash as the ledger writes it.
pub(super) fn hash_of(id: &BlockId) -> BlockHash {
    BlockHash::from_bytes(id.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tip_reads_back_from_its_status() {
        for weight in [0, 1, 255, 256, u64::MAX] {
            let tip = Tip::new(Height::new(7).unwrap(), BlockHash::of_text("a block"), weight.into());
            assert_eq!(tip_of(&status_of(&tip)), Some(tip));
        }
        assert_eq!(
            status_of(&Tip::new(Height::GENESIS, BlockHash::of_text(""), 1.into())).work.as_ref(),
            [1]
        );
    }

    #[test]
    fn impossible_status_has_no_tip() {
        let status = status_of(&Tip::new(Height::GENESIS, BlockHash::of_text(""), 1.into()));
        assert_eq!(tip_of(&Status { height: 0, ..status.clone() }), None);
        assert_eq!(tip_of(&Status { work: Bytes::from_static(&[1; 33]), ..status }), None);
    }
}
