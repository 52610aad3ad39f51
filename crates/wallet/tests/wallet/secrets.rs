//! Private keys are distinguished from texts that may be published.

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use wallet::is_private_key;

use crate::fixtures::{alice, alice_address, forms};

/// Public keys, and texts that only have a member named like a private number.
const PUBLIC: [&str; 4] = [
    r#"{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "of a test"}"#,
    r#"{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": "and so on"}"#,
    "<RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>",
    "<A>1</A> <B>2</B> <C>3</C> <D>4</D> <E>5</E>",
];

/// The forms in which people paste a text into a payment.
fn carried(text: &str) -> Vec<String> {
    let base64 = BASE64_STANDARD.encode(text);
    let wrapped = base64.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect::<Vec<_>>();
    vec![
        text.to_owned(),
        text.replace('\n', "\r\n"),
        text.replace('\n', "\\n"),
        text.replace('\n', " "),
        text.replace(' ', "%20").replace('\n', "%0A"),
        text.bytes().map(|byte| format!("{byte:02X}")).collect(),
        base64.clone(),
        wrapped.join("\n"),
        BASE64_URL_SAFE_NO_PAD.encode(text),
        BASE64_STANDARD.encode(&base64),
        format!("\"{base64}\""),
        format!("SECRET={base64}"),
        // Copied without the first or the last characters.
        base64[1..].to_owned(),
        base64[2..].to_owned(),
        base64[3..base64.len() - 30].to_owned(),
    ]
}

#[test]
fn private_pem_is_recognised_in_every_disguise() {
    let pems = forms("private").into_iter().chain(forms("foreign")).filter_map(|(name, file)| {
        let text = String::from_utf8(file).ok()?;
        text.contains("PRIVATE KEY").then_some((name, text))
    });
    let mut count = 0;
    for (name, pem) in pems {
        for text in carried(&pem) {
            assert!(is_private_key(&text), "{name}: {text}");
        }
        count += 1;
    }
    assert!(count >= 10, "{count} forms");
}

#[test]
fn other_private_keys_are_recognised() {
    for name in ["jwk", "dotnet_xml", "pkcs1_der", "pkcs8_der"] {
        let file = crate::fixtures::form("private", name);
        assert!(is_private_key(&BASE64_STANDARD.encode(&file)), "{name}");
        let hex: String = file.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(
            !name.ends_with("der") || is_private_key(&hex) && is_private_key(&hex.to_uppercase()),
            "{name}"
        );
        if let Ok(text) = str::from_utf8(&file) {
            assert!(is_private_key(text), "{name}");
        }
    }
    for name in ["putty_2", "putty_3", "openpgp"] {
        assert!(is_private_key(str::from_utf8(&crate::fixtures::form("foreign", name)).unwrap()), "{name}");
    }
}

/// Keys of elliptic curves are short (RFC 8410, section 10.3).
#[test]
fn short_private_key_is_recognised_in_hex_and_base64() {
    let key = [&b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20"[..], &[7; 32]].concat();
    let hex: Vec<String> = key.iter().map(|byte| format!("{byte:02x}")).collect();
    for text in [BASE64_STANDARD.encode(&key), hex.concat(), hex.join(":"), hex.join(" ")] {
        assert!(is_private_key(&text), "{text}");
    }
}

#[test]
fn public_texts_are_not_private_keys() {
    let address = alice_address().to_string();
    let signature = alice().sign(b"message").unwrap().into_string();
    let long = "A".repeat(5000);
    let texts = ["", "bob", "PRIVATE KEY", "my PRIVATE KEY is not here", &address, &signature, &long];
    for text in texts.into_iter().chain(PUBLIC) {
        assert!(!is_private_key(text), "{text}");
    }
    for (name, file) in forms("public") {
        assert!(!is_private_key(&BASE64_STANDARD.encode(&file)), "{name}");
        assert!(
            str::from_utf8(&file).is_ok_and(|text| !is_private_key(text)) || name.ends_with("der"),
            "{name}"
        );
    }
}

#[test]
fn wrapped_secret_is_recognised() {
    let secret = alice().secret();
    let lines: Vec<&str> = secret.as_bytes().chunks(8).map(|line| str::from_utf8(line).unwrap()).collect();
    for end in ["\n", "\r\n", "\\n", "\\\n", " "] {
        assert!(is_private_key(&format!("SECRET: {}", lines.join(end))), "{end:?}");
    }
}
