//! Keys with named numbers: JWK (RFC 7518, section 6.3), as exported by browsers, and .NET's XML (`RSAKeyValue`,
//! XML Signature, section 4.5.2.2).

use zeroize::Zeroizing;

use super::base64;
use super::key::Key;
use crate::{KeyError, KeyForm, numbers};

/// Reads such a key; `None` for any other text.
pub(super) fn read(text: &str) -> Option<Result<Key, KeyError>> {
    let text = text.trim();
    if let Some(kind) = jwk_member(text, "kty") {
        let key = match kind {
            "RSA" => key(["n", "e", "d", "p", "q"].map(|name| jwk_member(text, name))),
            "EC" => Err(KeyForm::Algorithm("elliptic-curve").into()),
            "OKP" => Err(KeyForm::Algorithm("Ed25519 or X25519").into()),
            _ => Err(KeyForm::Algorithm("another one").into()),
        };
        return Some(key);
    }
    text.contains("<RSAKeyValue")
        .then(|| key(["Modulus", "Exponent", "D", "P", "Q"].map(|name| xml_element(text, name))))
}

/// Builds a key from its base64 numbers. Without private numbers it is a public key; the primes may be missing (RFC
/// 7518, section 6.3.2).
fn key([n, e, d, p, q]: [Option<&str>; 5]) -> Result<Key, KeyError> {
    let number = |text: Option<&str>| -> Result<Zeroizing<Vec<u8>>, KeyError> {
        base64::decode_body(text.ok_or(KeyError::Malformed)?)
    };
    let (n, e) = (number(n)?, number(e)?);
    if d.is_none() {
        return Ok(Key::Public(numbers::public(&n, &e)?));
    }
    let d = number(d)?;
    if p.is_none() && q.is_none() {
        return numbers::private_without_primes([&n, &e, &d]).map(Key::from);
    }
    let (p, q) = (number(p)?, number(q)?);
    numbers::private([&n, &e, &d, &p, &q]).map(Key::from)
}

/// The text of a member of a flat JSON object. A plain search is enough: base64 has no quotes and no escapes, and a
/// wrong match gives no key.
fn jwk_member<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let quoted = format!("\"{name}\"");
    let mut rest = json;
    while let Some((_, after)) = rest.split_once(&quoted) {
        if let Some(value) = after.trim_start().strip_prefix(':') {
            return value.trim_start().strip_prefix('"')?.split('"').next();
        }
        rest = after;
    }
    None
}

fn xml_element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = xml.split_once(&format!("<{name}>"))?;
    after.split('<').next()
}
