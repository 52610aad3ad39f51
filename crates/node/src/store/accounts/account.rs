//! The payments of an address, in pages, and its totals.

use std::ops::{ControlFlow, Range};

use ledger_core::Address;
use ledger_core::seam::{RuleSet, payment_texts};
use rusqlite::Connection;

use super::tally::{Tallies, Tally};
use super::total::Total;
use crate::store::chain::blocks;
use crate::store::errors::StoreError;
use crate::store::index::{self, Entry, Key, Wanted, key};

/// Maximum bytes of payments in a page, unless a single payment is longer.
const PAGE_BYTES: usize = 1 << 20;

/// Maximum bytes of blocks read for a page, unless a single block is longer: each payment may be in a block of its
/// own.
const READ_BYTES: usize = 16 << 20;

/// A page of an address's payments, and its totals.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    /// Number of payments that concern the address.
    pub(crate) length: u64,
    /// The page: each payment's block index and canonical text.
    pub(crate) payments: Vec<(u64, String)>,
    /// Number of the first payment after the page, if there is one.
    pub(crate) next: Option<u64>,
    /// Sum received.
    pub(crate) received: Total,
    /// Sum paid.
    pub(crate) sent: Total,
    /// Payments left out of the sums, because their amount is not a number.
    pub(crate) uncounted: u64,
}

/// Reads a range of an address's payments, counted from 0, as many as fit a page, and the totals.
///
/// # Errors
///
/// [`StoreError`] of the database.
pub(crate) fn read(
    snapshot: &Connection,
    rules: &dyn RuleSet,
    tallies: &Tallies,
    address: &Address,
    numbers: Range<u64>,
) -> Result<Account, StoreError> {
    read_by(snapshot, rules, tallies, (key(address), address), numbers)
}

/// The same, for a given key.
fn read_by(
    snapshot: &Connection,
    rules: &dyn RuleSet,
    tallies: &Tallies,
    (key, address): (Key, &Address),
    numbers: Range<u64>,
) -> Result<Account, StoreError> {
    let tally = tallies.of(snapshot, rules, (key, address))?;
    let from = numbers.start;
    let wanted = Wanted { rules, key, address, shared: Some(tally.shared()) };
    let page = entries(snapshot, &tally, wanted, numbers)?;
    let payments = payments_of(snapshot, rules, &page)?;
    let (taken, length) = (payments.len() as u64, tally.count);
    let next = from.saturating_add(taken);
    let next = (next < length && taken > 0).then_some(next);
    let (received, sent, uncounted) = (tally.received, tally.sent, tally.uncounted);
    Ok(Account { length, payments, next, received, sent, uncounted })
}

/// The entries of a page. Segments before it are not read.
fn entries(
    snapshot: &Connection,
    tally: &Tally,
    wanted: Wanted<'_>,
    numbers: Range<u64>,
) -> Result<Vec<Entry>, StoreError> {
    let mut page = Vec::new();
    let Some((segment, mut number)) = tally.segment_of(numbers.start) else { return Ok(page) };
    let end = numbers.end.min(tally.count);
    index::of_address(snapshot, wanted, segment, 0, |entry| {
        if (numbers.start..end).contains(&number) {
            page.push(entry);
        }
        number += 1;
        if number < end { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(page)
}

/// Reads the payments of entries from their blocks, as many as fit a page.
fn payments_of(
    snapshot: &Connection,
    rules: &dyn RuleSet,
    page: &[Entry],
) -> Result<Vec<(u64, String)>, StoreError> {
    let (mut payments, mut bytes, mut read) = (Vec::new(), 0, 0);
    for entries in page.chunk_by(|one, next| one.0 == next.0) {
        if bytes > PAGE_BYTES || read > READ_BYTES {
            break;
        }
        let [Entry(height, ..), ..] = entries else { continue };
        let text = blocks::text_at(snapshot, rules, *height)?;
        read += text.len();
        for payment in in_block(*height, &text, entries)? {
            if bytes > PAGE_BYTES {
                break;
            }
            bytes += payment.len();
            payments.push((*height, payment.to_owned()));
        }
    }
    Ok(payments)
}

/// Extracts the payments of entries from the text of their block.
fn in_block<'a>(height: u64, text: &'a str, entries: &[Entry]) -> Result<Vec<&'a str>, StoreError> {
    let texts: Vec<&str> = payment_texts(text).collect();
    let payment = |entry: &Entry| {
        let position = usize::try_from(entry.1).unwrap_or(usize::MAX);
        let missing = || format!("transaction {position} of block {height} is missing");
        texts.get(position).copied().ok_or_else(|| StoreError::damaged(missing()))
    };
    entries.iter().map(payment).collect()
}

#[cfg(test)]
mod tests;
