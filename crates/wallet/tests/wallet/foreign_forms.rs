//! Key forms that the wallet does not read: the message names each, and how to convert it. The tests of `sigscript` run
//! those commands.

use wallet::{KeyError, KeyForm, PublicKey, Wallet};

use crate::fixtures::{form, forms, key};

fn expected(name: &str) -> KeyError {
    let form = match name {
        "encrypted_pkcs1" | "encrypted_pkcs8" => return KeyError::Encrypted,
        "encrypted_pkcs8_der" => KeyForm::EncryptedDer,
        "encrypted_openssh" => KeyForm::EncryptedOpenSsh,
        "certificate" => KeyForm::Certificate("PEM"),
        "certificate_der" => KeyForm::Certificate("DER"),
        "request" => KeyForm::Request("PEM"),
        "request_der" => KeyForm::Request("DER"),
        "pkcs12" => KeyForm::Pkcs12,
        "pkcs7" | "pkcs7_der" => KeyForm::Pkcs7,
        "three_primes" => KeyForm::ManyPrimes,
        "printed" => KeyForm::Printed,
        "jks" => KeyForm::JavaKeyStore,
        "putty_2" | "putty_3" => KeyForm::Putty,
        "ssh2_public" => KeyForm::Ssh2,
        "openpgp" | "openpgp_public" => KeyForm::OpenPgp,
        "pvk" => KeyForm::Pvk,
        "msblob" => KeyForm::MsBlob,
        "dsa" => KeyForm::Algorithm("DSA"),
        name if name.starts_with("ed25519") => KeyForm::Algorithm("Ed25519"),
        _ => KeyForm::Algorithm("elliptic-curve"),
    };
    KeyError::Form(form)
}

#[test]
fn every_unreadable_form_is_named() {
    for (name, file) in forms("foreign") {
        assert_eq!(Wallet::read(&file).err(), Some(expected(&name)), "{name}");
        assert_eq!(PublicKey::read(&file).err(), Some(expected(&name)), "{name}");
    }
}

#[test]
fn windows_line_ends_do_not_hide_a_form() {
    for (name, file) in forms("foreign") {
        if let Ok(text) = String::from_utf8(file) {
            let crlf = text.replace('\n', "\r\n");
            assert_eq!(Wallet::read(crlf.as_bytes()).err(), Some(expected(&name)), "{name}");
        }
    }
}

#[test]
fn other_systems_keys_are_named() {
    let hex = "0123456789abcdef".repeat(4);
    let words = "abandon ability able about above absent absorb abstract absurd abuse access zoo";
    for text in [
        hex.as_str(),
        &format!("0x{}", hex.to_uppercase()),
        words,
        "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
    ] {
        assert_eq!(Wallet::read(text.as_bytes()).err(), Some(KeyForm::OtherLedger.into()), "{text}");
    }
    let ec = r#"{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "d": "AA"}"#;
    assert_eq!(Wallet::read(ec.as_bytes()).err(), Some(KeyForm::Algorithm("elliptic-curve").into()));
    let okp = r#"{"kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"}"#;
    assert_eq!(Wallet::read(okp.as_bytes()).err(), Some(KeyForm::Algorithm("Ed25519 or X25519").into()));
    assert_eq!(Wallet::read(b"my modulus: 5").err(), Some(KeyError::NotBase64));
    let sentence = b"The quick brown fox jumps over the lazy dog and runs away";
    assert_ne!(Wallet::read(sentence).err(), Some(KeyForm::OtherLedger.into()));
}

#[test]
fn form_is_named_behind_a_byte_order_mark() {
    let file = [b"\xef\xbb\xbf".as_slice(), &form("foreign", "putty_3")].concat();
    assert_eq!(Wallet::read(&file).err(), Some(KeyForm::Putty.into()));
}

#[test]
fn line_of_another_algorithm_is_named() {
    for (line, name) in [
        ("ssh-dss AAAAB3NzaC1kc3M= alice", "DSA"),
        ("ecdsa-sha2-nistp256 AAAAE2VjZHNh alice", "elliptic-curve"),
        ("sk-ssh-ed25519@openssh.com AAAAGnNr alice", "another one"),
    ] {
        assert_eq!(PublicKey::read(line.as_bytes()).err(), Some(KeyForm::Algorithm(name).into()), "{line}");
    }
}

#[test]
fn keys_mangled_by_editors_are_named() {
    let pem = String::from_utf8(form("private", "pkcs8")).unwrap();
    let hex: String = pem.bytes().map(|byte| format!("{byte:02x}")).collect();
    for (text, form) in [
        (pem.replace("--", "—"), KeyForm::Dashes),
        (pem.replace("-----", "----"), KeyForm::Dashes),
        (pem.replace("-----", ""), KeyForm::Dashes),
        (format!("{{\\rtf1\\ansi {pem}}}").replace("-----", "\\endash"), KeyForm::RichText),
        ("<!DOCTYPE html><html><body>404</body></html>".to_owned(), KeyForm::WebPage),
        (
            hex.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap()).collect::<Vec<_>>().join(":"),
            KeyForm::Hex,
        ),
        (
            hex.as_bytes()
                .chunks(64)
                .map(|line| str::from_utf8(line).unwrap())
                .collect::<Vec<_>>()
                .join("\n"),
            KeyForm::Hex,
        ),
        (hex, KeyForm::Hex),
        (pem.replace(' ', "\u{a0}"), KeyForm::Dashes),
        (pem.to_lowercase(), KeyForm::Dashes),
        (pem.replace(' ', "%20").replace('\n', "%0A").replace('+', "%2B"), KeyForm::UrlEncoded),
        (pem.replace(' ', "+"), KeyForm::UrlEncoded),
    ] {
        assert_eq!(Wallet::read(text.as_bytes()).err(), Some(form.into()), "{text}");
    }
}

