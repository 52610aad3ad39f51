//! Payments of this node's users that the network has not got, in a file in the data directory: from a stop to the next start in
//! the network.
//!
//! No payment is sent twice: others would pay it twice. So the file lists only those that are certain not to be sent, and none
//! that a killed node left behind. It is removed before they are sent.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use ledger_core::{PaymentNumber, VerifiedPayment};
use sha2::{Digest, Sha256};

use super::relayed;
use crate::ledger::Ledger;
use crate::system::causes::with_causes;
use crate::system::files::{self, Links};

/// File name in the data directory.
const FILE: &str = "unsent-payments";

/// Far more than the lines of a full pool.
const MAX_BYTES: u64 = 64 << 20;

/// The SHA-256 of a payment in the network's form, in hex: a line of the file.
type Print = String;

/// Takes the payments that an earlier run has not sent and that still wait, in the network's form. They are not in the file any
/// more.
pub(super) fn take(directory: &Path, ledger: &Ledger) -> Vec<Bytes> {
    match read(directory).and_then(|prints| remove(directory).map(|()| prints)) {
        Ok(prints) => waiting(ledger, prints).into_iter().map(|(_, payment)| payment).collect(),
        Err(error) => {
            tracing::warn!(
                "p2p: {FILE} is of no use, its payments stay with this node: {}",
                with_causes(&error)
            );
            Vec::new()
        }
    }
}

/// Notes payments in the network's form that were not sent.
pub(super) fn keep(directory: &Path, ledger: &Ledger, unsent: &[Bytes]) {
    keep_prints(directory, ledger, unsent.iter().map(|payment| print(payment)).collect());
}

/// Notes the payments of users in this run, which was not in the network.
pub fn keep_all(directory: &Path, ledger: &Ledger) {
    let payments = ledger.view(|view| view.sent_by_users_after(PaymentNumber::MIN));
    let prints = payments.iter().map(|payment| print(&relayed::write(payment))).collect();
    keep_prints(directory, ledger, prints);
}

fn keep_prints(directory: &Path, ledger: &Ledger, new: Vec<Print>) {
    // Another directory may have taken the place of ours.
    if new.is_empty() || ledger.check_takes_changes().is_err() {
        return;
    }
    let kept = read(directory).and_then(|mut prints| {
        prints.extend(new);
        write(directory, waiting(ledger, prints).iter().map(|(print, _)| print))
    });
    if let Err(error) = kept {
        tracing::warn!(
            "p2p: {FILE} cannot be written, so payments stay with this node: {}",
            with_causes(&error)
        );
    }
}

fn print(payment: &[u8]) -> Print {
    let mut digits = [0; 64];
    let encoded = base16ct::lower::encode_str(&Sha256::digest(payment), &mut digits);
    encoded.expect("two digits for each byte").to_owned()
}

/// The payments with these prints that still wait. Equal payments are counted.
fn waiting(ledger: &Ledger, prints: Vec<Print>) -> Vec<(Print, Bytes)> {
    if prints.is_empty() {
        return Vec::new();
    }
    let mut counts = HashMap::new();
    prints.into_iter().for_each(|print| *counts.entry(print).or_insert(0) += 1);
    let pool: Vec<Arc<VerifiedPayment>> =
        ledger.view(|view| view.pool.entries().map(|(_, payment)| payment.clone()).collect());
    let all = pool.iter().map(|payment| relayed::write(payment)).map(|payment| (print(&payment), payment));
    let mut is_listed = |print: &Print| match counts.get_mut(print) {
        Some(left @ 1..) => {
            *left -= 1;
            true
        }
        _ => false,
    };
    all.filter(|(print, _)| is_listed(print)).collect()
}

fn read(directory: &Path) -> io::Result<Vec<Print>> {
    let path = directory.join(FILE);
    if files::check_regular(&path, Links::Refused)?.is_none() {
        return Ok(Vec::new());
    }
    let file = files::open_regular(&path, OpenOptions::new().read(true), Links::Refused)?;
    let mut text = String::new();
    file.take(MAX_BYTES).read_to_string(&mut text)?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Removes the file for good: after a power cut it is not there again.
fn remove(directory: &Path) -> io::Result<()> {
    match fs::remove_file(directory.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.and_then(|()| File::open(directory)?.sync_all()),
    }
}

/// Replaces the file. After a crash it is the old one or the new one.
fn write<'a>(directory: &Path, prints: impl Iterator<Item = &'a Print>) -> io::Result<()> {
    let text: String = prints.map(|print| format!("{print}\n")).collect();
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(directory.join(FILE))?;
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Source;
    use crate::ledger::testing::{ledger, seal, submit};

    fn recipients(payments: &[Bytes]) -> Vec<&'static str> {
        let text = |payment: &Bytes| String::from_utf8(payment.to_vec()).unwrap();
        let names = ["ann", "bob", "carl"];
        payments
            .iter()
            .flat_map(|payment| names.into_iter().filter(|name| text(payment).contains(name)))
            .collect()
    }

    #[test]
    fn payments_of_users_that_still_wait_are_taken_once() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        assert!(take(directory.path(), &ledger).is_empty());
        submit(&ledger, &[("ann", Source::User)]).remove(0).unwrap();
        keep_all(directory.path(), &ledger);
        seal(&ledger);
        submit(&ledger, &[("bob", Source::User), ("carl", Source::Relay)]);
        keep_all(directory.path(), &ledger);
        assert_eq!(recipients(&take(directory.path(), &ledger)), ["bob"]);
        assert!(take(directory.path(), &ledger).is_empty());
    }

    #[test]
    fn payments_of_several_runs_add_up_and_equal_ones_are_counted() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        submit(&ledger, &[("ann", Source::User), ("ann", Source::User), ("bob", Source::User)]);
        let all = waiting(&ledger, {
            keep_all(directory.path(), &ledger);
            read(directory.path()).unwrap()
        });
        let all: Vec<Bytes> = all.into_iter().map(|(_, payment)| payment).collect();
        assert_eq!(recipients(&take(directory.path(), &ledger)), ["ann", "ann", "bob"]);
        keep(directory.path(), &ledger, &all[..1]);
        keep(directory.path(), &ledger, &all[2..]);
        assert_eq!(recipients(&take(directory.path(), &ledger)), ["ann", "bob"]);
    }

    #[test]
    fn lines_that_are_no_payment_are_ignored() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        submit(&ledger, &[("ann", Source::User)]).remove(0).unwrap();
        for text in ["", "garbage\n", "\0\n\n"] {
            fs::write(directory.path().join(FILE), text).unwrap();
            assert!(take(directory.path(), &ledger).is_empty(), "{text:?}");
        }
        fs::write(directory.path().join(FILE), [0xff]).unwrap();
        assert!(take(directory.path(), &ledger).is_empty());
    }
}
