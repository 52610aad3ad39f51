//! New keys, and good and bad keys that are read.

use crate::fixtures::{alice, key, keys, text, vectors};
use wallet::{AddressError, KeyError, KeyForm, MAX_KEY_FILE, PublicKey, Wallet};

#[test]
fn new_wallet_round_trips_in_the_tutorials_sizes() {
    let wallet = Wallet::generate().unwrap();
    assert_eq!(wallet.address().as_str().len(), 600);
    let signature = wallet.sign(b"message").unwrap();
    assert_eq!(signature.as_str().len(), 344);

    let reread = Wallet::from_secret(&wallet.secret()).unwrap();
    assert_eq!(reread.secret(), wallet.secret());
    let reread = Wallet::from_pem(&wallet.to_pem()).unwrap();
    assert_eq!(reread.to_pem(), wallet.to_pem());
    assert!(reread.address().verify(b"message", signature.as_str()).is_ok());
    assert_ne!(alice().address(), wallet.address());
}

#[test]
fn pem_is_pkcs1_with_a_final_newline() {
    let pem = alice().to_pem();
    assert!(pem.starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
    assert!(pem.ends_with("\n-----END RSA PRIVATE KEY-----\n"));
}

#[test]
fn unusual_valid_keys_sign() {
    for (name, pem) in keys("good_keys") {
        let wallet = Wallet::from_pem(&pem).unwrap_or_else(|error| panic!("{name}: {error}"));
        let signature = wallet.sign(b"message").unwrap();
        let address = PublicKey::parse(wallet.address().as_str()).unwrap();
        assert_eq!(address.verify(b"message", signature.as_str()), Ok(()), "{name}");
    }
}

#[test]
fn every_bad_key_has_its_own_reason() {
    for (name, pem) in keys("bad_keys") {
        let expected = match name.as_str() {
            "public_spki" | "public_pkcs1" | "certificate_label" => KeyError::PublicKey,
            "encrypted_pkcs1" | "encrypted_pkcs8" => KeyError::Encrypted,
            "ec" => KeyError::Form(KeyForm::Algorithm("elliptic-curve")),
            "bits_512" => KeyError::TooSmall { bits: 512 },
            "bits_1022" => KeyError::TooSmall { bits: 1022 },
            "bits_16384" => KeyError::TooLarge { bits: 16384 },
            "truncated" => KeyError::CutShort,
            "truncated_der" => KeyError::Malformed,
            _ => KeyError::Inconsistent,
        };
        assert_eq!(Wallet::from_pem(&pem).err(), Some(expected), "{name}");
    }
}

#[test]
fn address_errors_become_key_errors() {
    for (address, key) in [
        (AddressError::KeyTooSmall { bits: 9 }, KeyError::TooSmall { bits: 9 }),
        (AddressError::KeyTooLarge { bits: 9 }, KeyError::TooLarge { bits: 9 }),
        (AddressError::EvenModulus, KeyError::Inconsistent),
        (AddressError::Exponent, KeyError::Inconsistent),
        (AddressError::NotRsa, KeyError::Malformed),
    ] {
        assert_eq!(KeyError::from(address), key);
    }
}

#[test]
fn other_texts_are_refused_as_keys() {
    let error = |text: &str| Wallet::read(text.as_bytes()).err().unwrap();
    assert_eq!(error(""), KeyError::Empty);
    assert_eq!(error(" \r\n\t"), KeyError::Empty);
    assert_eq!(error("-----BEGIN -----"), KeyError::CutShort);
    assert_eq!(error("/w=="), KeyError::NotPem);
    assert_eq!(error("not base64!"), KeyError::NotBase64);
    assert_eq!(error(text(&vectors()[0], "address")), KeyError::PublicKey);
    let long = "Q".repeat(1 << 20);
    assert_eq!(Wallet::from_secret(&long).err(), Some(KeyError::TooLong { length: 1 << 20 }));
    assert_eq!(Wallet::from_pem(&long).err(), Some(KeyError::TooLong { length: 1 << 20 }));
    assert_eq!(Wallet::from_pem(&long[..MAX_KEY_FILE]).err(), Some(KeyError::NotPem));
}

#[test]
fn any_changed_byte_of_a_key_is_refused() {
    let secret = alice().secret();
    for position in (60..secret.len() - 60).step_by(97) {
        let mut bytes = secret.as_bytes().to_vec();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(Wallet::from_secret(&changed).is_err(), "byte {position}");
    }
}

#[test]
fn debug_shows_only_the_fingerprint() {
    let wallet = alice();
    let fingerprint = wallet.address().fingerprint();
    assert_eq!(format!("{:?}", wallet.address()), format!("PublicKey({fingerprint})"));
    assert_eq!(format!("{wallet:?}"), format!("Wallet {{ address: PublicKey({fingerprint}), .. }}"));
    assert!(format!("{wallet:#?}").len() < 100);
}

#[test]
fn no_error_repeats_the_key() {
    for name in ["truncated", "wrong_d", "bits_512", "encrypted_pkcs8"] {
        let pem = key("bad_keys", name);
        let error = Wallet::from_pem(&pem).unwrap_err();
        let shown = format!("{error} {error:?}");
        let lines = pem.lines().filter(|line| !line.starts_with('-') && line.len() > 8);
        assert!(lines.into_iter().all(|line| !shown.contains(&line[..8])), "{shown}");
    }
}
