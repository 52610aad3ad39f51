//! The payments of an address, read from its rows.

use std::ops::ControlFlow;

use ledger_core::Address;
use ledger_core::seam::RuleSet;
use rusqlite::Connection;

use super::entry::{self, Entry};
use super::keys::Key;
use super::owner;
use crate::store::errors::StoreError;

/// An address whose payments are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// What tells who pays whom.
    pub(crate) rules: &'a dyn RuleSet,
    /// Its key.
    pub(crate) key: Key,
    /// The address.
    pub(crate) address: &'a Address,
    /// Segments in which another address shares its key; none if not known yet.
    pub(crate) shared: Option<&'a [u64]>,
}

/// Calls `entry` with the entries of an address in chain order, from a segment on and after a height, until it says
/// to stop. Returns the segments with rows of other addresses.
///
/// # Errors
///
/// [`StoreError`] of the database.
pub(crate) fn of_address(
    snapshot: &Connection,
    wanted: Wanted<'_>,
    segment: u64,
    after: u64,
    mut entry: impl FnMut(Entry) -> ControlFlow<()>,
) -> Result<Vec<u64>, StoreError> {
    let Wanted { rules, key, address, shared: known } = wanted;
    let last =
        snapshot.query_row("SELECT max(segment) FROM payments", [], |row| row.get::<_, Option<u64>>(0))?;
    let mut select = snapshot.prepare_cached(
        "SELECT entries FROM payments WHERE segment = ?1 AND address = ?2 AND last > ?3 ORDER BY first",
    )?;
    let mut shared = Vec::new();
    for segment in segment..last.map_or(0, |last| last + 1) {
        let is_ours = known.is_some_and(|known| !known.contains(&segment));
        let mut rows = select.query((segment, key.index, after))?;
        while let Some(row) = rows.next()? {
            let mut entries = entry::parse(row.get_ref(0)?.as_str().unwrap_or_default())?;
            if !is_ours
                && !owner::retain(snapshot, rules, address, &mut entries)?
                && shared.last() != Some(&segment)
            {
                shared.push(segment);
            }
            let mut entries = entries.into_iter().filter(|entry| entry.0 > after);
            if entries.try_for_each(&mut entry).is_break() {
                return Ok(shared);
            }
        }
    }
    Ok(shared)
}
