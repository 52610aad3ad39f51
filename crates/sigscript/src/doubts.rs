//! Warns about payments that a node would refuse or the payer regret: swapped arguments, invalid amounts.

use ledger_core::Amount;
use wallet::{AddressError, PublicKey, is_private_key};

use crate::cli::Payment;
use crate::failure::Failure;

/// The start of any base64-encoded PEM, such as an address.
const ADDRESS: &str = "LS0tLS1CRUdJTi";

/// Refuses a private key where everybody will read it.
pub(crate) fn refuse_secrets(payment: &Payment) -> Result<(), Failure> {
    for (name, text, way_out) in [
        ("the sender", &payment.sender, "give the address there, which `sigscript --address` prints"),
        ("the recipient", &payment.recipient, "give the recipient's address there"),
        ("the amount", &payment.amount, "give SENDER RECIPIENT AMOUNT in this order, and the key after them"),
    ] {
        if is_private_key(text) {
            return Err(Failure::Secret(name, way_out));
        }
    }
    Ok(())
}

/// Reasons why a node will refuse the payment, or the payer will regret it.
pub(crate) fn of(payment: &Payment, own: &PublicKey) -> Vec<String> {
    [about_sender(payment, own), about_recipient(payment), about_amount(payment)]
        .into_iter()
        .flatten()
        .collect()
}

fn about_sender(payment: &Payment, own: &PublicKey) -> Option<String> {
    let is_own = |text: &str| PublicKey::parse(text).is_ok_and(|address| address.same_key(own));
    let problem = match PublicKey::parse(&payment.sender) {
        Ok(sender) if sender.same_key(own) => return None,
        _ if is_own(&payment.recipient) => {
            "the recipient is this key's address, and the sender is not: swap the two".to_owned()
        }
        Ok(_) => {
            "the sender is the address of another key; `sigscript --address` prints this key's".to_owned()
        }
        Err(AddressError::NotBase64) => {
            "the sender is not an address; `sigscript --address` prints this key's".to_owned()
        }
        Err(error) => format!("the sender is not an address ({error})"),
    };
    Some(format!("{problem}; a node will refuse this signature"))
}

/// Any text may be a recipient, but one that starts like an address should be valid.
fn about_recipient(payment: &Payment) -> Option<String> {
    if !payment.recipient.trim_start().starts_with(ADDRESS) {
        return None;
    }
    let error = PublicKey::parse(&payment.recipient).err()?;
    Some(format!(
        "the recipient looks like an address but is not one ({error}); nobody could spend what it gets"
    ))
}

fn about_amount(payment: &Payment) -> Option<String> {
    let text = &payment.amount;
    let error = Amount::from(text.as_str()).check_payable().err()?;
    // A JSON number is signed as Python prints it.
    let is_number = Amount::from_json(text)
        .is_ok_and(|amount| amount.check_payable().is_ok() && amount.to_string() == *text);
    if is_number {
        return None;
    }
    if Amount::from(payment.recipient.as_str()).check_payable().is_ok() {
        return Some(format!(
            "{error}; the recipient is a number: are the two swapped? A node will refuse this payment"
        ));
    }
    Some(format!("{error}; a node will refuse this payment"))
}
