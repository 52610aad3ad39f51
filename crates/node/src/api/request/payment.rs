//! A payment sent by a user.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};

use ledger_core::SignedPayment;
use ledger_core::seam::{Member, RuleSet};
use wallet::{NotBase64, Signature, is_private_key};

use super::Members;
use crate::api::ApiError;

/// The name of the signature's member, the same for every rule set.
const SIGNATURE: &str = "signature";

/// A signature as JSON, and the reason to give if it is invalid.
type SignatureMember<'a> = Result<(Cow<'a, str>, Option<NotBase64>), NotBase64>;

/// Parses a payment in the rule set's form. Reads its signature like a Python node, and returns the reason to give
/// if the signature turns out invalid.
///
/// # Errors
///
/// [`ApiError`] with the first wrong member. No refusal shows a private key.
pub(in crate::api) fn read(
    body: &[u8],
    rules: &dyn RuleSet,
) -> Result<(SignedPayment, Option<NotBase64>), ApiError> {
    let form = rules.payment_form();
    let members = Members::parse(body, form.example)?;
    if !form.members.iter().all(|name| members.has(name)) {
        return Err(ApiError::MissingValues);
    }
    members.only(form.members)?;
    let (asked, signature) = (RefCell::new(Vec::new()), OnceCell::new());
    let payment = rules.payment(&|name| {
        asked.borrow_mut().extend(form.read.iter().find(|member| member.name == name));
        if name != SIGNATURE {
            return Some(members.json(name));
        }
        match signature.get_or_init(|| read_signature(&members)) {
            Some(Ok((json, _))) => Some(json),
            _ => Some(members.json(name)),
        }
    });
    for member in asked.into_inner() {
        check_no_private_key(&members, member)?;
    }
    let suspicion = match signature.into_inner().flatten().transpose() {
        Ok(signature) => signature.and_then(|(_, suspicion)| suspicion),
        Err(error) => return Err(ApiError::Bad(error.to_string())),
    };
    Ok((payment.map_err(|error| ApiError::Bad(error.to_string()))?, suspicion))
}

/// Reads the signature; `None` if it is not a text, which the rule set refuses.
fn read_signature<'a>(members: &'a Members<'_>) -> Option<SignatureMember<'a>> {
    let text = members.text(SIGNATURE).ok()?;
    let read = Signature::read(text.clone().into_owned());
    Some(read.map(|read| {
        let is_as_sent = matches!(&text, Cow::Borrowed(sent) if *sent == read.signature.as_str());
        // Standard base64 needs no JSON escapes.
        let json = if is_as_sent {
            Cow::Borrowed(members.json(SIGNATURE))
        } else {
            Cow::Owned(format!("\"{}\"", read.signature))
        };
        (json, read.suspicion)
    }))
}

/// Refuses a private key, which a block would publish.
fn check_no_private_key(members: &Members<'_>, member: &Member) -> Result<(), ApiError> {
    let (name, Some(expected)) = (member.name, member.shown) else { return Ok(()) };
    if !members.json(name).starts_with('"') || !members.text(name).is_ok_and(|text| is_private_key(&text)) {
        return Ok(());
    }
    Err(ApiError::Bad(format!(
        "{name} is a private key: never hand it out, whoever sees it can spend your money; \
         the {name} is {expected}, and this key should not be used again"
    )))
}

#[cfg(test)]
mod tests {
    use ledger_core::seam::Options;
    use ledger_core::{Difficulty, RULE_SETS};
    use serde_json::{Map, Value, json};
    use wallet::Wallet;

    use super::*;

    /// The refusal of a payment with these members. Without them it would be accepted.
    fn refusal(wrong: &[(&str, Value)]) -> String {
        let rules = (RULE_SETS[0].make)(&Options::new(Difficulty::default(), 1_u64.into())).unwrap();
        let mut members = Map::new();
        for (name, value) in [
            ("sender", json!("alice")),
            ("recipient", json!("bob")),
            ("amount", json!(5)),
            ("signature", json!("c2ln")),
        ] {
            members.insert(name.into(), value);
        }
        assert!(read(Value::from(members.clone()).to_string().as_bytes(), &*rules).is_ok());
        for (name, value) in wrong {
            members.insert((*name).into(), value.clone());
        }
        read(Value::from(members).to_string().as_bytes(), &*rules).unwrap_err().to_string()
    }

    #[test]
    fn refusals_come_in_the_order_of_the_checks() {
        let key = Wallet::generate().unwrap().to_pem().to_string();
        let wrong = [
            ("sender", json!("0"), "sender \"0\" stands for the mining reward"),
            ("signature", json!("?"), "signature is not base64"),
            ("signature", json!(1), "signature must be a text"),
            ("sender", json!(1), "sender must be a text"),
            ("amount", json!(key), "amount is a private key"),
            ("amount", json!(0), "amount must be greater than zero"),
            ("recipient", json!(key), "recipient is a private key"),
            ("recipient", json!(1), "recipient must be a text"),
            ("fee", json!(1), "unknown member \"fee\"; known members: sender, recipient, amount, signature"),
        ];
        // Each payment has one more error; the one that is checked first is reported.
        for count in 1..=wrong.len() {
            let members: Vec<_> =
                wrong[..count].iter().map(|(name, value, _)| (*name, value.clone())).collect();
            let refusal = refusal(&members);
            assert!(refusal.starts_with(wrong[count - 1].2), "{refusal}");
        }
    }
}
