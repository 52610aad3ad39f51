//! Which payments concern an address: an index beside the blocks, kept by the same transactions.
//!
//! Blocks that are written together share rows: a row lists all entries of one address among them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use ledger_core::{Amount, Block, BlockHash, Number};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::StoreError;

/// How many blocks share a segment of the index.
const SEGMENT: u64 = 4096;

/// The address is paid.
const IN: u8 = 1;

/// The address pays.
const OUT: u8 = 2;

/// A payment that concerns an address: its block, its place there from 0, its role, and the amount if it is a number or
/// reads as one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry(pub(super) u64, pub(super) u64, pub(super) u8, pub(super) Option<Number>);

impl Entry {
    /// Whether the address is paid.
    pub(super) fn is_paid(&self) -> bool {
        self.2 & IN != 0
    }

    /// Whether the address pays.
    pub(super) fn pays(&self) -> bool {
        self.2 & OUT != 0
    }
}

/// The entries of a block, each with its address's key.
pub(super) fn entries(block: &Block) -> Vec<(i64, Entry)> {
    let mut entries = Vec::with_capacity(2 * block.transactions.len());
    for (position, payment) in (0..).zip(&block.transactions) {
        let worth = worth(&payment.amount);
        let entry = |role| Entry(block.index, position, role, worth);
        let (pays, paid) = (key(&payment.sender), key(&payment.recipient));
        if pays == paid {
            entries.push((paid, entry(IN | OUT)));
        } else {
            entries.extend([(paid, entry(IN)), (pays, entry(OUT))]);
        }
    }
    entries
}

/// Adds the entries of blocks that are written together to an index.
pub(super) fn insert(
    connection: &Connection,
    table: &str,
    entries: Vec<(i64, Entry)>,
) -> Result<(), StoreError> {
    let mut rows: BTreeMap<(u64, i64), Vec<Entry>> = BTreeMap::new();
    for (address, entry) in entries {
        rows.entry((entry.0 / SEGMENT, address)).or_default().push(entry);
    }
    let insert =
        format!("INSERT INTO {table} (segment, address, first, last, entries) VALUES (?1, ?2, ?3, ?4, ?5)");
    let mut insert = connection.prepare_cached(&insert)?;
    for ((segment, address), entries) in rows {
        let [Entry(first, ..), ..] = entries.as_slice() else { continue };
        let last = entries.last().map_or(*first, |entry| entry.0);
        insert.execute((segment, address, *first, last, json(&entries)))?;
    }
    Ok(())
}

/// Removes the entries of all blocks after a height from our index.
pub(super) fn delete_after(connection: &Connection, height: u64) -> Result<(), StoreError> {
    let segment = height / SEGMENT;
    connection.execute("DELETE FROM payments WHERE segment > ?1", [segment])?;
    connection.execute("DELETE FROM payments WHERE segment = ?1 AND first > ?2", [segment, height])?;
    let mut select = connection
        .prepare("SELECT address, first, entries FROM payments WHERE segment = ?1 AND last > ?2")?;
    let rows = select.query_map([segment, height], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for (address, first, entries) in rows.collect::<Result<Vec<(i64, u64, String)>, _>>()? {
        let mut kept = parse(&entries)?;
        kept.retain(|entry| entry.0 <= height);
        connection.execute(
            "UPDATE payments SET last = ?4, entries = ?5 WHERE segment = ?1 AND address = ?2 AND first = ?3",
            (segment, address, first, kept.last().map_or(first, |entry| entry.0), json(&kept)),
        )?;
    }
    Ok(())
}

/// Hands over the entries of an address, in the chain's order, until `entry` says to stop.
///
/// Two addresses whose hashes begin alike share their entries; whoever shows one reads the block and compares.
pub(super) fn of_address(
    snapshot: &Connection,
    address: &str,
    mut entry: impl FnMut(Entry) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    let last =
        snapshot.query_row("SELECT max(segment) FROM payments", [], |row| row.get::<_, Option<u64>>(0))?;
    let mut select = snapshot
        .prepare_cached("SELECT entries FROM payments WHERE segment = ?1 AND address = ?2 ORDER BY first")?;
    let address = key(address);
    for segment in 0..last.map_or(0, |last| last + 1) {
        let mut rows = select.query((segment, address))?;
        while let Some(row) = rows.next()? {
            let entries = parse(row.get_ref(0)?.as_str().unwrap_or_default())?;
            if entries.into_iter().try_for_each(&mut entry).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The last block that our index has entries of, if it is after a height.
pub(super) fn last_block(snapshot: &Connection, height: u64) -> Result<Option<u64>, StoreError> {
    let select = "SELECT max(last) FROM payments WHERE segment >= ?1 AND last > ?2";
    Ok(snapshot.query_row(select, [height / SEGMENT, height], |row| row.get(0))?)
}

fn key(address: &str) -> i64 {
    let hash = BlockHash::of_text(address);
    let (first, _) = hash.as_bytes().split_first_chunk().expect("a hash has 32 bytes");
    i64::from_be_bytes(*first)
}

/// What an amount counts for in a sum; none for a text that does not read as a number.
fn worth(amount: &Amount) -> Option<Number> {
    match amount {
        Amount::Number(number) => Some(*number),
        Amount::Text(text) => {
            let whole = text.parse::<u64>().map(Number::from).ok();
            whole.or_else(|| Number::try_from(text.parse::<f64>().ok()?).ok())
        }
    }
}

fn json(entries: &[Entry]) -> String {
    serde_json::to_string(entries).expect("numbers can be written as JSON")
}

/// Reads the entries of a row.
pub(super) fn parse(entries: &str) -> Result<Vec<Entry>, StoreError> {
    let damaged = |error| StoreError::Damaged(format!("the index of payments: {error}"));
    serde_json::from_str(entries).map_err(damaged)
}
