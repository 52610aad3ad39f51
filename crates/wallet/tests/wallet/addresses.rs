//! Addresses and signatures from untrusted senders.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::fixtures::{self, alice, alice_address, form, key, keys};
use wallet::{AddressError, MAX_KEY_TEXT, PublicKey, SignatureError, verify};

#[test]
fn every_public_key_form_is_kept_as_given() {
    for (name, text) in keys("addresses") {
        let address = PublicKey::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(address.as_str(), text);
        assert_eq!(address.to_string(), text);
    }
}

#[test]
fn two_forms_of_a_key_share_a_fingerprint() {
    let signature = alice().sign(b"message").unwrap();
    for name in ["pkcs1", "pkcs1_newline", "spki_newline", "spki_crlf", "spki_width_76"] {
        let other = PublicKey::parse(&key("addresses", name)).unwrap();
        assert_ne!(other, alice_address());
        assert!(other.same_key(&alice_address()));
        assert_eq!(other.fingerprint(), alice_address().fingerprint());
        assert_eq!(other.verify(b"message", signature.as_str()), Ok(()));
    }
}

#[test]
fn different_keys_are_distinguished() {
    let (one, other) = (alice_address(), PublicKey::parse(&key("addresses", "bits_8192")).unwrap());
    assert!(!one.same_key(&other));
    assert_ne!(one.fingerprint(), other.fingerprint());
    let hashes = RandomState::new();
    assert_eq!(hashes.hash_one(&one), hashes.hash_one(alice_address()));
    assert_ne!(hashes.hash_one(&one), hashes.hash_one(&other));
}

#[test]
fn every_bad_address_has_its_own_reason() {
    for (name, text) in keys("bad_addresses") {
        let expected = match name.as_str() {
            "bits_512" => AddressError::KeyTooSmall { bits: 512 },
            "bits_1022" => AddressError::KeyTooSmall { bits: 1022 },
            "modulus_0" => AddressError::KeyTooSmall { bits: 0 },
            "bits_8193" => AddressError::KeyTooLarge { bits: 8193 },
            "bits_16384" => AddressError::KeyTooLarge { bits: 16384 },
            "modulus_even" => AddressError::EvenModulus,
            name if name.starts_with("exponent") => AddressError::Exponent,
            name if name.starts_with("private") => AddressError::PrivateKey,
            "ec" => AddressError::NotRsa,
            "truncated_pem" => AddressError::NotPublicKey,
            "raw_der" => AddressError::OtherForm("a key in DER"),
            _ => AddressError::Malformed,
        };
        assert_eq!(PublicKey::parse(&text), Err(expected), "{name}");
    }
}

#[test]
fn other_texts_are_refused_as_addresses() {
    assert_eq!(PublicKey::parse("0"), Err(AddressError::NotBase64));
    assert_eq!(PublicKey::parse(""), Err(AddressError::NotPublicKey));
    assert_eq!(PublicKey::parse("/w=="), Err(AddressError::NotPublicKey));
    assert_eq!(PublicKey::parse("日本"), Err(AddressError::NotBase64));
    assert_eq!(PublicKey::parse(&"A".repeat(MAX_KEY_TEXT)), Err(AddressError::NotPublicKey));
    let megabyte = "A".repeat(1 << 20);
    assert_eq!(PublicKey::parse(&megabyte), Err(AddressError::TooLong { length: 1 << 20 }));
}

#[test]
fn white_space_in_an_address_is_refused() {
    let address = alice_address();
    let (head, tail) = address.as_str().split_at(76);
    for text in [format!("{address}\n"), format!(" {address}"), format!("{head}\n{tail}")] {
        assert_eq!(PublicKey::parse(&text), Err(AddressError::NotBase64));
    }
}

/// `sender_pems.json` has the result of PyCryptodome's `import_key` for each.
#[test]
fn sender_pem_is_read_as_in_python() {
    let pems: serde_json::Value = serde_json::from_str(include_str!("../data/sender_pems.json")).unwrap();
    for (name, case) in pems.as_object().unwrap() {
        let text = BASE64_STANDARD.encode(fixtures::text(case, "pem"));
        assert_eq!(PublicKey::parse(&text).is_ok(), case["taken"].as_bool().unwrap(), "{name}");
    }
}

