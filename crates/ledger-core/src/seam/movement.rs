//! Who pays whom how much.

use std::borrow::Cow;

use crate::amount::Amount;

/// Who pays whom how much: what an index by address needs from a payment. A payer or payee that is not an address is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement<'a> {
    /// Who pays. A classic reward has the payer `0`, as the tutorial writes it.
    pub payer: Option<Cow<'a, str>>,
    /// Who is paid.
    pub payee: Option<Cow<'a, str>>,
    /// How much.
    pub amount: Amount<'a>,
}

impl Movement<'_> {
    /// Copies borrowed texts.
    #[must_use]
    pub fn into_owned(self) -> Movement<'static> {
        let own = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        Movement { payer: own(self.payer), payee: own(self.payee), amount: self.amount.into_owned() }
    }
}
