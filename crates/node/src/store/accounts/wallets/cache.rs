//! Keeps the wallets up to date with the chain. Each read goes on where the last one ended, unless a reorg has replaced what
//! was read.

use std::sync::Arc;

use ledger_core::BlockHash;
use ledger_core::seam::RuleSet;
use rusqlite::Connection;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::sums::{Wallet, Wallets};
use crate::store::chain::blocks;
use crate::store::errors::StoreError;

/// Maximum number of blocks read at a time.
const MAX_BLOCKS: u32 = 512;

/// Maximum bytes of blocks read at a time, unless one block has more.
const MAX_BYTES: usize = 4 << 20;

/// The wallets that the chain names.
#[derive(Debug, Default)]
pub struct WalletCache(Arc<Mutex<State>>);

/// The wallets, for one reader at a time.
pub(crate) struct LockedWallets(OwnedMutexGuard<State>);

#[derive(Debug, Default)]
struct State {
    wallets: Wallets,
    /// The last block that is included, and its hash.
    upto: Option<(u64, BlockHash)>,
}

impl WalletCache {
    /// Waits until no other request reads the wallets. Waiting takes no thread and keeps no snapshot.
    pub(crate) async fn lock(&self) -> LockedWallets {
        LockedWallets(Arc::clone(&self.0).lock_owned().await)
    }
}

impl LockedWallets {
    /// Reads the next blocks, for a short time. Returns whether all blocks of the snapshot are included.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn advance(&mut self, snapshot: &Connection, rules: &dyn RuleSet) -> Result<bool, StoreError> {
        // Take the state: after an error or a panic a block may be half included, so the next read starts anew.
        let mut state = std::mem::take(&mut *self.0);
        if !state.is_of(snapshot)? {
            state = State::default();
        }
        let is_complete = state.advance(snapshot, rules)?;
        *self.0 = state;
        Ok(is_complete)
    }

    /// Up to `most` of the wallets that `is_meant` accepts, the largest balances first.
    pub(crate) fn find(&self, is_meant: impl Fn(&Wallet) -> bool, most: usize) -> Vec<Wallet> {
        let mut found: Vec<&Wallet> = self.0.wallets.all().filter(|wallet| is_meant(wallet)).collect();
        found.sort_by(|one, other| {
            let balances = other.balance().to_f64().total_cmp(&one.balance().to_f64());
            balances.then_with(|| one.fingerprint.cmp(&other.fingerprint))
        });
        found.into_iter().take(most).cloned().collect()
    }
}

impl State {
    /// Whether the chain still has the last block that is included.
    fn is_of(&self, snapshot: &Connection) -> Result<bool, StoreError> {
        match self.upto {
            Some((height, hash)) => Ok(blocks::hash_at(snapshot, height)? == Some(hash)),
            None => Ok(true),
        }
    }

    fn advance(&mut self, snapshot: &Connection, rules: &dyn RuleSet) -> Result<bool, StoreError> {
        let (mut height, last) = (self.upto.map_or(0, |(height, _)| height), blocks::length(snapshot)?);
        let read = blocks::texts(snapshot, height + 1, MAX_BLOCKS, MAX_BYTES)?;
        let mut texts = read.texts;
        if texts.is_empty() && height < last {
            texts.push(blocks::text_at(snapshot, rules, height + 1)?.into_bytes());
        }
        for text in texts {
            height += 1;
            let text =
                std::str::from_utf8(&text).map_err(|error| StoreError::damaged_by("a block", error))?;
            self.wallets.add(rules, height, text)?;
        }
        self.upto = blocks::hash_at(snapshot, height)?.map(|hash| (height, hash));
        Ok(height >= last)
    }
}

#[cfg(test)]
mod tests {
    use ledger_core::Transaction;
    use wallet::Wallet as Keys;

    use super::*;
    use crate::store::testing::{TestChain, rules, store};
    use crate::store::{Store, names};

    async fn read_all(cache: &WalletCache, store: &Store) -> Result<LockedWallets, StoreError> {
        let (mut cache, rules) = (cache.lock().await, rules());
        while !store.reading(|snapshot| cache.advance(snapshot, &*rules))? {}
        Ok(cache)
    }

