//! Keys of addresses in the index of payments, with a cache of recent ones.
//!
//! The index stores 64 bits of a key; a few billion attempts find two addresses that share them. So memory keeps another
//! 64 bits, which tell them apart.
//!
//! Nanoseconds to look up an address of 600 characters, with all addresses looked up equally often. For comparison: buckets
//! of two slots, and the crate `quick_cache`. Hashing takes 350.
//!
//! | addresses | four slots | two slots | `quick_cache` |
//! |---|---|---|---|
//! | 10 | 10 | 10 | 28 |
//! | 200 | 17 | 18 | 36 |
//! | 1,000 | 28 | 39 | 49 |
//! | 2,000 | 41 | 65 | 56 |
//! | 5,000 | 84 | 118 | 63 |
//! | 20,000 | 424 | 431 | 496 |

use ledger_core::BlockHash;

/// Cached keys: room for the thousands of addresses in a stretch of a chain.
const SLOTS: usize = 1 << 13;

/// Fewest cached keys, if many caches share the space.
const FEWEST: usize = 1 << 8;

/// Slots of a bucket.
const WAYS: usize = 4;

/// Fewest bytes of an address to cache: a shorter one is hashed in one step (FIPS 180-4).
const SHORTEST: usize = 56;

/// Maximum bytes of a cached address, so that all together take at most 8 MiB.
const LONGEST: usize = 1024;

/// The first 16 bytes of an address's SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// The first half, stored in the index.
    pub(crate) index: i64,
    /// The second half, never stored.
    pub(crate) rest: u64,
}

/// A cache of keys. Each address belongs to a bucket of four slots, the latest in front, so a look-up never costs much more
/// than hashing.
#[derive(Debug)]
pub(crate) struct Keys {
    slots: Vec<Option<(Box<str>, Key)>>,
    /// Computes a key. Tests replace it to force collisions.
    make: fn(&str) -> Key,
}

impl Keys {
    /// A cache that shares its space with others.
    pub(crate) fn shared_by(users: usize) -> Self {
        let slots = SLOTS / users.max(1).next_power_of_two();
        Self { slots: vec![None; slots.max(FEWEST)], make: key }
    }

    /// Replaces the computation of keys.
    #[cfg(test)]
    pub(crate) fn made_by(make: fn(&str) -> Key) -> Self {
        Self { make, ..Self::default() }
    }

    /// The key of an address.
    pub(crate) fn of(&mut self, address: &str) -> Key {
        if !(SHORTEST..=LONGEST).contains(&address.len()) {
            return (self.make)(address);
        }
        let begin = slot(address.as_bytes(), self.slots.len()) / WAYS * WAYS;
        let bucket = &mut self.slots[begin..begin + WAYS];
        for at in 0..WAYS {
            if let Some((known, key)) = &bucket[at]
                && **known == *address
            {
                let key = *key;
                bucket[..=at].rotate_right(1);
                return key;
            }
        }
        let key = (self.make)(address);
        bucket.rotate_right(1);
        bucket[0] = Some((address.into(), key));
        key
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::shared_by(1)
    }
}

/// The key of an address.
pub(crate) fn key(address: &str) -> Key {
    let hash = BlockHash::of_text(address);
    let (first, others) = hash.as_bytes().split_first_chunk().expect("a hash has 32 bytes");
    let (second, _) = others.split_first_chunk().expect("a hash has 32 bytes");
    Key { index: i64::from_be_bytes(*first), rest: u64::from_be_bytes(*second) }
}

/// The slot of an address, in a table whose size is a power of two. Uses two words from the address's middle: all
/// addresses start and end with the armour of a public key.
fn slot(address: &[u8], slots: usize) -> usize {
    let word = |at: usize| {
        let bytes = address[at..].first_chunk().expect("a cached address is long enough");
        u64::from_le_bytes(*bytes)
    };
    let mixed = word(address.len() / 2) ^ word(address.len() / 3).rotate_left(29);
    let spread = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15); // 2^64 over the golden ratio: Fibonacci hashing
    (spread >> (64 - slots.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: usize, length: usize) -> String {
        format!("{number:0>length$}")
    }

    #[test]
    fn every_key_is_the_start_of_the_hash_even_if_cached() {
        for mut keys in [1, 3, 1_000].map(Keys::shared_by) {
            for length in [0, 1, SHORTEST - 1, SHORTEST, 600, LONGEST, LONGEST + 1] {
                for number in (0..3_000).chain(0..3_000) {
                    let address = address(number, length);
                    assert_eq!(keys.of(&address), key(&address));
                }
            }
        }
    }

    #[test]
    fn addresses_of_one_bucket_keep_their_own_keys() {
        // They differ only at the end, which does not affect the bucket.
        let (mut keys, alike) = (Keys::default(), |number| address(number, 600));
        for number in [1, 2, 3, 1, 2, 3, 3, 1, 1] {
            assert_eq!(keys.of(&alike(number)), key(&alike(number)));
        }
    }

    #[test]
    fn users_share_the_space() {
        let slots = |users| Keys::shared_by(users).slots.len();
        assert_eq!([0, 1, 2, 3, 4, 32, 33, 1_000].map(slots), [8192, 8192, 4096, 2048, 2048, 256, 256, 256]);
    }

    thread_local! {
        static MADE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }

    fn counted(address: &str) -> Key {
        MADE.set(MADE.get() + 1);
        key(address)
    }

    #[test]
    fn bucket_has_four_slots_and_follows_from_the_middle() {
        // They differ in the word that begins at a half or at a third of their length.
        for offset in [300, 200] {
            let mut keys = Keys::made_by(counted);
            let fours = (0..8).flat_map(|number| {
                ['a', 'b', 'c', 'd'].map(|end| {
                    let word = format!("{:08}", number * 7_654_321);
                    format!("{}{word}{}{end}", "x".repeat(offset), "y".repeat(600 - offset - 9))
                })
            });
            let fours: Vec<String> = fours.collect();
            MADE.set(0);
            for _ in 0..3 {
                fours.iter().for_each(|address| assert_eq!(keys.of(address), key(address)));
            }
            assert_eq!(MADE.get(), fours.len(), "each key is computed once");
        }
    }

    #[test]
    fn full_bucket_drops_the_key_used_longest_ago() {
        let mut keys = Keys::made_by(counted);
        let mut made = |numbers: &[usize]| {
            MADE.set(0);
            for &number in numbers {
                keys.of(&address(number, 600));
            }
            MADE.get()
        };
        assert_eq!(made(&[1, 2, 3, 4, 1, 5]), 5);
        assert_eq!(made(&[1, 3, 4, 5]), 0);
        assert_eq!(made(&[2]), 1);
    }
}
