//! The key of an address in the index of payments, without hashing what was hashed a moment ago.
//!
//! The index has room for 64 bits of it, and who tries some billion texts finds two that share them. So the next 64
//! bits tell apart in memory what the index does not.

use ledger_core::BlockHash;

/// How many keys are remembered: room for the thousands of addresses that share a stretch of a chain.
const SLOTS: usize = 1 << 13;

/// The fewest that are, when many share the room.
const FEWEST: usize = 1 << 8;

/// The fewest bytes of an address that is worth remembering: a shorter one is hashed in one step (FIPS 180-4).
const SHORTEST: usize = 56;

/// The most bytes of an address that is remembered, so that all together take at most 8 MiB.
const LONGEST: usize = 1024;

/// What an address is known by: the first 16 bytes of its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// The first half, which the index has.
    pub(crate) index: i64,
    /// The second half, which is never written.
    pub(crate) rest: u64,
}

/// The keys of the addresses met last. An address has a place of two slots, so which addresses come never
/// makes a look-up dearer than hashing.
#[derive(Debug)]
pub(crate) struct Keys {
    slots: Vec<Option<(Box<str>, Key)>>,
    /// How a key is made: another way in tests, where keys collide.
    make: fn(&str) -> Key,
}

impl Keys {
    /// As many keys as there is room for when so many others take as much.
    pub(crate) fn shared_by(users: usize) -> Self {
        let slots = SLOTS / users.max(1).next_power_of_two();
        Self { slots: vec![None; slots.max(FEWEST)], make: key }
    }

    /// Keys that are made in another way.
    #[cfg(test)]
    pub(crate) fn made_by(make: fn(&str) -> Key) -> Self {
        Self { make, ..Self::default() }
    }

    /// The key of an address.
    pub(crate) fn of(&mut self, address: &str) -> Key {
        if !(SHORTEST..=LONGEST).contains(&address.len()) {
            return (self.make)(address);
        }
        let first = slot(address.as_bytes(), self.slots.len());
        let second = first ^ 1;
        for at in [first, second] {
            if let Some((known, key)) = &self.slots[at]
                && **known == *address
            {
                return *key;
            }
        }
        let key = (self.make)(address);
        self.slots.swap(first, second);
        self.slots[first] = Some((address.into(), key));
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

/// An address's place among a power of two of them. Two words from its middle tell addresses apart, since all begin and
/// end alike: with the armour of a public key.
fn slot(address: &[u8], slots: usize) -> usize {
    let word = |at: usize| {
        let bytes = address[at..].first_chunk().expect("an address that is remembered is long enough");
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
    fn every_key_is_the_beginning_of_the_hash_however_often_it_is_asked_for() {
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
    fn addresses_that_share_a_place_keep_their_own_keys() {
        // They differ only in the end, where the place does not look.
        let (mut keys, alike) = (Keys::default(), |number| address(number, 600));
        for number in [1, 2, 3, 1, 2, 3, 3, 1, 1] {
            assert_eq!(keys.of(&alike(number)), key(&alike(number)));
        }
    }
}