    fn fund(chain: &mut TestChain, store: &mut Store, payments: Vec<Transaction<'static>>) {
        let block = chain.add(payments);
        store.append_and(block, |_| Ok(())).unwrap();
    }

    #[tokio::test]
    async fn wallets_have_what_they_mined_and_received() {
        let directory = tempfile::tempdir().unwrap();
        let (mut store, mut chain) = (store(directory.path()), TestChain::new());
        let keys = Keys::generate().unwrap();
        let address = keys.address().as_str().to_owned();
        let cache = WalletCache::default();
        fund(
            &mut chain,
            &mut store,
            vec![Transaction::reward("bob", 5_u64), Transaction::reward(address.clone(), 1_u64)],
        );
        read_all(&cache, &store).await.unwrap();
        fund(&mut chain, &mut store, vec![Transaction::reward(address.clone(), 2_u64)]);
        fund(
            &mut chain,
            &mut store,
            vec![Transaction::reward(address.clone(), 4_u64), Transaction::reward("bob", 1_u64)],
        );
        let found = read_all(&cache, &store).await.unwrap().find(|_| true, 10);
        let [wallet] = &found[..] else { panic!("bob is no wallet: {found:?}") };
        assert_eq!((&*wallet.address, wallet.first, wallet.mined), (&*address, 2, 2));
        assert_eq!(wallet.fingerprint, keys.address().fingerprint());
        assert_eq!(wallet.balance().to_string(), "7");
    }

    #[tokio::test]
    async fn blocks_before_a_damaged_one_are_counted_once() {
        let directory = tempfile::tempdir().unwrap();
        let (mut store, mut chain) = (store(directory.path()), TestChain::new());
        let address = Keys::generate().unwrap().address().to_string();
        for amount in [3_u64, 5] {
            fund(&mut chain, &mut store, vec![Transaction::reward(address.clone(), amount)]);
        }
        let change = |from: &str, to: &str| {
            let database = Connection::open(names::database(directory.path())).unwrap();
            let update = "UPDATE blocks SET text = replace(text, ?1, ?2) WHERE height = 3";
            assert_eq!(database.execute(update, [from, to]).unwrap(), 1);
        };
        let cache = WalletCache::default();
        change("\"amount\": 5", "\"amount\": 5e");
        assert!(read_all(&cache, &store).await.is_err());
        change("\"amount\": 5e", "\"amount\": 5");
        let found = read_all(&cache, &store).await.unwrap().find(|_| true, 10);
        assert_eq!((found[0].balance().to_string().as_str(), found[0].mined), ("8", 2));
    }

    #[tokio::test]
    async fn wallets_of_another_chain_are_read_again() {
        let directories = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let (address, cache) = (Keys::generate().unwrap().address().to_string(), WalletCache::default());
        for (directory, amount) in directories.iter().zip([3_u64, 5]) {
            let (mut store, mut chain) = (store(directory.path()), TestChain::new());
            fund(&mut chain, &mut store, vec![Transaction::reward(address.clone(), amount)]);
            let found = read_all(&cache, &store).await.unwrap().find(|_| true, 10);
            assert_eq!(found[0].balance().to_string(), amount.to_string());
        }
    }

    #[tokio::test]
    async fn block_longer_than_the_maximum_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let (mut store, mut chain) = (store(directory.path()), TestChain::new());
        let address = Keys::generate().unwrap().address().to_string();
        let long = Transaction::reward("x".repeat(MAX_BYTES), 1_u64);
        fund(&mut chain, &mut store, vec![Transaction::reward(address.clone(), 3_u64)]);
        fund(&mut chain, &mut store, vec![long, Transaction::reward(address, 5_u64)]);
        let (cache, rules) = (WalletCache::default(), rules());
        let mut wallets = cache.lock().await;
        let mut advance = || store.reading(|snapshot| wallets.advance(snapshot, &*rules)).unwrap();
        assert_eq!([(); 3].map(|()| advance()), [false, true, true]);
        let found = wallets.find(|_| true, 10);
        assert_eq!((found[0].balance().to_string().as_str(), found[0].mined), ("8", 2));
    }
}
