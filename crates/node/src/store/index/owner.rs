//! Decides which address an entry belongs to. Two addresses may share a key, so this reads the payments themselves.
//!
//! One payment decides for a whole row, unless the row lists its entries backwards (`rows`). Rows that older
//! versions wrote for two such addresses cannot be told apart.

use ledger_core::seam::{Movement, RuleSet, payment_texts};
use rusqlite::{Connection, MAIN_DB};

use super::entry::Entry;
use crate::store::errors::StoreError;

/// Maximum bytes of a block that is read in one piece.
const SHORT: usize = 64 << 10;

/// Bytes read first at the end of a longer block: usually the reward is wanted.
const END: usize = 4 << 10;

/// The start of a payment. Inside a JSON text it would contain backslashes.
const BEGIN: &[u8] = b"{\"amount\": ";

/// Keeps the entries of a row that belong to an address, in chain order. Returns whether all do.
///
/// # Errors
///
/// [`StoreError::Damaged`] if a payment is not where the index says, or [`StoreError`] of the database.
pub(crate) fn retain(
    snapshot: &Connection,
    rules: &dyn RuleSet,
    address: &str,
    entries: &mut Vec<Entry>,
) -> Result<bool, StoreError> {
    let Some(first) = entries.first() else { return Ok(true) };
    if entries.last().is_none_or(|last| place(first) <= place(last)) {
        let is_own = is_own(snapshot, rules, address, first)?;
        entries.truncate(if is_own { entries.len() } else { 0 });
        return Ok(is_own);
    }
    let height = first.0;
    entries.reverse();
    let text: String =
        snapshot.query_row("SELECT text FROM blocks WHERE height = ?1", [height], |row| row.get(0))?;
    let payments: Vec<&str> = payment_texts(&text).collect();
    for entry in std::mem::take(entries) {
        let payment = usize::try_from(entry.1).ok().and_then(|at| payments.get(at));
        if concerns(rules, payment.ok_or_else(|| missing(&entry))?, address, &entry)? {
            entries.push(entry);
        }
    }
    Ok(false)
}

fn place(entry: &Entry) -> (u64, u64, u8) {
    (entry.0, entry.1, entry.2)
}

/// Whether a payment concerns an address in the role of an entry.
fn concerns(rules: &dyn RuleSet, payment: &str, address: &str, entry: &Entry) -> Result<bool, StoreError> {
    let movement = rules.movement(payment).map_err(|error| StoreError::block(entry.0, error))?;
    let (is_paid, pays) = roles(&movement, address);
    Ok((is_paid || !entry.is_paid()) && (pays || !entry.pays()))
}

/// Whether an address is paid, and whether it pays.
fn roles(movement: &Movement<'_>, address: &str) -> (bool, bool) {
    (movement.payee.as_deref() == Some(address), movement.payer.as_deref() == Some(address))
}

/// Whether an entry belongs to an address.
fn is_own(
    snapshot: &Connection,
    rules: &dyn RuleSet,
    address: &str,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let select = "SELECT octet_length(text), CASE WHEN octet_length(text) <= ?2 THEN text END FROM blocks
        WHERE height = ?1";
    let mut select = snapshot.prepare_cached(select)?;
    let mut rows = select.query((entry.0, SHORT))?;
    let row = rows.next()?.ok_or_else(|| missing(entry))?;
    match row.get_ref(1)?.as_str_or_null() {
        Ok(Some(text)) => {
            let payment = nth(text, entry).ok_or_else(|| missing(entry))?;
            concerns(rules, payment, address, entry)
        }
        _ => is_own_in_long(snapshot, rules, address, (entry, row.get(0)?)),
    }
}

/// The same for a long block, reading as little of it as possible.
fn is_own_in_long(
    snapshot: &Connection,
    rules: &dyn RuleSet,
    address: &str,
    (entry, length): (&Entry, usize),
) -> Result<bool, StoreError> {
    let height = i64::try_from(entry.0).unwrap_or(i64::MAX);
    let blob = snapshot.blob_open(MAIN_DB, c"blocks", c"text", height, true)?;
    let mut text = vec![0; END.min(length)];
    blob.read_at_exact(&mut text, length.saturating_sub(END))?;
    // The row has all entries of its key in this block. So if the last payment concerns the address, the row is its own.
    if let Some(last) = last(rules, &text)
        && roles(&last, address) != (false, false)
    {
        return Ok(true);
    }
    text.clear();
    loop {
        let (begin, end) = (text.len(), length.min(SHORT.max(4 * text.len())));
        text.resize(end, 0);
        blob.read_at_exact(&mut text[begin..], begin)?;
        let valid = text.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        match nth(valid, entry) {
            Some(payment) => return concerns(rules, payment, address, entry),
            None if end == length => return Err(missing(entry)),
            None => {}
        }
    }
}

/// The payment of an entry in a block's text.
fn nth<'a>(text: &'a str, entry: &Entry) -> Option<&'a str> {
    payment_texts(text).nth(usize::try_from(entry.1).ok()?)
}

/// The last payment of a block, found from the end of its text. A match inside another payment does not count.
fn last<'a>(rules: &dyn RuleSet, end: &'a [u8]) -> Option<Movement<'a>> {
    let end = end.strip_suffix(b"]}")?;
    let begin = end.windows(BEGIN.len()).rposition(|window| window == BEGIN)?;
    rules.movement(std::str::from_utf8(&end[begin..]).ok()?).ok()
}

fn missing(entry: &Entry) -> StoreError {
    StoreError::damaged(format!("transaction {} of block {} is missing", entry.1, entry.0))
}

#[cfg(test)]
mod tests {
    use ledger_core::Transaction;

    use super::*;
    use crate::store::testing::{TestChain, rules, store};

    #[test]
    fn entry_without_its_payment_is_damage() {
        let directory = tempfile::tempdir().unwrap();
        let (mut store, mut chain) = (store(directory.path()), TestChain::new());
        for payments in [1, 4_000] {
            let block = chain.add(vec![Transaction::reward("bob", 1_u64); payments]);
            store.append_and(block, |_| Ok(())).unwrap();
        }
        let rules = rules();
        for (height, position) in [(2, 1), (3, 4_000), (4, 0)] {
            let own = |address: &str, position| {
                let entry = Entry(height, position, 1, None);
                store.reading(|snapshot| is_own(snapshot, &*rules, address, &entry))
            };
            if height < 4 {
                assert!(own("bob", position - 1).unwrap());
                assert!(!own("amy", position - 1).unwrap());
            }
            let missing = own("amy", position).unwrap_err().to_string();
            assert!(
                missing.ends_with(&format!("transaction {position} of block {height} is missing")),
                "{missing}"
            );
        }
    }
}
