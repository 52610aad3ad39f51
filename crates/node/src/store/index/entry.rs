//! An entry of the index of payments, and the list of entries in a row.

use ledger_core::seam::Movement;
use ledger_core::{Amount, Height, Number};
use serde::{Deserialize, Serialize};

use super::keys::{Key, Keys};
use crate::store::errors::StoreError;

/// The address is paid.
const IN: u8 = 1;

/// The address pays.
const OUT: u8 = 2;

/// A payment that concerns an address: its block, its position there from 0, its role, and the amount if it is a
/// number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry(pub(crate) u64, pub(crate) u64, pub(crate) u8, pub(crate) Option<Number>);

impl Entry {
    /// Whether the address is paid.
    pub(crate) fn is_paid(&self) -> bool {
        self.2 & IN != 0
    }

    /// Whether the address pays.
    pub(crate) fn pays(&self) -> bool {
        self.2 & OUT != 0
    }
}

/// Calls `entry` with each entry of a block's movements and its address's key. The index covers only payers and payees
/// that are addresses.
pub(crate) fn each_of(
    height: Height,
    movements: &[Movement<'_>],
    keys: &mut Keys,
    mut entry: impl FnMut(Key, Entry),
) {
    for (position, movement) in (0..).zip(movements) {
        let value = value(&movement.amount);
        let of = |role| Entry(height.get(), position, role, value);
        let payer = movement.payer.as_deref().map(|payer| keys.of(payer));
        let payee = movement.payee.as_deref().map(|payee| keys.of(payee));
        match (payer, payee) {
            (Some(payer), Some(payee)) if payer == payee => entry(payer, of(IN | OUT)),
            _ => {
                payee.into_iter().for_each(|payee| entry(payee, of(IN)));
                payer.into_iter().for_each(|payer| entry(payer, of(OUT)));
            }
        }
    }
}

/// The value of an amount in a sum; `None` for a text that is not a number, and for anything that no user may pay.
pub(crate) fn value(amount: &Amount<'_>) -> Option<Number> {
    match amount {
        Amount::Number(number) => Some(*number),
        Amount::Text(text) => {
            let whole = text.parse::<u64>().map(Number::from).ok();
            whole.or_else(|| Number::try_from(text.parse::<f64>().ok()?).ok())
        }
        _ => None,
    }
}

/// Writes the entries of a row.
pub(crate) fn write<'a>(list: &mut Vec<u8>, entries: impl IntoIterator<Item = &'a Entry>) {
    list.push(b'[');
    for (position, entry) in entries.into_iter().enumerate() {
        if position > 0 {
            list.push(b',');
        }
        serde_json::to_writer(&mut *list, entry).expect("writing numbers as JSON to memory cannot fail");
    }
    list.push(b']');
}

/// Parses the entries of a row.
pub(crate) fn parse(list: &str) -> Result<Vec<Entry>, StoreError> {
    let damaged = |error| StoreError::damaged_by("the index of payments", error);
    parse_plain(list).map_or_else(|| serde_json::from_str(list).map_err(damaged), Ok)
}

/// Parses a row in our own layout; the JSON parser handles any other.
fn parse_plain(list: &str) -> Option<Vec<Entry>> {
    let mut rest = Rest(list.strip_prefix('[')?.strip_suffix(']')?);
    // An entry has at least nine bytes, most have about twenty.
    let mut entries = Vec::with_capacity(list.len() / 16);
    loop {
        entries.push(rest.entry()?);
        if rest.0.is_empty() {
            return Some(entries);
        }
        rest.pass(",")?;
    }
}

