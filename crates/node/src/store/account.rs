//! What an address was paid and has paid: its payments in pages, and the totals of all.

use std::fmt;
use std::ops::{ControlFlow, Sub};

use ledger_core::{Block, Number, Transaction, canonical};
use rusqlite::Connection;

use super::entry::Entry;
use super::{StoreError, blocks, payments};

/// The most bytes of payments in a page; a payment may have any length.
const PAGE_BYTES: usize = 1 << 20;

/// An address's payments and totals.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    /// How many payments concern the address.
    pub(crate) length: u64,
    /// A page of them, each with the index of its block.
    pub(crate) payments: Vec<(u64, Transaction)>,
    /// The number of the first payment after the page, if there is one.
    pub(crate) next: Option<u64>,
    /// What it was paid.
    pub(crate) received: Total,
    /// What it has paid.
    pub(crate) sent: Total,
}

/// A sum of amounts: exact as long as all are whole numbers, else with a float's rounding. A text amount counts if it
/// reads as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Total {
    whole: i128,
    rest: Option<f64>,
}

impl Total {
    fn add(&mut self, worth: Number) {
        match worth.to_i128() {
            Some(whole) => self.whole = self.whole.saturating_add(whole),
            None => self.rest = Some(self.rest.unwrap_or(0.0) + worth.to_f64()),
        }
    }
}

impl Sub for Total {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        let rest = (self.rest.is_some() || other.rest.is_some())
            .then(|| self.rest.unwrap_or(0.0) - other.rest.unwrap_or(0.0));
        Self { whole: self.whole.saturating_sub(other.whole), rest }
    }
}

/// Writes the total as JSON, a float as Python does; null for one that is out of every number's range.
impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rest.map(|rest| Number::try_from(self.whole as f64 + rest)) {
            None => write!(f, "{}", self.whole),
            Some(Ok(number)) => write!(f, "{number}"),
            Some(Err(_)) => f.write_str("null"),
        }
    }
}

/// Reads the page of an address's payments that begins with number `from`, counting from 0, and the totals.
///
/// # Errors
///
/// [`StoreError`] of the database.
pub(crate) fn read(
    snapshot: &Connection,
    address: &str,
    from: u64,
    limit: u64,
) -> Result<Account, StoreError> {
    let mut account = Account::default();
    let mut page: Vec<Entry> = Vec::new();
    payments::of_address(snapshot, address, |entry| {
        if (from..from.saturating_add(limit)).contains(&account.length) {
            page.push(entry.clone());
        }
        account.length += 1;
        if let Some(worth) = entry.3 {
            if entry.is_paid() {
                account.received.add(worth);
            }
            if entry.pays() {
                account.sent.add(worth);
            }
        }
        ControlFlow::Continue(())
    })?;
    let taken = read_page(snapshot, &page, &mut account.payments)?;
    let next = from.saturating_add(taken);
    account.next = (next < account.length && taken > 0).then_some(next);
    Ok(account)
}

/// Reads a page's payments from their blocks, and answers how many entries fit.
fn read_page(
    snapshot: &Connection,
    page: &[Entry],
    payments: &mut Vec<(u64, Transaction)>,
) -> Result<u64, StoreError> {
    let mut bytes = 0;
    let mut block: Option<Block> = None;
    for entry in page {
        if bytes > PAGE_BYTES {
            break;
        }
        if block.as_ref().is_none_or(|block| block.index != entry.0) {
            block = Some(blocks::at(snapshot, entry.0)?);
        }
        let position = usize::try_from(entry.1).unwrap_or(usize::MAX);
        let transaction = block.as_ref().and_then(|block| block.transactions.get(position));
        let missing =
            || StoreError::Damaged(format!("transaction {position} of block {} is missing", entry.0));
        let transaction = transaction.ok_or_else(missing)?.clone();
        bytes += canonical::transaction_text(&transaction).len();
        payments.push((entry.0, transaction));
    }
    Ok(payments.len() as u64)
}
