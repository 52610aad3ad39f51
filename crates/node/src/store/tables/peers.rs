//! Registered peers on disk.

use std::collections::BTreeSet;

use ledger_core::NodeAddress;
use rusqlite::Connection;

use crate::store::errors::StoreError;
use crate::store::layout::Sealed;

/// All peers.
///
/// # Errors
///
/// [`StoreError::Damaged`] if a row is not an address.
pub(crate) fn all(connection: &Connection) -> Result<BTreeSet<NodeAddress>, StoreError> {
    let mut select = connection.prepare("SELECT address FROM peers")?;
    let rows = select.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|row| row?.parse().map_err(|error| StoreError::damaged(format!("the neighbour {error}"))))
        .collect()
}

/// Adds peers, in the caller's transaction. Known ones stay.
pub(crate) fn add(connection: &Connection, peers: &[NodeAddress]) -> Result<(), StoreError> {
    for peer in peers {
        connection.execute("INSERT OR IGNORE INTO peers (address) VALUES (?1)", [peer.as_str()])?;
    }
    Sealed::Peers.renew(connection)
}

/// Removes a peer, in the caller's transaction.
pub(crate) fn remove(connection: &Connection, peer: &NodeAddress) -> Result<(), StoreError> {
    connection.execute("DELETE FROM peers WHERE address = ?1", [peer.as_str()])?;
    Sealed::Peers.renew(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::layout::schema;

    #[test]
    fn peers_are_kept_once_and_sealed() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::create(&mut connection).unwrap();
        let [one, two] = ["localhost:1", "localhost:2"].map(|peer| peer.parse::<NodeAddress>().unwrap());
        add(&connection, &[one.clone(), two.clone()]).unwrap();
        add(&connection, std::slice::from_ref(&one)).unwrap();
        assert_eq!(all(&connection).unwrap(), [one.clone(), two.clone()].into());
        assert!(Sealed::Peers.check(&connection).unwrap());
        remove(&connection, &one).unwrap();
        assert_eq!(all(&connection).unwrap(), [two].into());
        assert!(Sealed::Peers.check(&connection).unwrap());
        connection.execute("INSERT INTO peers (address) VALUES ('no port')", []).unwrap();
        let damaged = all(&connection).unwrap_err().to_string();
        assert!(damaged.starts_with("ledger.db is damaged: the neighbour"), "{damaged}");
    }
}
