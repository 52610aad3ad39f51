//! Seals of the small tables, which show whether rows were changed, added or removed while no node ran.

use std::fmt::Write;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::schema;
use crate::store::errors::StoreError;

/// The first layout with seals.
const FIRST_LAYOUT: usize = 3;

/// A sealed table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sealed {
    /// The peers: sealed at each change, which is rare.
    Peers,
    /// The pool: sealed at a clean stop, since a seal per payment would cost a page of the log.
    Pool,
}

/// Compares the small tables with their seals, if they have one.
///
/// # Errors
///
/// [`StoreError::Unsealed`] for the first changed table.
pub(crate) fn check_all(snapshot: &Connection) -> Result<(), StoreError> {
    [Sealed::Pool, Sealed::Peers].into_iter().try_for_each(|table| table.check(snapshot).map(drop))
}

/// The digest of a table's content.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seal {
    rows: u64,
    digest: String,
}

impl Sealed {
    fn name(self) -> &'static str {
        match self {
            Self::Peers => "peers",
            Self::Pool => "pool",
        }
    }

    fn select(self) -> &'static str {
        match self {
            Self::Peers => "SELECT address FROM peers ORDER BY address",
            Self::Pool => "SELECT number, payment, signature FROM pool ORDER BY number",
        }
    }

    /// Seals the table, in the caller's transaction.
    pub(crate) fn renew(self, connection: &Connection) -> Result<(), StoreError> {
        let Seal { rows, digest } = self.compute(connection)?;
        let insert = "INSERT OR REPLACE INTO seals (name, rows, digest) VALUES (?1, ?2, ?3)";
        connection.execute(insert, (self.name(), rows, digest))?;
        Ok(())
    }

    /// Removes the seal before a change, in the caller's transaction.
    pub(crate) fn remove(self, connection: &Connection) -> Result<(), StoreError> {
        connection.execute("DELETE FROM seals WHERE name = ?1", [self.name()])?;
        Ok(())
    }

    /// Compares the table with its seal. Returns whether it has one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unsealed`] if the table was changed.
    pub(crate) fn check(self, connection: &Connection) -> Result<bool, StoreError> {
        if schema::layout(connection)? < FIRST_LAYOUT {
            return Ok(false);
        }
        let select = "SELECT rows, digest FROM seals WHERE name = ?1";
        let read = |row: &rusqlite::Row<'_>| Ok(Seal { rows: row.get(0)?, digest: row.get(1)? });
        let Some(kept) = connection.query_row(select, [self.name()], read).optional()? else {
            return Ok(false);
        };
        let found = self.compute(connection)?;
        let changed = StoreError::Unsealed { table: self.name(), found: found.rows, kept: kept.rows };
        if found == kept { Ok(true) } else { Err(changed) }
    }

    fn compute(self, connection: &Connection) -> Result<Seal, StoreError> {
        let mut select = connection.prepare(self.select())?;
        let columns = select.column_count();
        let (mut rows, mut count, mut hasher) = (select.query([])?, 0, Sha256::new());
        while let Some(row) = rows.next()? {
            count += 1;
            for column in 0..columns {
                add(&mut hasher, row.get_ref(column)?);
            }
        }
        let mut digest = String::new();
        for byte in hasher.finalize() {
            write!(digest, "{byte:02x}").expect("writing to a String cannot fail");
        }
        Ok(Seal { rows: count, digest })
    }
}

/// Adds a value with its type and length, so that different rows never give the same bytes.
fn add(hasher: &mut Sha256, value: ValueRef<'_>) {
    let number;
    let (kind, bytes): (u8, &[u8]) = match value {
        ValueRef::Null => (0, &[]),
        ValueRef::Integer(integer) => {
            number = integer.to_be_bytes();
            (1, &number)
        }
        ValueRef::Real(real) => {
            number = real.to_be_bytes();
            (2, &number)
        }
        ValueRef::Text(text) => (3, text),
        ValueRef::Blob(blob) => (4, blob),
    };
    hasher.update([kind]);
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::create(&mut connection).unwrap();
        connection
    }

    fn add_peer(connection: &Connection, address: &str) {
        connection.execute("INSERT INTO peers (address) VALUES (?1)", [address]).unwrap();
    }

    #[test]
    fn changed_table_breaks_its_seal() {
        let connection = tables();
        assert!(!Sealed::Peers.check(&connection).unwrap(), "there is no seal");
        ["one", "two"].iter().for_each(|peer| add_peer(&connection, peer));
        Sealed::Peers.renew(&connection).unwrap();
        assert!(Sealed::Peers.check(&connection).unwrap());
        check_all(&connection).unwrap();
        add_peer(&connection, "three");
        let changed =
            |checked| matches!(checked, Err(StoreError::Unsealed { table: "peers", found: 3, kept: 2 }));
        assert!(changed(Sealed::Peers.check(&connection).map(drop)) && changed(check_all(&connection)));
        Sealed::Pool.renew(&connection).unwrap();
        assert!(Sealed::Pool.check(&connection).unwrap(), "each table has its own seal");
        Sealed::Peers.remove(&connection).unwrap();
        check_all(&connection).unwrap();
        assert!(!Sealed::Peers.check(&connection).unwrap());
    }

    #[test]
    fn older_layout_has_no_seals() {
        let connection = tables();
        Sealed::Peers.renew(&connection).unwrap();
        add_peer(&connection, "one");
        connection.pragma_update(None, "user_version", FIRST_LAYOUT).unwrap();
        assert!(Sealed::Peers.check(&connection).is_err());
        connection.pragma_update(None, "user_version", FIRST_LAYOUT - 1).unwrap();
        assert!(!Sealed::Peers.check(&connection).unwrap());
    }

    #[test]
    fn different_rows_have_different_digests() {
        let one = 1_i64.to_be_bytes();
        let rows = [
            vec![ValueRef::Null],
            vec![ValueRef::Integer(1)],
            vec![ValueRef::Integer(2)],
            vec![ValueRef::Real(1.0)],
            vec![ValueRef::Real(2.0)],
            vec![ValueRef::Text(&one)],
            vec![ValueRef::Blob(&one)],
            vec![ValueRef::Text(b"")],
            vec![ValueRef::Text(b"a"), ValueRef::Text(b"bc")],
            vec![ValueRef::Text(b"ab"), ValueRef::Text(b"c")],
            vec![ValueRef::Text(b"abc")],
        ];
        let digest = |row: &Vec<ValueRef<'_>>| {
            let mut hasher = Sha256::new();
            row.iter().for_each(|value| add(&mut hasher, *value));
            hasher.finalize().to_vec()
        };
        let digests: std::collections::BTreeSet<_> = rows.iter().map(digest).collect();
        assert_eq!(digests.len(), rows.len());
    }
}