#[test]
fn sender_key_in_another_form_is_named() {
    let encoded = |group: &str, name: &str| BASE64_STANDARD.encode(form(group, name));
    let plain = |group: &str, name: &str| String::from_utf8(form(group, name)).unwrap();
    for (text, named) in [
        (encoded("public", "spki_der"), "a key in DER"),
        (encoded("public", "openssh_public"), "an OpenSSH public key"),
        (plain("public", "openssh_public"), "an OpenSSH public key"),
        (plain("public", "spki"), "PEM text"),
        (encoded("foreign", "certificate"), "a certificate"),
    ] {
        let error = PublicKey::parse(&text).unwrap_err();
        assert_eq!(error, AddressError::OtherForm(named));
        assert!(error.to_string().ends_with("`sigscript --address --key-file FILE` prints that of a key"));
    }
}

#[test]
fn private_key_as_sender_is_named() {
    let (pem, secret) = (alice().to_pem(), alice().secret());
    let jwk = String::from_utf8(form("private", "jwk")).unwrap();
    let der = BASE64_STANDARD.encode(form("private", "pkcs8_der"));
    // A PEM label proves nothing.
    let disguised = BASE64_STANDARD.encode(pem.replace("RSA PRIVATE", "PUBLIC"));
    for text in [&*pem, &*secret, &format!("{}\n", &*secret), &jwk, &der, &disguised] {
        let error = PublicKey::parse(text).unwrap_err();
        assert_eq!(error, AddressError::PrivateKey);
        assert!(error.to_string().starts_with("sender is a private key"));
    }
}

#[test]
fn hostile_addresses_cost_little() {
    let start = Instant::now();
    for (_, text) in keys("bad_addresses") {
        assert!(verify(&text, b"message", "").is_err());
    }
    // The most expensive accepted key, with a signature of its length.
    let dearest = PublicKey::parse(&key("addresses", "bits_8192")).unwrap();
    let signature = format!("{}Q==", "A".repeat(1365));
    assert_eq!(dearest.verify(b"message", &signature), Err(SignatureError::Mismatch));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn changed_message_or_signature_is_refused() {
    let (wallet, message) = (alice(), b"alice|bob|5".as_slice());
    let signature = wallet.sign(message).unwrap().into_string();
    for position in 0..message.len() {
        let mut changed = message.to_vec();
        changed[position] ^= 1;
        assert_eq!(wallet.address().verify(&changed, &signature), Err(SignatureError::Mismatch));
    }
    for position in (0..342).step_by(11) {
        let mut changed = signature.clone().into_bytes();
        changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(wallet.address().verify(message, &changed), Err(SignatureError::Mismatch));
    }
    for changed in [&message[1..], &message[..10], b"", b"alice|bob|5 "] {
        assert_eq!(wallet.address().verify(changed, &signature), Err(SignatureError::Mismatch));
    }
}

#[test]
fn malformed_signatures_are_refused() {
    let address = alice_address();
    let wrong = |text: &str| address.verify(b"message", text).unwrap_err();
    for text in ["", "c2hvcnQ=", &"A".repeat(1 << 20), &"A".repeat(348)] {
        assert_eq!(wrong(text), SignatureError::WrongLength { expected: 344, found: text.len() });
    }
    assert_eq!(wrong(&"!".repeat(344)), SignatureError::NotBase64);
    assert_eq!(wrong(&"A".repeat(344)), SignatureError::OutOfRange, "two bytes too many for the key");
    assert_eq!(
        wrong(&format!("{}==", "/".repeat(341) + "w")),
        SignatureError::OutOfRange,
        "over the modulus"
    );
    let zero = format!("{}==", "A".repeat(342));
    assert_eq!(wrong(&zero), SignatureError::Mismatch);
}

#[test]
fn another_wallets_signature_is_refused() {
    let signature = alice().sign(b"message").unwrap();
    let bob = PublicKey::parse(fixtures::text(&fixtures::vectors()[1], "address")).unwrap();
    assert_eq!(bob.verify(b"message", signature.as_str()), Err(SignatureError::Mismatch));
}
