//! The chain on disk.

use std::sync::Arc;

use ledger_core::seam::{AnyState, Chain, Proofs, RuleSet, Stored};
use ledger_core::{BlockHash, Height, Tip};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};

use super::{lookup, states};
use crate::store::errors::{Finding, StoreError};

/// The tip of the chain and the state after it, read from the last row; `None` if there is no chain.
///
/// # Errors
///
/// [`StoreError::Damaged`] if the last row is not the block its hash names.
pub(crate) fn tip(
    connection: &Connection,
    rules: &Arc<dyn RuleSet>,
) -> Result<Option<(Tip, AnyState)>, StoreError> {
    let Some(last) = Height::new(length(connection)?) else { return Ok(None) };
    let chain = resume(connection, rules, last)?;
    Ok(chain.tip().zip(chain.state()))
}

/// A chain that continues after the block at a height. Does not check that block against the rules again.
///
/// # Errors
///
/// [`StoreError::Damaged`] if the block is not there or was changed.
pub(crate) fn resume(
    connection: &Connection,
    rules: &Arc<dyn RuleSet>,
    height: Height,
) -> Result<Box<dyn Chain>, StoreError> {
    find_to_resume(connection, rules, height, Proofs::Checked).map_err(|finding| match finding {
        Finding::Store(error) => error,
        other => lookup::damaged(other),
    })
}

/// Like [`resume`], but returns what is wrong as a [`Finding`].
///
/// # Errors
///
/// [`Finding`].
pub(crate) fn find_to_resume(
    connection: &Connection,
    rules: &Arc<dyn RuleSet>,
    height: Height,
    proofs: Proofs,
) -> Result<Box<dyn Chain>, Finding> {
    let failed = StoreError::from;
    let state = states::column(connection)?;
    let select = format!("SELECT hash, text, {state} FROM blocks WHERE height = ?1");
    let mut select = connection.prepare_cached(&select).map_err(failed)?;
    let mut rows = select.query([height.get()]).map_err(failed)?;
    let row = rows.next().map_err(failed)?.ok_or(Finding::Missing(height.get()))?;
    let hash = row.get_ref(0).map_err(failed)?.as_str().unwrap_or_default();
    let text = row.get_ref(1).map_err(failed)?.as_bytes().unwrap_or_default();
    let saved = row.get_ref(2).map_err(failed)?.as_str_or_null().unwrap_or_default();
    Ok(Arc::clone(rules).resume(Stored { height, hash, text, saved }, proofs)?)
}

/// Which block to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// The last one.
    Latest,
    /// The one at this height.
    At(Height),
    /// The one with this hash.
    Hash(BlockHash),
}

/// A block that was found.
#[derive(Clone, Debug)]
pub(crate) struct FoundBlock {
    /// Its height.
    pub(crate) height: Height,
    /// Its hash.
    pub(crate) hash: BlockHash,
    /// The bytes of its text.
    pub(crate) length: u64,
    /// Its text, unless it is longer than requested.
    pub(crate) text: Option<String>,
}

/// Checks the height of a row.
pub(super) fn placed(height: u64) -> Result<Height, StoreError> {
    Height::new(height).ok_or_else(|| StoreError::damaged("a block has height 0, but heights begin at 1"))
}

/// Finds a block, checks that it is the one that was stored, and reads its text if it has at most `most` bytes.
///
/// # Errors
///
/// [`StoreError::Damaged`] for a block that was changed.
pub(crate) fn find(
    snapshot: &Connection,
    rules: &dyn RuleSet,
    which: &Which,
    most: usize,
) -> Result<Option<FoundBlock>, StoreError> {
    let (condition, value): (_, Value) = match which {
        Which::Latest => ("height = (SELECT max(height) FROM blocks WHERE ?1 IS NULL)", Value::Null),
        Which::At(height) => ("height = ?1", i64::try_from(height.get()).unwrap_or(-1).into()),
        // Take only the height from the index: otherwise SQLite would also read the hash there, not in the row.
        Which::Hash(hash) => {
            ("height = (SELECT height FROM blocks WHERE hash = ?1)", hash.to_string().into())
        }
    };
    let select = format!(
        "SELECT height, hash, octet_length(text), CASE WHEN octet_length(text) <= ?2 THEN text END
         FROM blocks WHERE {condition}"
    );
    let found = snapshot.prepare_cached(&select)?.query_row((value, most), |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get::<_, Option<String>>(3)?))
    });
    let Some((height, stored, length, text)) = found.optional()? else { return Ok(None) };
    let height = placed(height)?;
    let hash = match &text {
        Some(text) => lookup::check(snapshot, rules, height, (&stored, text))?,
        None => lookup::check_long(snapshot, rules, height, &stored)?,
    };
    match which {
        Which::Hash(wanted) if *wanted != hash => Err(lookup::damaged(Finding::NotIndexed(height.get()))),
        _ => Ok(Some(FoundBlock { height, hash, length, text })),
    }
}

