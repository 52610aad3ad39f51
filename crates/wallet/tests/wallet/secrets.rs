//! Private keys are told from what may be published.

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use wallet::is_private_key;

use crate::fixtures::{alice, alice_address, forms};

/// The ways in which people carry a text in one member of a payment.
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
        // What is left when the first or the last characters were not copied.
        base64[1..].to_owned(),
        base64[2..].to_owned(),
        base64[3..base64.len() - 30].to_owned(),
    ]
}

#[test]
fn pem_of_a_private_key_is_told_however_it_is_carried() {
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
fn other_private_keys_are_told() {
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

#[test]
fn what_may_be_published_is_no_private_key() {
    let address = alice_address().to_string();
    let signature = alice().sign(b"message").unwrap().into_string();
    for text in
        ["", "bob", "PRIVATE KEY", "my PRIVATE KEY is not here", &address, &signature, &"A".repeat(5000)]
    {
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
