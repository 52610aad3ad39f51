//! The pool on disk.

use ledger_core::seam::RuleSet;
use ledger_core::{PaymentNumber, SignedPayment, VerifiedPayment};
use rusqlite::Connection;

use crate::store::errors::StoreError;

/// All payments that have a signature, with their numbers, in order.
///
/// # Errors
///
/// [`StoreError::Damaged`] if a row is not a payment.
pub(crate) fn all(
    connection: &Connection,
    rules: &dyn RuleSet,
) -> Result<Vec<(PaymentNumber, SignedPayment)>, StoreError> {
    let select = "SELECT number, payment, signature FROM pool WHERE signature IS NOT NULL ORDER BY number";
    let mut select = connection.prepare(select)?;
    let rows = select.query_map([], |row| {
        Ok((row.get::<_, PaymentNumber>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })?;
    rows.map(|row| {
        let (number, payment, signature) = row?;
        let payment = rules
            .stored_payment(&payment, &signature)
            .map_err(|error| StoreError::damaged_by(format!("payment {number} of the pool"), error))?;
        Ok((number, payment))
    })
    .collect()
}

/// Whether there are payments without a signature.
pub(crate) fn has_unsigned(connection: &Connection) -> Result<bool, StoreError> {
    let select = "SELECT EXISTS (SELECT 1 FROM pool WHERE signature IS NULL)";
    Ok(connection.query_row(select, [], |row| row.get(0))?)
}

/// Removes payments without a signature, in the caller's transaction. Returns how many there were.
pub(crate) fn remove_unsigned(connection: &Connection) -> Result<usize, StoreError> {
    Ok(connection.execute("DELETE FROM pool WHERE signature IS NULL", [])?)
}

/// Adds a payment, in the caller's transaction.
pub(crate) fn add(
    connection: &Connection,
    number: PaymentNumber,
    payment: &VerifiedPayment,
) -> Result<(), StoreError> {
    let mut insert =
        connection.prepare_cached("INSERT INTO pool (number, payment, signature) VALUES (?1, ?2, ?3)")?;
    insert.execute((number, payment.text(), payment.signature()))?;
    Ok(())
}

/// Removes payments, in the caller's transaction.
pub(crate) fn remove(connection: &Connection, numbers: &[PaymentNumber]) -> Result<(), StoreError> {
    let mut delete = connection.prepare_cached("DELETE FROM pool WHERE number = ?1")?;
    numbers.iter().try_for_each(|number| delete.execute([number]).map(drop))?;
    Ok(())
}

/// Removes the payments up to a number, in the caller's transaction. `None` removes all, which is faster.
pub(crate) fn remove_up_to(connection: &Connection, last: Option<PaymentNumber>) -> Result<(), StoreError> {
    match last {
        Some(last) => connection.prepare_cached("DELETE FROM pool WHERE number <= ?1")?.execute([last])?,
        None => connection.prepare_cached("DELETE FROM pool")?.execute([])?,
    };
    Ok(())
}
