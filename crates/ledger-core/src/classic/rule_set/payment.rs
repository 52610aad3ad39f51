//! Payments as users send them and stores keep them.

use crate::amount::Amount;
use crate::classic::payment::{SignedTransaction, Transaction};
use crate::payment::SignedPayment;
use crate::seam::{Member, PaymentError, PaymentForm};

/// The members that a user sends (tutorial, section 4.2).
pub(super) const FORM: PaymentForm = PaymentForm {
    members: &["sender", "recipient", "amount", "signature"],
    read: &[
        Member { name: "recipient", shown: Some("an address or a name") },
        Member { name: "amount", shown: Some("a number") },
        Member { name: "sender", shown: None },
        Member { name: "signature", shown: None },
    ],
    signer: "sender",
    example: r#"{"sender": "LS0t…", "recipient": "bob", "amount": 5, "signature": "R0fR…"}"#,
};

/// Builds a payment from the JSON of its members. Reads them in the order of the form's `read`, up to the first wrong one.
pub(super) fn of_members<'m>(
    member: &dyn Fn(&str) -> Option<&'m str>,
) -> Result<SignedPayment, PaymentError> {
    let json = |name| member(name).unwrap_or("null");
    let recipient = text("recipient", json("recipient"))?;
    let amount = Amount::from_json(json("amount"))?;
    amount.check_payable()?;
    let sender = text("sender", json("sender"))?;
    let signature = text("signature", json("signature"))?;
    let transaction = Transaction { amount, recipient: recipient.into(), sender: sender.into() };
    Ok(SignedTransaction::new(transaction, signature)?.into())
}

/// Builds a payment from its text and signature.
pub(super) fn of_text(payment: &str, signature: &str) -> Result<SignedPayment, PaymentError> {
    let transaction = Transaction::from_json(payment.as_bytes())?.into_owned();
    Ok(SignedTransaction::new(transaction, signature.to_owned())?.into())
}

/// Reads a member that must be a text.
fn text(name: &'static str, json: &str) -> Result<String, PaymentError> {
    if !json.starts_with('"') {
        return Err(PaymentError::NoText(name));
    }
    match json.get(1..json.len() - 1) {
        // Most texts have no escapes: they are what is between the quotes.
        Some(text) if json.ends_with('"') && is_plain(text) => Ok(text.to_owned()),
        _ => {
            serde_json::from_str(json).map_err(|error| PaymentError::Text { name, error: error.to_string() })
        }
    }
}

/// Whether a text needs no escapes in JSON.
fn is_plain(text: &str) -> bool {
    // No early exit: the compiler then vectorises the loop.
    !text.bytes().fold(false, |found, byte| found | (byte < b' ') | (byte == b'"') | (byte == b'\\'))
}