/// The number of blocks in a snapshot.
///
/// # Errors
///
/// [`StoreError`] of the database.
pub(crate) fn length(snapshot: &Connection) -> Result<u64, StoreError> {
    Ok(snapshot.query_row("SELECT coalesce(max(height), 0) FROM blocks", [], |row| row.get(0))?)
}

/// The hash in the row of a height, unchecked; `None` if there is no such block.
///
/// # Errors
///
/// [`StoreError::Damaged`] if the row does not hold a hash.
pub(crate) fn hash_at(snapshot: &Connection, height: u64) -> Result<Option<BlockHash>, StoreError> {
    Ok(hashes(snapshot, height, 1)?.pop())
}

/// Reads the text of the block at a height, and checks it.
///
/// # Errors
///
/// [`StoreError::Damaged`] if it is not there or was changed.
pub(crate) fn text_at(snapshot: &Connection, rules: &dyn RuleSet, height: u64) -> Result<String, StoreError> {
    let missing = || lookup::damaged(Finding::Missing(height));
    let which = Which::At(Height::new(height).ok_or_else(missing)?);
    let found = find(snapshot, rules, &which, usize::MAX >> 1)?;
    found.and_then(|found| found.text).ok_or_else(missing)
}

/// The height of the block with a hash; `None` if the chain does not have it.
///
/// # Errors
///
/// [`StoreError`] of the database.
pub(crate) fn height_of(snapshot: &Connection, hash: BlockHash) -> Result<Option<u64>, StoreError> {
    let mut select = snapshot.prepare_cached("SELECT height FROM blocks WHERE hash = ?1")?;
    Ok(select.query_row([hash.to_string()], |row| row.get(0)).optional()?)
}

/// Texts of consecutive blocks.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// The texts.
    pub(crate) texts: Vec<Vec<u8>>,
    /// Hash and length of the block after them, if that block alone exceeds the requested bytes.
    pub(crate) large: Option<(BlockHash, u64)>,
}

/// Reads the texts of at most `count` consecutive blocks that have at most `most` bytes together, unchecked.
///
/// # Errors
///
/// [`StoreError::Damaged`] if a row holds no block.
pub(crate) fn texts(snapshot: &Connection, from: u64, count: u32, most: usize) -> Result<Texts, StoreError> {
    // Do not select long texts: SQLite would load them as a whole.
    let select =
        "SELECT hash, octet_length(text), CASE WHEN octet_length(text) <= ?3 THEN text END FROM blocks
        WHERE height >= ?1 ORDER BY height LIMIT ?2";
    let mut select = snapshot.prepare_cached(select)?;
    let mut rows = select.query((i64::try_from(from).unwrap_or(i64::MAX), count, most))?;
    let (mut read, mut left) = (Texts::default(), most);
    while let Some(row) = rows.next()? {
        let length: u64 = row.get(1)?;
        let text = row.get_ref(2)?.as_bytes_or_null();
        match text.map_err(|error| StoreError::damaged_by("a block", error))? {
            Some(text) if text.len() <= left => {
                left -= text.len();
                read.texts.push(text.to_owned());
            }
            Some(_) => break,
            None => {
                let hash = row.get::<_, String>(0)?.parse();
                let hash = hash.map_err(|error| StoreError::damaged_by("the hash of a block", error))?;
                read.large = Some((hash, length));
                break;
            }
        }
    }
    Ok(read)
}

/// Reads the hashes in the rows of consecutive blocks, unchecked.
///
/// # Errors
///
/// [`StoreError::Damaged`] if a row does not hold a hash.
pub(crate) fn hashes(connection: &Connection, from: u64, count: u64) -> Result<Vec<BlockHash>, StoreError> {
    let mut select =
        connection.prepare_cached("SELECT hash FROM blocks WHERE height >= ?1 ORDER BY height LIMIT ?2")?;
    let rows = select.query_map([from, count], |row| row.get::<_, String>(0))?;
    rows.map(|row| row?.parse().map_err(|error| StoreError::damaged_by("the hash of a block", error)))
        .collect()
}

#[cfg(test)]
mod tests;
