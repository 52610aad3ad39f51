//! Signature texts as people send them.

use wallet::{NotBase64, Signature};

use crate::fixtures::{alice, alice_address, form};

fn signature() -> String {
    alice().sign(b"message").unwrap().into_string()
}

#[test]
fn text_that_python_skips_is_skipped() {
    let text = signature();
    let wrapped = |width: usize, end: &str| {
        let lines =
            text.as_bytes().chunks(width).map(|line| format!("{}{end}", str::from_utf8(line).unwrap()));
        lines.collect::<String>()
    };
    for sent in [
        wrapped(64, "\n"),
        wrapped(76, "\r\n"),
        wrapped(1, " "),
        format!("\t{text}\n"),
        wrapped(60, "\u{b}\u{c}"),
    ] {
        let read = Signature::read(sent.clone()).unwrap();
        assert_eq!(read.signature.as_str(), text);
        assert_eq!(read.suspicion, None, "{sent:?}");
    }
    for sent in [format!("\"{text}\""), format!("{text}A"), format!("-{text}_"), wrapped(64, "\\\n")] {
        let read = Signature::read(sent.clone()).unwrap();
        assert_eq!(read.signature.as_str(), text);
        assert!(read.suspicion.is_some(), "{sent:?}");
    }
}

#[test]
fn invalid_base64_is_named() {
    let text = signature();
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let url_safe = text.replace('+', "-").replace('/', "_");
    assert_ne!(url_safe, text);
    let armoured = format!("-----BEGIN SIGNATURE-----\n{text}\n-----END SIGNATURE-----\n");
    for (sent, name) in [
        (String::new(), NotBase64::Empty),
        (" \n".to_owned(), NotBase64::Empty),
        (hex.to_uppercase(), NotBase64::Hex),
        (
            hex.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap()).collect::<Vec<_>>().join(":"),
            NotBase64::Hex,
        ),
        (hex, NotBase64::Hex),
        (url_safe, NotBase64::UrlSafe),
        (armoured, NotBase64::Armour),
        (text.trim_end_matches('=').to_owned(), NotBase64::Padding("==")),
        (text[1..].to_owned(), NotBase64::Count(341)),
        (text[..100].to_owned() + "é", NotBase64::Character('é', 101)),
        ("not base64!".to_owned(), NotBase64::Character('!', 11)),
        (format!("{text}\n{text}x"), NotBase64::Trailing),
        ("\u{fffd}0\u{fffd}\u{1}".to_owned(), NotBase64::Binary),
        (alice().secret().to_string(), NotBase64::PrivateKey),
        (alice().to_pem().to_string(), NotBase64::PrivateKey),
        (String::from_utf8(form("private", "jwk")).unwrap(), NotBase64::PrivateKey),
    ] {
        let named = match Signature::read(sent.clone()) {
            Ok(read) => read.suspicion,
            Err(error) => Some(error),
        };
        assert_eq!(named, Some(name), "{sent:?}");
    }
}

#[test]
fn no_message_repeats_a_key() {
    let secret = alice().secret().to_string();
    let sentence = Signature::read(secret.clone()).unwrap().suspicion.unwrap().to_string();
    assert!(sentence.starts_with("signature is a private key"), "{sentence}");
    assert!(!sentence.contains(&secret[..20]));
}

#[test]
fn lookalikes_of_keys_and_hex_are_not_doubted() {
    for text in [alice_address().to_string(), "1234".repeat(86), "ab12".to_owned()] {
        assert_eq!(Signature::read(text.clone()).unwrap().suspicion, None, "{text}");
    }
}

#[test]
fn signature_shows_as_its_text() {
    let signature = alice().sign(b"message").unwrap();
    assert_eq!(signature.to_string(), signature.as_str());
}
