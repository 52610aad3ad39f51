//! Keys that are not read: each is named, with the way out. That the commands work, the tests of `sigscript` show.

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
fn every_form_that_is_not_read_is_named() {
    for (name, file) in forms("foreign") {
        assert_eq!(Wallet::read(&file).err(), Some(expected(&name)), "{name}");
        assert_eq!(PublicKey::read(&file).err(), Some(expected(&name)), "{name}");
    }
}

#[test]
fn windows_line_ends_hide_no_form() {
    for (name, file) in forms("foreign") {
        if let Ok(text) = String::from_utf8(file) {
            let crlf = text.replace('\n', "\r\n");
            assert_eq!(Wallet::read(crlf.as_bytes()).err(), Some(expected(&name)), "{name}");
        }
    }
}

#[test]
fn keys_of_other_systems_are_named() {
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
}

#[test]
fn what_editors_make_of_a_key_is_named() {
    let pem = String::from_utf8(form("private", "pkcs8")).unwrap();
    let hex: String = pem.bytes().map(|byte| format!("{byte:02x}")).collect();
    for (text, form) in [
        (pem.replace("--", "—"), KeyForm::Dashes),
        (pem.replace("-----", "----"), KeyForm::Dashes),
        (pem.replace("-----", ""), KeyForm::Dashes),
        (format!("{{\\rtf1\\ansi {pem}}}").replace("-----", "\\endash"), KeyForm::RichText),
        ("<!DOCTYPE html><html><body>404</body></html>".to_owned(), KeyForm::WebPage),
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
fn sentences_are_fit_for_a_terminal() {
    let label = "-----BEGIN \u{1b}[2J THING-----\nAAAA\n-----END THING-----";
    let says = Wallet::read(label.as_bytes()).unwrap_err().to_string();
    assert!(says.contains(r"\u{1b}[2J THING") && !says.contains('\u{1b}'), "{says}");
    for name in ["DSA", "elliptic-curve", "another one"] {
        let says = KeyForm::Algorithm(name).to_string();
        assert!(
            says.starts_with(&format!("the algorithm of this key is {name}, and keys here are RSA")),
            "{says}"
        );
    }
}

#[test]
fn key_that_is_cut_says_so() {
    let pem = String::from_utf8(form("private", "pkcs8")).unwrap();
    let cut = Wallet::read(&pem.as_bytes()[..pem.len() - 10]).err();
    assert_eq!(Wallet::read(&pem.as_bytes()[..pem.len() / 2]).err(), Some(KeyError::CutShort));
    // The end line is there, if not all of it.
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
fn small_key_is_refused_in_every_form() {
    let small = key("bad_keys", "bits_512");
    assert_eq!(Wallet::read(small.as_bytes()).err(), Some(KeyError::TooSmall { bits: 512 }));
    let jwk = r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#;
    assert_eq!(PublicKey::read(jwk.as_bytes()).err(), Some(KeyError::TooSmall { bits: 17 }));
}

#[test]
fn sentence_for_a_file_names_it_as_a_shell_reads_it() {
    let sentence = KeyError::Encrypted.for_file("my keys/alice.pem".as_ref());
    assert!(sentence.ends_with("`openssl pkey -in 'my keys/alice.pem' -out key.pem`"), "{sentence}");
}
