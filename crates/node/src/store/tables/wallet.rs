//! The wallet that a ledger was last used with. A start compares it, to notice a missing or different wallet.

use std::ops::ControlFlow;

use ledger_core::Address;
use ledger_core::seam::RuleSet;
use rusqlite::{Connection, OptionalExtension};

use crate::store::errors::StoreError;
use crate::store::index::{self, Wanted, key};
use crate::store::layout::schema;

/// The first layout that records the wallet.
const FIRST_LAYOUT: usize = 4;

/// The address of the wallet that the ledger was last used with, if payments in the chain name it.
pub(crate) fn paid_wallet(snapshot: &Connection, rules: &dyn RuleSet) -> Result<Option<String>, StoreError> {
    let Some(address) = wallet(snapshot)? else { return Ok(None) };
    let (address, mut is_paid) = (Address::from(address), false);
    let wanted = Wanted { rules, key: key(&address), address: &address, shared: None };
    index::of_address(snapshot, wanted, 0, 0, |_| {
        is_paid = true;
        ControlFlow::Break(())
    })?;
    Ok(Some(address.into()).filter(|_| is_paid))
}

/// Records the address of the wallet that the ledger is used with, in the caller's transaction.
pub(crate) fn note(connection: &Connection, address: &str) -> Result<(), StoreError> {
    connection.execute("DELETE FROM wallet", [])?;
    connection.execute("INSERT INTO wallet (address) VALUES (?1)", [address])?;
    Ok(())
}

/// The address of the wallet that the ledger was last used with.
pub(crate) fn wallet(snapshot: &Connection) -> Result<Option<String>, StoreError> {
    if schema::layout(snapshot)? < FIRST_LAYOUT {
        return Ok(None);
    }
    Ok(snapshot.query_row("SELECT address FROM wallet", [], |row| row.get(0)).optional()?)
}

#[cfg(test)]
mod tests {
    use ledger_core::Transaction;

    use super::*;
    use crate::store::testing::{TestChain, rules, store};

    #[test]
    fn wallet_is_returned_once_it_was_paid() {
        let directory = tempfile::tempdir().unwrap();
        let (mut store, mut chain) = (store(directory.path()), TestChain::new());
        let paid = |store: &crate::store::Store| {
            store.reading(|snapshot| Ok((wallet(snapshot)?, paid_wallet(snapshot, &*rules())?))).unwrap()
        };
        assert_eq!(paid(&store), (None, None));
        for _ in 0..2 {
            store.note_wallet("amy").unwrap();
            assert_eq!(paid(&store), (Some("amy".into()), None));
        }
        store.append_and(chain.add(vec![Transaction::reward("amy", 1_u64)]), |_| Ok(())).unwrap();
        assert_eq!(paid(&store), (Some("amy".into()), Some("amy".into())));
        store.note_wallet("bob").unwrap();
        assert_eq!(paid(&store), (Some("bob".into()), None));
    }

    #[test]
    fn older_layout_has_no_wallet() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::create(&mut connection).unwrap();
        note(&connection, "amy").unwrap();
        for (layout, expected) in [(FIRST_LAYOUT, Some("amy".to_owned())), (FIRST_LAYOUT - 1, None)] {
            connection.pragma_update(None, "user_version", layout).unwrap();
            assert_eq!(wallet(&connection).unwrap(), expected);
        }
    }
}
