//! The pool on disk.

use ledger_core::{Transaction, VerifiedTransaction, canonical};
use rusqlite::Connection;

use super::{Store, StoreError};

impl Store {
    /// The payments that wait, with their numbers, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] if a row is no payment.
    pub fn pool(&self) -> Result<Vec<(i64, VerifiedTransaction)>, StoreError> {
        let mut select =
            self.connection.prepare("SELECT number, payment, signature FROM pool ORDER BY number")?;
        let rows = select.query_map([], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?))
        })?;
        rows.map(|row| {
            let (number, payment, signature) = row?;
            let payment: Transaction = serde_json::from_str(&payment)
                .map_err(|error| StoreError::Damaged(format!("payment {number} of the pool: {error}")))?;
            Ok((number, VerifiedTransaction::already_verified(payment, signature)))
        })
        .collect()
    }
}

/// Adds a payment to the pool in a transaction of the caller's.
pub(crate) fn add(
    connection: &Connection,
    number: i64,
    payment: &VerifiedTransaction,
) -> Result<(), StoreError> {
    let mut insert =
        connection.prepare_cached("INSERT INTO pool (number, payment, signature) VALUES (?1, ?2, ?3)")?;
    insert.execute((number, canonical::transaction_text(payment.transaction()), payment.signature()))?;
    Ok(())
}

/// Removes payments from the pool in a transaction of the caller's.
pub(crate) fn remove(connection: &Connection, numbers: &[i64]) -> Result<(), StoreError> {
    let mut delete = connection.prepare_cached("DELETE FROM pool WHERE number = ?1")?;
    numbers.iter().try_for_each(|number| delete.execute([number]).map(drop))?;
    Ok(())
}
