//! Fixtures: `signatures.json` is from the Python wallet, `keys.json` holds odd and hostile keys, and `forms.json` files
//! of other tools, most of them with the first key of the signatures.

use serde_json::Value;
use wallet::{PublicKey, Wallet};

/// Wallets and payments of the Python wallet.
pub(crate) fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("../data/signatures.json")).unwrap()
}

/// A member of the key fixtures, as (name, text) pairs.
pub(crate) fn keys(member: &str) -> Vec<(String, String)> {
    let all: Value = serde_json::from_str(include_str!("../data/keys.json")).unwrap();
    let entries = all[member].as_object().unwrap().iter();
    entries.map(|(name, key)| (name.clone(), key.as_str().unwrap().to_owned())).collect()
}

/// The key fixture with this name.
pub(crate) fn key(member: &str, name: &str) -> String {
    keys(member).into_iter().find(|(found, _)| found == name).unwrap().1
}

/// The first wallet of the vectors.
pub(crate) fn alice() -> Wallet {
    Wallet::from_secret(text(&vectors()[0], "secret_pkcs1")).unwrap()
}

/// The address of the first wallet of the vectors.
pub(crate) fn alice_address() -> PublicKey {
    PublicKey::parse(text(&vectors()[0], "address")).unwrap()
}

/// A text member.
pub(crate) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap()
}

/// The signed message of a payment: sender + recipient + Python's `str(amount)`.
pub(crate) fn message(payment: &Value) -> Vec<u8> {
    let amount = match &payment["amount"] {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => python_float(number.as_f64().unwrap()),
        other => other.to_string(),
    };
    [text(payment, "sender"), text(payment, "recipient"), &amount].concat().into_bytes()
}

/// Python's `repr` of the vectors' floats.
fn python_float(number: f64) -> String {
    if number == 1e16 { "1e+16".to_owned() } else { format!("{number:?}") }
}

/// Files of a group of forms, as (name, bytes) pairs.
pub(crate) fn forms(group: &str) -> Vec<(String, Vec<u8>)> {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let all: Value = serde_json::from_str(include_str!("../data/forms.json")).unwrap();
    let entries = all[group].as_object().unwrap().iter();
    entries
        .map(|(name, file)| (name.clone(), BASE64_STANDARD.decode(file.as_str().unwrap()).unwrap()))
        .collect()
}

/// The form with this name.
pub(crate) fn form(group: &str, name: &str) -> Vec<u8> {
    forms(group).into_iter().find(|(found, _)| found == name).unwrap().1
}
