//! Senders and recipients.

use std::fmt;
use std::ops::Deref;

/// An address: any text that payments name as sender or recipient.
///
/// The tutorial's addresses are public keys (section 5.1), but its nodes pay to any text. The crate `wallet` reads keys.
///
/// # Examples
///
/// ```
/// use ledger_core::Address;
///
/// let bob = Address::from("bob");
/// assert_eq!(&*bob, "bob");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Box<str>);

/// Characters of an address that `Debug` shows.
const SHOWN: usize = 16;

impl Deref for Address {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Address {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0.into()
    }
}

/// Writes the whole text.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Shows the beginning: most addresses have hundreds of characters.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(f, "Address({:?}…)", &self.0[..end]),
            None => write!(f, "Address({:?})", &self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_is_its_text() {
        let bob = Address::from("bob");
        assert_eq!((bob.to_string(), format!("{bob:>5}")), ("bob".into(), "  bob".into()));
        assert_eq!(String::from(bob), "bob");
    }

    #[test]
    fn debug_shows_sixteen_characters() {
        assert_eq!(format!("{:?}", Address::from("ä".repeat(17))), format!("Address({:?}…)", "ä".repeat(16)));
        assert_eq!(format!("{:?}", Address::from("bob")), "Address(\"bob\")");
    }
}
