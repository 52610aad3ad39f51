//! Which payments concern an address: an index beside the blocks, kept by the same transactions.

use ledger_core::{Amount, Block, BlockHash};
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};

use super::StoreError;

/// How many blocks share a segment of the index.
const SEGMENT: u64 = 4096;

/// The address is paid.
const IN: u8 = 1;

/// The address pays.
const OUT: u8 = 2;

/// One row of the index.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PaymentRow {
    segment: u64,
    address: i64,
    height: u64,
    position: u64,
    role: u8,
    amount: Value,
}

/// A payment that concerns an address.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// The block that holds it.
    pub(super) height: u64,
    /// Its place in the block, from 0.
    pub(super) position: u64,
    /// Whether the address is paid.
    pub(super) paid: bool,
    /// Whether the address pays.
    pub(super) pays: bool,
    /// The amount, if it is a number or reads as one.
    pub(super) amount: Option<Worth>,
}

/// What an amount is worth, for adding up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Worth {
    /// A whole number.
    Whole(i128),
    /// Anything else.
    Float(f64),
}

/// The rows of a block, in the index's order as far as one block goes.
pub(super) fn rows(block: &Block) -> Vec<PaymentRow> {
    let mut rows = Vec::with_capacity(2 * block.transactions.len());
    for (position, payment) in (0..).zip(&block.transactions) {
        let row = |address, role| PaymentRow {
            segment: block.index / SEGMENT,
            address,
            height: block.index,
            position,
            role,
            amount: stored(&payment.amount),
        };
        let (pays, paid) = (key(&payment.sender), key(&payment.recipient));
        if pays == paid {
            rows.push(row(paid, IN | OUT));
        } else {
            rows.extend([row(paid, IN), row(pays, OUT)]);
        }
    }
    rows
}

/// Adds rows to an index, in its order, so that neighbours are written together.
pub(super) fn insert(
    connection: &Connection,
    table: &str,
    mut rows: Vec<PaymentRow>,
) -> Result<(), StoreError> {
    rows.sort_unstable_by_key(|row| (row.segment, row.address, row.height, row.position));
    let insert = format!(
        "INSERT INTO {table} (segment, address, height, position, role, amount) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    );
    let mut insert = connection.prepare_cached(&insert)?;
    rows.into_iter().try_for_each(|row| {
        insert.execute((row.segment, row.address, row.height, row.position, row.role, row.amount)).map(drop)
    })?;
    Ok(())
}

/// Removes the rows of all blocks after a height.
pub(super) fn delete_after(connection: &Connection, height: u64) -> Result<(), StoreError> {
    let segment = height / SEGMENT;
    connection.execute("DELETE FROM payments WHERE segment > ?1", [segment])?;
    connection.execute("DELETE FROM payments WHERE segment = ?1 AND height > ?2", [segment, height])?;
    Ok(())
}

/// Hands over the payments that concern an address, in the chain's order, until `entry` says to stop.
///
/// Two addresses whose hashes begin alike share their entries; whoever shows one reads the block and compares.
pub(super) fn of_address(
    snapshot: &Connection,
    address: &str,
    mut entry: impl FnMut(Entry) -> std::ops::ControlFlow<()>,
) -> Result<(), StoreError> {
    let last: u64 =
        snapshot.query_row("SELECT coalesce(max(segment), 0) FROM payments", [], |row| row.get(0))?;
    let mut select = snapshot.prepare_cached(
        "SELECT height, position, role, amount FROM payments WHERE segment = ?1 AND address = ?2 ORDER BY height, position",
    )?;
    let address = key(address);
    for segment in 0..=last {
        let mut rows = select.query((segment, address))?;
        while let Some(row) = rows.next()? {
            let role: u8 = row.get(2)?;
            let found = Entry {
                height: row.get(0)?,
                position: row.get(1)?,
                paid: role & IN != 0,
                pays: role & OUT != 0,
                amount: worth(row.get_ref(3)?),
            };
            if entry(found).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn key(address: &str) -> i64 {
    let hash = BlockHash::of_text(address);
    let (first, _) = hash.as_bytes().split_first_chunk().expect("a hash has 32 bytes");
    i64::from_be_bytes(*first)
}

/// An amount as a value of the database: what does not fit its integers is kept as the decimal text.
fn stored(amount: &Amount) -> Value {
    match amount {
        Amount::Text(text) => Value::Text(text.chars().take(MAX_TEXT).collect()),
        Amount::Number(number) => {
            let text = number.to_string();
            match text.parse::<i64>() {
                Ok(integer) => Value::Integer(integer),
                Err(_) if number.as_u64().is_some() => Value::Text(text),
                Err(_) => Value::Real(number.to_f64()),
            }
        }
    }
}

/// More characters than a decimal number that counts has; a peer's text amounts may have millions.
const MAX_TEXT: usize = 80;

/// What a stored amount is worth; none for a text that is no decimal number.
fn worth(amount: ValueRef<'_>) -> Option<Worth> {
    match amount {
        ValueRef::Integer(integer) => Some(Worth::Whole(integer.into())),
        ValueRef::Real(float) => Some(Worth::Float(float)),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).ok()?;
            if let Ok(integer) = text.parse::<u64>() {
                return Some(Worth::Whole(integer.into()));
            }
            text.parse().ok().filter(|float: &f64| float.is_finite()).map(Worth::Float)
        }
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}