#[test]
fn messages_are_safe_for_a_terminal() {
    let label = "-----BEGIN \u{1b}[2J THING-----\nAAAA\n-----END THING-----";
    let says = Wallet::read(label.as_bytes()).unwrap_err().to_string();
    assert!(says.contains(r"\u{1b}[2J THING") && !says.contains('\u{1b}'), "{says}");
    for name in ["DSA", "elliptic-curve", "another one"] {
        let says = KeyForm::Algorithm(name).to_string();
        assert!(
            says.starts_with(&format!("this key's algorithm is {name}, but payments need an RSA key")),
            "{says}"
        );
    }
}

#[test]
fn truncated_key_says_so() {
    let pem = String::from_utf8(form("private", "pkcs8")).unwrap();
    let cut = Wallet::read(&pem.as_bytes()[..pem.len() - 10]).err();
    assert_eq!(Wallet::read(&pem.as_bytes()[..pem.len() / 2]).err(), Some(KeyError::CutShort));
    // The end line is there, but incomplete.
    assert_eq!(cut, None);
    let without_lines: String =
        pem.lines().enumerate().filter(|(at, _)| *at != 5).map(|(_, line)| line).collect();
    assert_eq!(Wallet::read(without_lines.as_bytes()).err(), Some(KeyError::Malformed));
    let ssh = String::from_utf8(form("private", "openssh")).unwrap();
    let short: Vec<&str> =
        ssh.lines().enumerate().filter(|(at, _)| !(9..20).contains(at)).map(|(_, line)| line).collect();
    assert_eq!(Wallet::read(short.join("\n").as_bytes()).err(), Some(KeyError::CutShort));
}

#[test]
fn certificate_does_not_hide_a_keys_own_error() {
    let text = |group: &str, name: &str| String::from_utf8(form(group, name)).unwrap();
    let (certificate, public) = (text("foreign", "certificate"), text("public", "spki"));
    let damaged = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let both = format!("{damaged}{certificate}");
    assert_eq!(Wallet::read(both.as_bytes()).err(), Some(KeyError::Malformed));
    assert!(PublicKey::read(format!("{public}{certificate}").as_bytes()).is_ok());
    let both = format!("{public}{damaged}");
    assert_eq!(PublicKey::read(both.as_bytes()).err(), Some(KeyError::Malformed));
}

#[test]
fn small_key_is_refused_in_every_form() {
    let small = key("bad_keys", "bits_512");
    assert_eq!(Wallet::read(small.as_bytes()).err(), Some(KeyError::TooSmall { bits: 512 }));
    let jwk = r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#;
    assert_eq!(PublicKey::read(jwk.as_bytes()).err(), Some(KeyError::TooSmall { bits: 17 }));
}

#[test]
fn message_quotes_the_file_for_the_shell() {
    let sentence = KeyError::Encrypted.for_file("my keys/alice.pem".as_ref());
    assert!(sentence.ends_with("`openssl pkey -in 'my keys/alice.pem' -out key.pem`"), "{sentence}");
}

/// A public key (RFC 5280, section 4.1) of the algorithm with this identifier in DER.
fn of_algorithm(identifier: &[u8], parameters: &[u8]) -> Vec<u8> {
    let length = |content: &[u8]| u8::try_from(content.len()).unwrap();
    let algorithm = [&[0x06, length(identifier)], identifier, parameters].concat();
    let key = [&[0x30, length(&algorithm)], &algorithm[..], &[0x03, 0x02, 0x00, 0x01]].concat();
    [&[0x30, length(&key)], &key[..]].concat()
}

#[test]
fn other_algorithms_are_named() {
    for (identifier, name) in [
        (&b"\x2a\x86\x48\xce\x3d\x02\x01"[..], "elliptic-curve"),
        (b"\x2b\x65\x6e", "X25519"),
        (b"\x2b\x65\x6f", "X448"),
        (b"\x2b\x65\x70", "Ed25519"),
        (b"\x2b\x65\x71", "Ed448"),
        (b"\x2a\x86\x48\xce\x38\x04\x01", "DSA"),
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01", "Diffie-Hellman"),
        (b"\x2a\x86\x48\xce\x3e\x02\x01", "Diffie-Hellman"),
        (b"\x2b\x65\x72", "another one"),
    ] {
        let refused = PublicKey::read(&of_algorithm(identifier, b"")).err();
        assert_eq!(refused, Some(KeyForm::Algorithm(name).into()), "{name}");
    }
    let pss = of_algorithm(b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", b"\x30\x00");
    let refused = PublicKey::read(&pss).err();
    assert_eq!(refused, Some(KeyForm::Algorithm("RSA-PSS with parameters").into()));
}

#[test]
fn numbers_that_are_no_key_have_no_form() {
    let three = b"\x30\x09\x02\x01\x00\x02\x01\x01\x02\x01\x01";
    assert_eq!(Wallet::read(three).err(), Some(KeyError::Malformed));
    assert_eq!(Wallet::read(b"\x95\x03\x98\x04").err(), Some(KeyForm::OpenPgp.into()));
    for numbers in [b"\x07\0\0\0\x01\0\0\0", b"\0\0\0\x07\0\0\0\x01"] {
        assert_eq!(Wallet::read(numbers).err(), Some(KeyError::NotPem));
    }
}
