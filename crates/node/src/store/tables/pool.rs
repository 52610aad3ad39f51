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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::layout::schema;
    use crate::store::testing::rules;

    /// A pool of payments with these numbers; a negative one has no signature.
    fn pool(numbers: &[i64]) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::create(&mut connection).unwrap();
        for number in numbers {
            let insert = "INSERT INTO pool (number, payment, signature) VALUES (?1, 'payment', ?2)";
            connection.execute(insert, (number, (*number >= 0).then_some("signature"))).unwrap();
        }
        connection
    }

    fn numbers(connection: &Connection) -> Vec<i64> {
        let mut select = connection.prepare("SELECT number FROM pool ORDER BY number").unwrap();
        select.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn payments_are_removed_by_their_numbers() {
        let connection = pool(&[1, 2, 3, 4, 5]);
        remove(&connection, &[1, 4]).unwrap();
        assert_eq!(numbers(&connection), [2, 3, 5]);
        remove_up_to(&connection, Some(3)).unwrap();
        assert_eq!(numbers(&connection), [5]);
        remove_up_to(&connection, None).unwrap();
        assert!(numbers(&connection).is_empty());
    }

    #[test]
    fn payments_without_a_signature_are_removed_and_counted() {
        let connection = pool(&[-2, -1, 3]);
        assert!(has_unsigned(&connection).unwrap());
        assert_eq!(remove_unsigned(&connection).unwrap(), 2);
        assert!(!has_unsigned(&connection).unwrap());
        assert_eq!(numbers(&connection), [3]);
    }

    #[test]
    fn row_that_is_no_payment_is_damage() {
        let damaged = all(&pool(&[-1, 7]), &*rules()).unwrap_err().to_string();
        assert_eq!(damaged, "ledger.db is damaged: payment 7 of the pool");
        assert!(all(&pool(&[-1]), &*rules()).unwrap().is_empty());
    }
}
