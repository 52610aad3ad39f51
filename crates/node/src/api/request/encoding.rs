//! Strict URL encoding (RFC 3986, section 2.1): each `%` needs two hex digits, and the decoded bytes must be UTF-8.
//!
//! Flask and actix replace or keep ill-formed parts. Here a path may name an address with money, and two addresses
//! must never be read as one.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Path;
use actix_web::{FromRequest, HttpRequest};

use crate::api::ApiError;

/// Maximum characters of a request that a refusal shows.
const SHOWN: usize = 12;

/// The parameter in a path, decoded.
#[derive(Debug)]
pub(in crate::api) struct PathText(pub(in crate::api) String);

impl FromRequest for PathText {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if let Err(error) = check("path", request.uri().path()) {
            return ready(Err(error.into()));
        }
        let text = Path::<String>::from_request(request, payload).into_inner();
        ready(text.map(|text| Self(text.into_inner())))
    }
}

/// Checks the encoding of a request's path or query.
///
/// # Errors
///
/// [`ApiError::Bad`] with the first ill-formed position.
pub(super) fn check(part: &str, raw: &str) -> Result<(), ApiError> {
    // Most texts have nothing to decode.
    if raw.is_ascii() && !raw.contains('%') {
        return Ok(());
    }
    let bytes = decode(raw).map_err(|at| {
        let hint = "needs two hex digits after it; write %25 for the sign itself";
        ApiError::Bad(format!("the {part} is ill-formed: the % of {:?} {hint}", shown(raw, at)))
    })?;
    let Err(error) = std::str::from_utf8(&bytes) else { return Ok(()) };
    let at = raw_position(raw, error.valid_up_to());
    Err(ApiError::Bad(format!(
        "the {part} is ill-formed: {:?} is not UTF-8; encode the text as UTF-8, then each byte as % and two hex digits",
        shown(raw, at)
    )))
}

/// Decodes a text. Fails with the position of the first `%` without two hex digits.
fn decode(raw: &str) -> Result<Vec<u8>, usize> {
    let (mut bytes, mut rest) = (Vec::with_capacity(raw.len()), raw.as_bytes());
    while let [first, after @ ..] = rest {
        let (byte, after) = match (first, after) {
            (b'%', after) => escape(after).ok_or(raw.len() - rest.len())?,
            _ => (*first, after),
        };
        bytes.push(byte);
        rest = after;
    }
    Ok(bytes)
}

/// Reads two hex digits. Returns their byte and the rest.
fn escape(digits: &[u8]) -> Option<(u8, &[u8])> {
    let [high, low, after @ ..] = digits else { return None };
    Some((hex(*high)? << 4 | hex(*low)?, after))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Where a decoded byte begins in the raw text.
fn raw_position(raw: &str, decoded: usize) -> usize {
    let mut at = 0;
    for _ in 0..decoded {
        at += if raw.as_bytes()[at] == b'%' { 3 } else { 1 };
    }
    at
}

/// The first characters of the text from a position on.
fn shown(raw: &str, at: usize) -> String {
    raw.get(at..).unwrap_or_default().chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(raw: &str) -> Option<String> {
        check("path", raw).err().map(|error| error.to_string())
    }

    #[test]
    fn well_formed_texts_pass() {
        for raw in
            ["", "/chain", "/addresses/Zo%C3%AB%20%26%25", "/a%00", "/%F0%9f%A6%80", "/%7f%ED%9F%BF", "/Zoë"]
        {
            assert_eq!(refusal(raw), None, "{raw}");
        }
    }

    #[test]
    fn ill_formed_escapes_are_shown() {
        for (raw, at) in
            [("/a%", "%"), ("/a%a", "%a"), ("/a%zz", "%zz"), ("/%25%2", "%2"), ("/%+1", "%+1"), ("/%é", "%é")]
        {
            let says = refusal(raw).unwrap_or_default();
            assert!(says.contains(&format!("{at:?} needs")), "{raw}: {says}");
        }
    }

    #[test]
    fn invalid_utf8_is_shown() {
        for (raw, at) in [
            ("/a%ff", "%ff"),
            ("/%C3%ABx%c3%28", "%c3%28"),
            ("/%c0%af", "%c0%af"),
            ("/%e0%80%af", "%e0%80%af"),
            ("/%ed%a0%80", "%ed%a0%80"),
            ("/%f4%90%80%80", "%f4%90%80%80"),
            ("/x%e2%82", "%e2%82"),
            ("/%80", "%80"),
        ] {
            let says = refusal(raw).unwrap_or_default();
            assert!(says.contains(&format!("{at:?} is not UTF-8")), "{raw}: {says}");
        }
    }
}
