//! Removing what nobody needs any more, a little at a time, in the writer's pauses.

use std::time::{Duration, Instant};

use super::Store;
use crate::store::chain::Discards;
use crate::store::chain::discard::{free_pages, give_back, shrink};
use crate::store::errors::StoreError;

/// How long the writer is at it at a time. Twice as long a pause for others comes after it.
const SLICE: Duration = Duration::from_millis(40);

/// How many free pages the file may keep, for what is written next: 16 MiB.
const KEPT: u32 = 512;

impl Store {
    /// Discards tables, some other time.
    pub(crate) fn discard(&mut self, tables: impl IntoIterator<Item = String>) {
        self.discarded.tables.extend(tables);
    }

    /// Gives back the file's free pages, some other time.
    pub(crate) fn shorten(&mut self) {
        self.discarded.has_freed = true;
    }

    /// Whether there is something to [discard](Self::discard_some), and whether it is time to do it even if others wait.
    pub(crate) fn discards(&self) -> Discards {
        self.discarded.state()
    }

    /// Removes a little of what is discarded.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database; the table is left for the next start.
    pub(crate) fn discard_some(&mut self) -> Result<(), StoreError> {
        let end = Instant::now() + SLICE;
        while Instant::now() < end
            && let Some(table) = self.discarded.tables.pop_front()
        {
            if !self.undurably(|connection| shrink(connection, &table, end))? {
                self.discarded.tables.push_front(table);
            }
            self.discarded.has_freed = true;
        }
        while Instant::now() < end && self.discarded.tables.is_empty() && self.discarded.has_freed {
            // What fails is left for the next start.
            self.discarded.has_freed = false;
            // A transaction counts as a change, which removes the pool's seal.
            if free_pages(&self.connection)? > KEPT {
                self.discarded.has_freed = self.undurably(give_back)?;
            }
        }
        self.discarded.due = Some(Instant::now() + 2 * SLICE);
        Ok(())
    }

    /// Removes all that is discarded, at the end, when nobody waits for the writer any more.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database; the rest is left for the next start.
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
    use crate::store::testing::TestChain;

    #[test]
    fn start_with_nothing_to_give_back_leaves_the_seal_of_the_pool() {
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
