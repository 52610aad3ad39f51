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
