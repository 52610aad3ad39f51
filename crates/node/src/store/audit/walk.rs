//! Checks consecutive blocks, a few at a time: reads them in a snapshot, and checks them after it ends.

use std::sync::Arc;

use ledger_core::seam::{Chain, Proofs, RuleSet, Stored};
use ledger_core::{Height, Tip};
use rusqlite::Connection;

use super::digest::Digest;
use super::hashes::Hashes;
use super::slice::Rows;
use crate::store::chain::{blocks, states};
use crate::store::errors::{Finding, StoreError};
use crate::store::index::{Keys, entry};

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The blocks.
    Blocks,
    /// The blocks, and their entries in the indexes of hashes and payments.
    All,
}

/// Checks the texts, hashes, links and proofs of consecutive blocks. With [`Scope::All`], also collects what
/// the indexes must have.
pub(crate) struct Walk {
    scope: Scope,
    /// Selects the rows of blocks.
    select: String,
    chain: Box<dyn Chain>,
    next: Height,
    /// The index entries that the blocks so far must have.
    digest: Digest,
    /// The blocks so far, to look up by their hashes.
    hashes: Hashes,
}

/// Stored blocks in order.
pub(crate) struct Slice {
    rows: Rows,
    /// What to report after these rows were checked.
    trouble: Option<Finding>,
}

impl Walk {
    /// Starts at a height. The block before it counts as checked.
    ///
    /// # Errors
    ///
    /// [`Finding`] if the block before it is missing or was changed.
    pub(crate) fn begin(
        snapshot: &Connection,
        rules: &Arc<dyn RuleSet>,
        from: u64,
        (scope, proofs): (Scope, Proofs),
    ) -> Result<Self, Finding> {
        let (chain, next) = match from.checked_sub(1).and_then(Height::new) {
            None => (Arc::clone(rules).begin(proofs), Height::GENESIS),
            Some(before) => (blocks::find_to_resume(snapshot, rules, before, proofs)?, before.next()),
        };
        let state = states::column(snapshot)?;
        let select = format!(
            "SELECT height, hash, text, {state} FROM blocks WHERE height BETWEEN ?1 AND ?2 ORDER BY height"
        );
        Ok(Self { scope, select, chain, next, digest: Digest::default(), hashes: Hashes::default() })
    }

    /// Changes the scope for the next blocks.
    pub(crate) fn set_scope(&mut self, scope: Scope) {
        self.scope = scope;
    }

    /// Height of the next block.
    pub(crate) fn next(&self) -> u64 {
        self.next.get()
    }

    /// The index entries that the blocks so far must have.
    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }

    /// The blocks so far, to look up by their hashes.
    pub(crate) fn hashes(&mut self) -> &mut Hashes {
        &mut self.hashes
    }

    /// The last checked block.
    pub(crate) fn tip(&self) -> Option<Tip> {
        self.chain.tip()
    }

    /// Reads the next blocks up to a height: at most a mebibyte and one more block.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn read(&self, snapshot: &Connection, to: u64) -> Result<Slice, StoreError> {
        let mut slice = Slice { rows: Rows::default(), trouble: None };
        let mut select = snapshot.prepare_cached(&self.select)?;
        let mut rows = select.query([self.next.get(), to])?;
        let mut expected = self.next;
        while expected.get() <= to && slice.trouble.is_none() && !slice.rows.is_full() {
            let row = match rows.next() {
                Ok(row) => row,
                // Check the rows before an unreadable one first.
                Err(error) => {
                    slice.trouble = Some(StoreError::from(error).into());
                    break;
                }
            };
            match row {
                Some(row) if row.get::<_, u64>(0)? == expected.get() => {
                    let hash = row.get_ref(1)?.as_str().unwrap_or_default();
                    let text = row.get_ref(2)?.as_bytes().unwrap_or_default();
                    let saved = row.get_ref(3)?.as_str_or_null().unwrap_or_default();
                    slice.rows.push(Stored { height: expected, hash, text, saved });
                }
                _ => slice.trouble = Some(Finding::Missing(expected.get())),
            }
            expected = expected.next();
        }
        Ok(slice)
    }

    /// Checks the blocks that were read.
    ///
    /// # Errors
    ///
    /// The first [`Finding`].
    pub(crate) fn check(&mut self, slice: Slice, keys: &mut Keys) -> Result<(), Finding> {
        let Self { scope, chain, next, digest, hashes, .. } = self;
        chain.push_stored(&slice.rows.stored(), &mut |block| {
            if *scope == Scope::All {
                hashes.add(block.hash(), *next);
                entry::each_of(*next, block.movements(), keys, |key, entry| digest.add(key.index, &entry));
            }
            *next = next.next();
        })?;
        slice.trouble.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{TestChain, rules};

    /// A chain of three blocks, whose table has no index.
    fn blocks() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE blocks (height INTEGER PRIMARY KEY, hash TEXT, text TEXT)")
            .unwrap();
        let mut chain = TestChain::new();
        let mut blocks = vec![chain.genesis()];
        (0..2).for_each(|_| blocks.push(chain.add(Vec::new()).clone()));
        for block in blocks {
            let insert = "INSERT INTO blocks VALUES (?1, ?2, ?3)";
            let row = (block.tip().height.get(), block.hash().to_string(), block.text());
            connection.execute(insert, row).unwrap();
        }
        connection
    }

    fn walk(connection: &Connection, scope: Scope) -> Result<u64, Finding> {
        let mut walk = Walk::begin(connection, &rules(), 1, (scope, Proofs::Checked))?;
        let slice = walk.read(connection, 3)?;
        walk.check(slice, &mut Keys::default())?;
        walk.hashes().look_up(connection)?;
        Ok(walk.next())
    }

    #[test]
    fn missing_block_is_found() {
        let connection = blocks();
        assert_eq!(walk(&connection, Scope::All).unwrap(), 4);
        connection.execute_batch("DELETE FROM blocks WHERE height = 2").unwrap();
        assert!(matches!(walk(&connection, Scope::Blocks), Err(Finding::Missing(2))));
    }

    #[test]
    fn block_not_found_by_its_hash_is_reported() {
        let connection = blocks();
        let hide = "INSERT INTO blocks SELECT 0, hash, text FROM blocks WHERE height = 2";
        connection.execute_batch(hide).unwrap();
        assert!(matches!(walk(&connection, Scope::All), Err(Finding::NotIndexed(2))));
        assert_eq!(walk(&connection, Scope::Blocks).unwrap(), 4);
    }
}
