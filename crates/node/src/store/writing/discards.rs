//! Removes unused tables, a little at a time, between the writer's other tasks.

use std::time::{Duration, Instant};

use super::Store;
use crate::store::chain::Discards;
use crate::store::chain::discard::{free_pages, release_pages, shrink};
use crate::store::errors::StoreError;

/// Time per step. Twice as long is left for other work before the next step.
const SLICE: Duration = Duration::from_millis(40);

/// Free pages that the file keeps for new data: 16 MiB, or half of it in files of older versions.
const KEPT: u32 = 256;

impl Store {
    /// Marks tables for removal.
    pub(crate) fn discard(&mut self, tables: impl IntoIterator<Item = String>) {
        self.discarded.tables.extend(tables);
    }

    /// Marks the file's free pages for release.
    pub(crate) fn release_free_pages(&mut self) {
        self.discarded.has_freed = true;
    }

    /// Whether there is something to [discard](Self::discard_some), and how urgent it is.
    pub(crate) fn discards(&self) -> Discards {
        self.discarded.state()
    }

    /// Removes a part of the marked tables, or releases some free pages.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database; the next start removes the table.
    pub(crate) fn discard_some(&mut self) -> Result<(), StoreError> {
        self.discard_until(Instant::now() + SLICE)?;
        self.discarded.due = Some(Instant::now() + 2 * SLICE);
        Ok(())
    }

    fn discard_until(&mut self, end: Instant) -> Result<(), StoreError> {
        while Instant::now() < end
            && let Some(table) = self.discarded.tables.pop_front()
        {
            if !self.undurably(|connection| shrink(connection, &table, end))? {
                self.discarded.tables.push_front(table);
            }
            self.discarded.has_freed = true;
        }
        while Instant::now() < end && self.discarded.tables.is_empty() && self.discarded.has_freed {
            // Reset first: after an error, the next start tries again.
            self.discarded.has_freed = false;
            // Avoid an empty transaction: every change removes the pool's seal.
            if free_pages(&self.connection)? > KEPT {
                self.discarded.has_freed = self.undurably(release_pages)?;
            }
        }
        Ok(())
    }

    /// Removes all marked tables. Call it at the end, when nobody waits for the writer.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database; the next start removes the rest.
    pub(crate) fn discard_rest(&mut self) -> Result<(), StoreError> {
        let drop_table = |table| self.connection.execute(&format!("DROP TABLE IF EXISTS {table}"), []);
        self.discarded.tables.drain(..).try_for_each(|table| Ok(drop_table(table).map(drop)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::directory::{DataDir, MissingLog};
    use crate::store::layout::Sealed;
    use crate::store::testing::{TestChain, store};

    #[test]
    fn step_ends_when_its_time_is_over() {
        let directory = tempfile::tempdir().unwrap();
        let mut store = store(directory.path());
        store.discard_until(Instant::now()).unwrap();
        assert!(store.discarded.has_freed);
        store.create_stage(1).unwrap();
        store.discard(["staged_1_blocks".to_owned()]);
        store.discard_until(Instant::now()).unwrap();
        assert_eq!(store.discarded.tables.len(), 1);
        store.discard_until(Instant::now() + Duration::from_secs(60)).unwrap();
        assert_eq!(store.discards(), Discards::Nothing);
    }

    #[test]
    fn start_with_no_free_pages_keeps_the_pools_seal() {
        let directory = tempfile::tempdir().unwrap();
        let genesis = || TestChain::new().genesis();
        let _data_dir = DataDir::take(directory.path()).unwrap();
        let mut store = Store::open(directory.path(), MissingLog::Refused, genesis).unwrap();
        store.accept(directory.path()).unwrap();
        while store.discards() != Discards::Nothing {
            store.discard_some().unwrap();
        }
        assert!(Sealed::Pool.check(&store.connection).unwrap());
    }
}