/// The rest of a row.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn entry(&mut self) -> Option<Entry> {
        self.pass("[")?;
        let height = self.unsigned()?;
        self.pass(",")?;
        let position = self.unsigned()?;
        self.pass(",")?;
        let role = self.unsigned()?.try_into().ok()?;
        self.pass(",")?;
        let value = self.value()?;
        self.pass("]")?;
        Some(Entry(height, position, role, value))
    }

    /// Parses a number or null.
    fn value(&mut self) -> Option<Option<Number>> {
        if self.pass("null").is_some() {
            return Some(None);
        }
        let (number, _) = self.0.split_once(']')?;
        if number.bytes().all(|byte| byte.is_ascii_digit())
            && let Some(whole) = self.unsigned()
        {
            return Some(Some(whole.into()));
        }
        self.0 = &self.0[number.len()..];
        Number::parse(number).ok().map(Some)
    }

    /// Skips a text that must come next.
    fn pass(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    /// Parses a JSON integer; consumes nothing if there is none.
    fn unsigned(&mut self) -> Option<u64> {
        let length = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at(length);
        let is_plain = length == 1 || !digits.starts_with('0');
        let value = if is_plain { digits.parse().ok() } else { None };
        if value.is_some() {
            self.0 = rest;
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry() -> impl Strategy<Value = Entry> {
        let value = prop_oneof![
            any::<u64>().prop_map(|whole| Some(whole.into())),
            any::<i64>().prop_map(|whole| Some(whole.into())),
            any::<f64>().prop_map(|float| Number::try_from(float).ok()),
        ];
        (any::<u64>(), any::<u64>(), 1..4_u8, value)
            .prop_map(|(height, position, role, value)| Entry(height, position, role, value))
    }

    proptest! {
        #[test]
        fn entries_read_back_as_written(entries in prop::collection::vec(entry(), 0..5)) {
            let mut list = Vec::new();
            write(&mut list, &entries);
            let list = String::from_utf8(list).unwrap();
            prop_assert_eq!(&list, &serde_json::to_string(&entries).unwrap());
            prop_assert_eq!(parse_plain(&list).unwrap_or_default(), entries.clone());
            prop_assert_eq!(parse(&list).unwrap(), entries);
        }

        #[test]
        fn changed_row_reads_as_json(
            entries in prop::collection::vec(entry(), 0..3), at: prop::sample::Index, by in "[0-9\\[\\],. e+n-]",
        ) {
            let mut list = serde_json::to_string(&entries).unwrap();
            let at = at.index(list.len());
            list.replace_range(at..=at, &by);
            prop_assert_eq!(parse(&list).ok(), serde_json::from_str(&list).ok());
        }
    }

    #[test]
    fn plain_rows_are_as_strict_as_json() {
        for (row, expected) in [
            ("[[1,2,3,null]]", Some(Entry(1, 2, 3, None))),
            ("[[0,0,1,5]]", Some(Entry(0, 0, 1, Some(5_u64.into())))),
            ("[[1,2,3,0.5]]", Some(Entry(1, 2, 3, Number::try_from(0.5).ok()))),
            ("[[1,2,3,]]", None),
            ("[[07,2,3,5]]", None),
            ("[[1,2,3,07]]", None),
            ("[[,2,3,5]]", None),
            ("[[1,2,256,5]]", None),
            ("[[1,2,3,5],]", None),
        ] {
            assert_eq!(parse_plain(row), expected.clone().map(|entry| vec![entry]), "{row}");
            assert_eq!(parse(row).ok(), expected.map(|entry| vec![entry]), "{row}");
        }
    }

    #[test]
    fn movement_becomes_an_entry_of_each_address() {
        let movement = |payer: Option<&'static str>, payee: Option<&'static str>, amount| Movement {
            payer: payer.map(Into::into),
            payee: payee.map(Into::into),
            amount,
        };
        let movements = [
            movement(Some("amy"), Some("bob"), 7_u64.into()),
            movement(Some("amy"), Some("amy"), "5".into()),
            movement(None, Some("bob"), "0.25".into()),
            movement(Some("amy"), None, "much".into()),
            movement(None, None, 1_u64.into()),
        ];
        let (mut found, mut keys) = (Vec::new(), Keys::default());
        each_of(Height::GENESIS.next(), &movements, &mut keys, |key, entry| found.push((key, entry)));
        let (amy, bob) = (keys.of("amy"), keys.of("bob"));
        let number = |number: u64| Some(Number::from(number));
        let expected = [
            (bob, Entry(2, 0, IN, number(7))),
            (amy, Entry(2, 0, OUT, number(7))),
            (amy, Entry(2, 1, IN | OUT, number(5))),
            (bob, Entry(2, 2, IN, Number::try_from(0.25).ok())),
            (amy, Entry(2, 3, OUT, None)),
        ];
        assert_eq!(found, expected);
        let roles: Vec<_> = found.iter().map(|(_, entry)| (entry.is_paid(), entry.pays())).collect();
        assert_eq!(roles, [(true, false), (false, true), (true, true), (true, false), (false, true)]);
    }
}
