//! Keys and signatures of the Python wallet.

use crate::fixtures::{message, text, vectors};
use wallet::{PublicKey, Wallet, verify};

#[test]
fn both_forms_of_a_secret_give_the_address() {
    for vector in vectors() {
        for form in ["secret_pkcs1", "secret_pkcs8"] {
            let wallet = Wallet::from_secret(text(&vector, form)).unwrap();
            assert_eq!(wallet.address().as_str(), text(&vector, "address"));
            assert_eq!(wallet.address(), &PublicKey::parse(text(&vector, "address")).unwrap());
        }
    }
}

#[test]
fn both_forms_of_a_secret_become_pkcs1() {
    for vector in vectors() {
        for form in ["secret_pkcs1", "secret_pkcs8"] {
            let wallet = Wallet::from_secret(text(&vector, form)).unwrap();
            assert_eq!(wallet.secret().as_str(), text(&vector, "secret_pkcs1"));
        }
    }
}

#[test]
fn payments_verify_as_in_python() {
    for payment in payments() {
        let valid = payment["valid"].as_bool().unwrap();
        let result = verify(text(&payment, "sender"), &message(&payment), text(&payment, "signature"));
        assert_eq!(result.is_ok(), valid, "{payment}: {result:?}");
    }
}

#[test]
fn signatures_equal_pythons() {
    for vector in vectors() {
        let wallet = Wallet::from_secret(text(&vector, "secret_pkcs1")).unwrap();
        for payment in vector["payments"].as_array().unwrap() {
            if payment["valid"] == true {
                assert_eq!(wallet.sign(&message(payment)).unwrap().as_str(), text(payment, "signature"));
            }
        }
    }
}

fn payments() -> Vec<serde_json::Value> {
    vectors().iter().flat_map(|vector| vector["payments"].as_array().unwrap().clone()).collect()
}
