//! A payment in the network's form: its text and its signature, in JSON.

use std::borrow::Cow;

use bytes::Bytes;
use ledger_core::seam::RuleSet;
use ledger_core::{SignedPayment, VerifiedPayment, canonical};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Relayed<'a> {
    #[serde(borrow)]
    payment: &'a RawValue,
    #[serde(borrow)]
    signature: Cow<'a, str>,
}

/// Writes a payment for other nodes.
pub(super) fn write(payment: &VerifiedPayment) -> Bytes {
    let (text, signature) = (payment.text(), canonical::string_text(payment.signature()));
    format!("{{\"payment\": {text}, \"signature\": {signature}}}").into()
}

/// Reads a payment that another node sent. `None` if no node would send it in this form.
pub(super) fn read(rules: &dyn RuleSet, data: &[u8]) -> Option<SignedPayment> {
    let Relayed { payment: text, signature } = serde_json::from_slice(data).ok()?;
    let payment = rules.stored_payment(text.get(), &signature).ok()?;
    // Nodes send canonical texts. Another layout would give one payment many messages.
    (payment.text() == text.get()).then_some(payment)
}

#[cfg(test)]
mod tests {
    use ledger_core::seam::Options;
    use ledger_core::{Difficulty, RULE_SETS, SignedTransaction, Transaction};

    use super::*;

    fn rules() -> std::sync::Arc<dyn RuleSet> {
        (RULE_SETS[0].make)(&Options::new(Difficulty::default(), 1_u64.into())).unwrap()
    }

    fn payment() -> SignedPayment {
        let transaction =
            Transaction { amount: "0.50".into(), recipient: "bób".into(), sender: "alice".into() };
        SignedTransaction::new(transaction, "c2ln".into()).unwrap().into()
    }

    #[test]
    fn relayed_payment_reads_back() {
        let verified = payment().verify_with(|_, _| Ok::<(), ()>(())).unwrap();
        assert_eq!(read(&*rules(), &write(&verified)), Some(payment()));
    }

    #[test]
    fn messages_that_no_node_sends_are_refused() {
        let good =
            r#"{"payment": {"amount": 5, "recipient": "bob", "sender": "alice"}, "signature": "c2ln"}"#;
        assert!(read(&*rules(), good.as_bytes()).is_some());
        for (from, to) in [
            ("\"amount\": 5", "\"amount\": 0"),
            ("\"amount\": 5", "\"amount\":5"),
            ("\"amount\": 5", "\"amount\": 5, \"fee\": 1"),
            ("alice", "0"),
            ("\"c2ln\"", "7"),
            ("\"signature\"", "\"proof\""),
            ("}}", ""),
        ] {
            let bad = good.replacen(from, to, 1);
            assert!(bad == good || read(&*rules(), bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(read(&*rules(), &good.as_bytes()[1..]).is_none());
    }
}
