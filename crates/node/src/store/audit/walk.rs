//! The check of consecutive blocks, a few at a time: read in a snapshot, and checked when that has ended.

use ledger_core::{Block, ClassicRules, Fault, Tip, Verifier};
use rusqlite::{Connection, OptionalExtension};

use super::digest::Digest;
use super::slice::{Row, Rows};
use crate::store::errors::{Finding, StoreError};
use crate::store::index::{Keys, entry};

/// How much is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The blocks.
    Blocks,
    /// The blocks, and what is found by the indexes of hashes and payments.
    All,
}

/// The check of consecutive blocks: their texts, hashes, links and proofs, and that each is found by its hash.
pub(crate) struct Walk {
    scope: Scope,
    verifier: Verifier,
    next: u64,
    /// What the blocks so far ask of the index of payments.
    digest: Digest,
}

/// Some blocks as they are stored, in order.
pub(crate) struct Slice {
    rows: Rows,
    /// What is wrong behind them.
    trouble: Option<Finding>,
}

impl Walk {
    /// A walk that begins at a height; the block before is taken as checked.
    ///
    /// # Errors
    ///
    /// [`Finding`] if there is no such block.
    pub(crate) fn begin(
        snapshot: &Connection,
        rules: ClassicRules,
        from: u64,
        scope: Scope,
    ) -> Result<Self, Finding> {
        let verifier = match from {
            0 | 1 => Verifier::new(rules),
            from => Verifier::resume(rules, at(snapshot, from - 1)?),
        };
        Ok(Self { scope, verifier, next: from.max(1), digest: Digest::default() })
    }

    /// Checks more or less of the blocks to come.
    pub(crate) fn set_scope(&mut self, scope: Scope) {
        self.scope = scope;
    }

    /// The height of the next block.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// What the blocks so far ask of the index of payments.
    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }

    /// The last block that was checked.
    pub(crate) fn tip(&self) -> Option<Tip> {
        self.verifier.tip()
    }

    /// Reads the next blocks up to a height: at most a mebibyte and one block more.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn read(&self, snapshot: &Connection, to: u64) -> Result<Slice, StoreError> {
        let mut slice = Slice { rows: Rows::default(), trouble: None };
        let select = "SELECT height, hash, text FROM blocks WHERE height BETWEEN ?1 AND ?2 ORDER BY height";
        let mut select = snapshot.prepare_cached(select)?;
        let mut rows = select.query([self.next, to])?;
        let mut expected = self.next;
        while expected <= to && slice.trouble.is_none() && !slice.rows.is_full() {
            let row = match rows.next() {
                Ok(row) => row,
                // The rows before one that cannot be read come first.
                Err(error) => {
                    slice.trouble = Some(StoreError::from(error).into());
                    break;
                }
            };
            match row {
                Some(row) if row.get::<_, u64>(0)? == expected => {
                    let hash = row.get_ref(1)?.as_str().unwrap_or_default();
                    slice.rows.push(expected, hash, row.get_ref(2)?.as_bytes().unwrap_or_default());
                    let is_found = self.scope == Scope::Blocks || is_found(snapshot, expected, hash)?;
                    slice.trouble = (!is_found).then_some(Finding::NotIndexed(expected));
                }
                _ => slice.trouble = Some(Finding::Missing(expected)),
            }
            expected += 1;
        }
        Ok(slice)
    }

    /// Checks what was read.
    ///
    /// # Errors
    ///
    /// The first [`Finding`].
    pub(crate) fn check(&mut self, slice: Slice, keys: &mut Keys) -> Result<(), Finding> {
        let in_place = Block::of_canonical_all(&slice.rows.texts());
        slice.rows.iter().zip(in_place).try_for_each(|(row, block)| self.row(row, block, keys))?;
        slice.trouble.map_or(Ok(()), Err)
    }

    fn row(&mut self, row: Row<'_>, in_place: Option<Block<'_>>, keys: &mut Keys) -> Result<(), Finding> {
        read(row.height, row.text, in_place, |block| {
            check_text(row, block)?;
            self.verifier.push(block)?;
            self.next = row.height + 1;
            if self.scope == Scope::All {
                entry::each_of(block.members(), keys, |key, entry| self.digest.add(key.index, &entry));
            }
            Ok(())
        })
    }
}

/// Whether the index of hashes leads from a hash to its block.
fn is_found(snapshot: &Connection, height: u64, hash: &str) -> Result<bool, StoreError> {
    let mut select = snapshot.prepare_cached("SELECT height FROM blocks WHERE hash = ?1")?;
    Ok(select.query_row([hash], |row| row.get::<_, i64>(0)).optional()? == i64::try_from(height).ok())
}

fn check_text(row: Row<'_>, block: &Block<'_>) -> Result<(), Finding> {
    let Row { height, stored, text } = row;
    if block.hash().to_hex() != stored.as_bytes() {
        return Err(Finding::Hash { height, stored: stored.to_owned(), found: block.hash() });
    }
    let found = block.text().as_bytes();
    if std::ptr::eq(found, text) || found == text { Ok(()) } else { Err(Finding::Form(height)) }
}

/// The block at a height, as what the next one must refer to.
fn at(snapshot: &Connection, height: u64) -> Result<Tip, Finding> {
    let failed = StoreError::from;
    let mut select =
        snapshot.prepare_cached("SELECT hash, text FROM blocks WHERE height = ?1").map_err(failed)?;
    let mut rows = select.query([height]).map_err(failed)?;
    let row = rows.next().map_err(failed)?.ok_or(Finding::Missing(height))?;
    let stored = row.get_ref(0).map_err(failed)?.as_str().unwrap_or_default();
    let text = row.get_ref(1).map_err(failed)?.as_bytes().unwrap_or_default();
    read(height, text, Block::of_canonical(text), |block| {
        check_text(Row { height, stored, text }, block)?;
        Tip::of(block).ok_or_else(|| Fault::Index { expected: height, found: 0 }.into())
    })
}

/// Hands on a stored text's block: as it was read in place, or else whatever block it is.
fn read<T>(
    height: u64,
    text: &[u8],
    in_place: Option<Block<'_>>,
    block: impl FnOnce(&Block<'_>) -> Result<T, Finding>,
) -> Result<T, Finding> {
    let otherwise = || Block::from_json(text).map_err(|error| Finding::Parse { height, error });
    block(&in_place.map_or_else(otherwise, Ok)?)
}
