//! Wallets and signed payments.

use std::sync::LazyLock;

use ledger_core::{Amount, Transaction};
use serde_json::{Value, json};
use wallet::Wallet;

/// A payment as it is sent; its amount is JSON as it stands, so that nothing changes its spelling.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) sender: String,
    pub(crate) recipient: String,
    pub(crate) amount: String,
    pub(crate) signature: String,
}

/// Who pays.
pub(crate) fn alice() -> &'static Wallet {
    static ALICE: LazyLock<Wallet> = LazyLock::new(|| Wallet::generate().unwrap());
    &ALICE
}

/// Whose nodes mine.
pub(crate) fn miner() -> &'static Wallet {
    static MINER: LazyLock<Wallet> = LazyLock::new(|| Wallet::generate().unwrap());
    &MINER
}

/// Alice pays, and signs as a Python client would.
pub(crate) fn pay(recipient: &str, amount: &str) -> Payment {
    let said = Amount::from_json(amount).map_or_else(|_| amount.to_owned(), |amount| amount.to_string());
    signed(alice(), recipient, amount, &said)
}

/// A payment whose amount is signed as `said`.
pub(crate) fn signed(payer: &Wallet, recipient: &str, amount: &str, said: &str) -> Payment {
    let sender = payer.address().to_string();
    let signature = payer.sign(format!("{sender}{recipient}{said}").as_bytes()).unwrap();
    let (recipient, amount, signature) = (recipient.into(), amount.into(), signature.into_string());
    Payment { sender, recipient, amount, signature }
}

impl Payment {
    pub(crate) fn json(&self) -> String {
        let [sender, recipient, signature] =
            [&self.sender, &self.recipient, &self.signature].map(|text| json!(text).to_string());
        let amount = &self.amount;
        format!(
            r#"{{"sender": {sender}, "recipient": {recipient}, "amount": {amount}, "signature": {signature}}}"#
        )
    }

    /// The body with one member changed, or without it.
    pub(crate) fn with(&self, member: &str, value: Option<Value>) -> String {
        let mut body: Value = serde_json::from_str(&self.json()).unwrap();
        match value {
            Some(value) => drop(body.as_object_mut().unwrap().insert(member.into(), value)),
            None => drop(body.as_object_mut().unwrap().remove(member)),
        }
        body.to_string()
    }

    /// What it looks like in a pool or a block.
    pub(crate) fn transaction(&self) -> Transaction<'static> {
        let amount = Amount::from_json(&self.amount).unwrap();
        Transaction { amount, recipient: self.recipient.as_str().into(), sender: self.sender.clone().into() }
    }
}
