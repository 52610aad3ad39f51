//! Wallets and signed payments.

use std::sync::LazyLock;

use ledger_core::{Amount, Transaction};
use serde_json::{Value, json};
use wallet::Wallet;

/// A payment as it is sent. The amount is raw JSON, which keeps its spelling.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) sender: String,
    pub(crate) recipient: String,
    pub(crate) amount: String,
    pub(crate) signature: String,
}

/// The usual payer.
pub(crate) fn alice() -> &'static Wallet {
    static ALICE: LazyLock<Wallet> = LazyLock::new(|| Wallet::generate().unwrap());
    &ALICE
}

/// The wallet of mining nodes.
pub(crate) fn miner() -> &'static Wallet {
    static MINER: LazyLock<Wallet> = LazyLock::new(|| Wallet::generate().unwrap());
    &MINER
}

/// A payment of Alice's, signed as a Python client would.
pub(crate) fn pay(recipient: &str, amount: &str) -> Payment {
    let said = Amount::from_json(amount).map_or_else(|_| amount.to_owned(), |amount| amount.to_string());
    signed(alice(), recipient, amount, &said)
}

/// A payment with `said` as the signed amount.
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

    /// The body with one member changed, or removed for `None`.
    pub(crate) fn with(&self, member: &str, value: Option<Value>) -> String {
        let mut body: Value = serde_json::from_str(&self.json()).unwrap();
        match value {
            Some(value) => drop(body.as_object_mut().unwrap().insert(member.into(), value)),
            None => drop(body.as_object_mut().unwrap().remove(member)),
        }
        body.to_string()
    }

    /// The payment as pool and blocks hold it.
    pub(crate) fn transaction(&self) -> Transaction<'static> {
        let amount = Amount::from_json(&self.amount).unwrap();
        Transaction { amount, recipient: self.recipient.as_str().into(), sender: self.sender.clone().into() }
    }
}
