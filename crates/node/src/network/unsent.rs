//! Payments of this node's users that were not sent to the network, in a file in the data directory: from a stop to the next
//! start in the network.
//!
//! No payment is sent twice: others would pay it twice. So the file lists only payments that certainly were not sent, and a
//! killed node lists none. The file is removed before they are sent.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use ledger_core::{PaymentNumber, VerifiedPayment};
use sha2::{Digest, Sha256};

use super::relayed;
use crate::ledger::Ledger;
use crate::system::causes::with_causes;
use crate::system::files;
use crate::system::private_file;

/// File name in the data directory.
const FILE: &str = "unsent-payments";

/// Far more than the lines of a full pool.
const MAX_BYTES: u64 = 64 << 20;

/// The SHA-256 of a payment in the network's form, in hex: a line of the file.
type Hash = String;

/// Takes the payments that an earlier run has not sent and that still wait, in the network's form. Removes the file.
pub(super) fn take(directory: &Path, ledger: &Ledger) -> Vec<Bytes> {
    match read(directory).and_then(|hashes| remove(directory).map(|()| hashes)) {
        Ok(hashes) => waiting(ledger, hashes).into_iter().map(|(_, payment)| payment).collect(),
        Err(error) => {
            tracing::warn!("p2p: ignoring {FILE}, its payments stay with this node: {}", with_causes(&error));
            Vec::new()
        }
    }
}

/// Notes payments in the network's form that were not sent.
pub(super) fn keep(directory: &Path, ledger: &Ledger, unsent: &[Bytes]) {
    keep_hashes(directory, ledger, unsent.iter().map(|payment| hash_of(payment)).collect());
}

/// Notes the payments of users in this run, which was not in the network.
pub fn keep_all(directory: &Path, ledger: &Ledger) {
    let payments = ledger.view(|view| view.sent_by_users_after(PaymentNumber::MIN));
    let hashes = payments.iter().map(|payment| hash_of(&relayed::write(payment))).collect();
    keep_hashes(directory, ledger, hashes);
}

fn keep_hashes(directory: &Path, ledger: &Ledger, new: Vec<Hash>) {
    // Another directory may have taken the place of ours.
    if new.is_empty() || ledger.check_takes_changes().is_err() {
        return;
    }
    let kept = read(directory).and_then(|mut hashes| {
        hashes.extend(new);
        write(directory, waiting(ledger, hashes).iter().map(|(hash, _)| hash))
    });
    if let Err(error) = kept {
        tracing::warn!("p2p: cannot write {FILE}, so payments stay with this node: {}", with_causes(&error));
    }
}

fn hash_of(payment: &[u8]) -> Hash {
    let mut digits = [0; 64];
    let encoded = base16ct::lower::encode_str(&Sha256::digest(payment), &mut digits);
    encoded.expect("two digits for each byte").to_owned()
}

/// The payments with these hashes that still wait. Equal payments are counted.
fn waiting(ledger: &Ledger, hashes: Vec<Hash>) -> Vec<(Hash, Bytes)> {
    if hashes.is_empty() {
        return Vec::new();
    }
    let mut counts = HashMap::new();
    hashes.into_iter().for_each(|hash| *counts.entry(hash).or_insert(0) += 1);
    let pool: Vec<Arc<VerifiedPayment>> =
        ledger.view(|view| view.pool.entries().map(|(_, payment)| payment.clone()).collect());
    let all = pool.iter().map(|payment| relayed::write(payment)).map(|payment| (hash_of(&payment), payment));
    let mut is_listed = |hash: &Hash| match counts.get_mut(hash) {
        Some(left @ 1..) => {
            *left -= 1;
            true
        }
        _ => false,
    };
    all.filter(|(hash, _)| is_listed(hash)).collect()
}

fn read(directory: &Path) -> io::Result<Vec<Hash>> {
    let content = files::read_up_to(&directory.join(FILE), MAX_BYTES)?.unwrap_or_default();
    let text = String::from_utf8(content).map_err(io::Error::other)?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Removes the file for good: it does not come back after a power cut.
fn remove(directory: &Path) -> io::Result<()> {
    match fs::remove_file(directory.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.and_then(|()| File::open(directory)?.sync_all()),
    }
}

fn write<'a>(directory: &Path, hashes: impl Iterator<Item = &'a Hash>) -> io::Result<()> {
    let text: String = hashes.map(|hash| format!("{hash}\n")).collect();
    private_file::replace(&directory.join(FILE), text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Source;
    use crate::ledger::testing::{ledger, seal, submit};
    use crate::telemetry::testing::Log;

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

    #[test]
    fn missing_file_is_no_failure() {
        let (directory, (log, _guard)) = (tempfile::tempdir().unwrap(), Log::begin());
        let ledger = ledger(&directory);
        log.take();
        assert!(take(directory.path(), &ledger).is_empty());
        assert_eq!(log.take(), "");
    }

    #[test]
    fn file_that_cannot_be_removed_is_a_failure() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join(FILE)).unwrap();
        remove(directory.path()).unwrap_err();
    }
}
