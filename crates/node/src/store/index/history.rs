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
    /// The rules, which tell who pays whom in a payment.
    pub(crate) rules: &'a dyn RuleSet,
    /// Its key.
    pub(crate) key: Key,
    /// The address.
    pub(crate) address: &'a Address,
    /// Segments in which another address shares its key; `None` if not known yet.
    pub(crate) shared: Option<&'a [u64]>,
}

/// Calls `entry` with the entries of an address in chain order, from a segment on and after a height, until it breaks.
/// Returns the segments with rows of other addresses.
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
        let is_unshared = known.is_some_and(|known| !known.contains(&segment));
        let mut rows = select.query((segment, key.index, after))?;
        while let Some(row) = rows.next()? {
            let mut entries = entry::parse(row.get_ref(0)?.as_str().unwrap_or_default())?;
            if !is_unshared
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

#[cfg(test)]
mod tests {
    use ledger_core::Transaction;

    use super::*;
    use crate::store::index::{Keys, key};
    use crate::store::testing::{TestChain, rules, store};
    use crate::store::{Batch, Store};

    /// Amy and her namesake share a key of the index.
    fn colliding(address: &str) -> Key {
        if address.starts_with("amy") { Key { index: 7, ..key(address) } } else { key(address) }
    }

    /// A store with a block for each payee's reward, all written together.
    fn paid(directory: &tempfile::TempDir, payees: &[&'static str]) -> Store {
        let (mut store, mut chain) = (store(directory.path()), TestChain::new());
        let (mut batch, mut keys) = (Batch::default(), Keys::made_by(colliding));
        for payee in payees {
            batch.add(chain.add(vec![Transaction::reward(*payee, 1_u64)]), &mut keys);
        }
        let batch = batch.ready();
        store.durably(|connection| batch.append(connection)).unwrap();
        store
    }

    /// The heights of an address's payments after a height, and the shared segments.
    fn heights(store: &Store, address: &str, shared: Option<&[u64]>, after: u64) -> (Vec<u64>, Vec<u64>) {
        let (rules, mut heights) = (rules(), Vec::new());
        let address = Address::from(address.to_owned());
        let wanted = Wanted { rules: &*rules, key: colliding(&address), address: &address, shared };
        let read = |snapshot: &_| {
            of_address(snapshot, wanted, 0, after, |entry| {
                heights.push(entry.0);
                ControlFlow::Continue(())
            })
        };
        let shared = store.reading(read).unwrap();
        (heights, shared)
    }

    #[test]
    fn payments_after_a_height_are_found() {
        let directory = tempfile::tempdir().unwrap();
        let store = paid(&directory, &["bob", "bob", "bob", "zoe"]);
        for (after, expected) in [(0, vec![2, 3, 4]), (2, vec![3, 4]), (3, vec![4]), (4, vec![])] {
            assert_eq!(heights(&store, "bob", None, after), (expected, vec![]));
        }
    }

    #[test]
    fn shared_segments_are_returned_and_filtered() {
        let directory = tempfile::tempdir().unwrap();
        let store = paid(&directory, &["amy", "amy2", "amy"]);
        let shared = [0];
        assert_eq!(heights(&store, "amy", None, 0), (vec![2, 4], shared.to_vec()));
        assert_eq!(heights(&store, "amy", Some(&shared), 0).0, [2, 4]);
        assert_eq!(heights(&store, "amy", Some(&[]), 0), (vec![2, 3, 4], vec![]), "not filtered");
    }
}
