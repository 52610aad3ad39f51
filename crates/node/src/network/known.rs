//! The peers that an earlier run knew, in a file in the data directory.
//!
//! The file only saves time: a node that cannot read it asks its peers for others. So a start never fails because of it.

use std::io;
use std::path::Path;

use p2p::KnownPeer;
use serde::{Deserialize, Serialize};

use crate::system::causes::with_causes;
use crate::system::files;
use crate::system::private_file;

/// File name in the data directory.
const FILE: &str = "known-peers.json";

/// The largest file that is read: all peers that the network remembers need less.
const MAX_BYTES: u64 = 4 << 20;

/// Seconds by which a clock may be set back without a warning. A node seldom restarts within them.
const TOLERANCE: i64 = 5;

/// A peer in the file.
#[derive(Serialize, Deserialize)]
struct Entry {
    id: String,
    addresses: Vec<String>,
    reached: bool,
    last_seen: Option<u64>,
    failures: u32,
    banned_until: Option<u64>,
}

/// Reads the peers in a data directory. Those that cannot be read are left out.
pub(super) fn read(directory: &Path) -> Vec<KnownPeer> {
    match read_file(&directory.join(FILE)) {
        Ok(entries) => entries.iter().filter_map(Entry::peer).collect(),
        Err(error) => {
            tracing::warn!("p2p: ignoring {FILE}, peers must be found anew: {}", with_causes(&error));
            Vec::new()
        }
    }
}

/// A warning if the clock was set back since a peer was last seen. A run counts its payments from the clock's time on, and peers
/// ignore counts below those that they remember.
pub(super) fn clock_doubt(peers: &[KnownPeer], now: i64) -> Option<String> {
    let last = peers.iter().filter_map(|peer| peer.last_seen).max()?;
    let behind = i64::try_from(last).ok()?.checked_sub(now).filter(|behind| *behind > TOLERANCE)?;
    Some(format!(
        "the clock of this machine was set back: a peer was last seen {behind} s in the future. Peers that remember this \
         node may ignore the payments of this run; set the clock and start again"
    ))
}

fn read_file(path: &Path) -> io::Result<Vec<Entry>> {
    match files::read_up_to(path, MAX_BYTES)? {
        Some(text) => Ok(serde_json::from_slice(&text)?),
        None => Ok(Vec::new()),
    }
}

/// Replaces the file.
///
/// # Errors
///
/// The system's error.
pub(super) fn write(directory: &Path, peers: &[KnownPeer]) -> io::Result<()> {
    let entries: Vec<Entry> = peers.iter().map(Entry::of).collect();
    let mut text = serde_json::to_vec(&entries)?;
    text.push(b'\n');
    private_file::replace(&directory.join(FILE), &text)
}

impl Entry {
    fn of(peer: &KnownPeer) -> Self {
        let KnownPeer { id, addresses, reached, last_seen, failures, banned_until } = peer;
        let addresses = addresses.iter().map(ToString::to_string).collect();
        let (reached, last_seen, failures) = (*reached, *last_seen, *failures);
        Self { id: id.to_string(), addresses, reached, last_seen, failures, banned_until: *banned_until }
    }

    fn peer(&self) -> Option<KnownPeer> {
        Some(KnownPeer {
            id: self.id.parse().ok()?,
            addresses: self.addresses.iter().filter_map(|address| address.parse().ok()).collect(),
            reached: self.reached,
            last_seen: self.last_seen,
            failures: self.failures,
            banned_until: self.banned_until,
        })
    }
}

#[cfg(test)]
mod tests {
    use p2p::PeerId;

    use super::*;

    fn peer() -> KnownPeer {
        KnownPeer {
            id: PeerId::random(),
            addresses: vec!["/ip4/10.0.0.7/tcp/6000".parse().unwrap()],
            reached: true,
            last_seen: Some(1_795_399_104),
            failures: 3,
            banned_until: None,
        }
    }

    #[test]
    fn peers_read_back_and_replace_the_file() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(read(directory.path()), []);
        let (one, other) = (peer(), KnownPeer { banned_until: Some(7), last_seen: None, ..peer() });
        write(directory.path(), std::slice::from_ref(&one)).unwrap();
        write(directory.path(), &[one.clone(), other.clone()]).unwrap();
        assert_eq!(read(directory.path()), [one, other]);
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn clock_that_was_set_back_is_reported() {
        let seen = |last_seen| KnownPeer { last_seen, ..peer() };
        let peers = [seen(None), seen(Some(1_000)), seen(Some(900))];
        for (now, behind) in
            [(i64::MAX, None), (1_000, None), (995, None), (994, Some(6)), (-10, Some(1_010))]
        {
            let told = clock_doubt(&peers, now);
            assert_eq!(told.is_some(), behind.is_some(), "{now}");
            assert!(told.is_none_or(|told| told.contains(&format!(" {} s in the future", behind.unwrap()))));
        }
        assert_eq!(clock_doubt(&[seen(None)], 0), None);
        assert_eq!(clock_doubt(&[seen(Some(u64::MAX))], 0), None, "no such time");
    }

    #[test]
    fn damaged_file_holds_no_peers() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(FILE);
        for text in ["", "[", "{}", r#"[{"id": 7}]"#] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(read(directory.path()), [], "{text}");
        }
        let bad = r#"[{"id": "x", "addresses": [], "reached": true, "last_seen": null, "failures": 0, "banned_until": null}]"#;
        std::fs::write(&path, bad).unwrap();
        assert_eq!(read(directory.path()), []);
    }
}
