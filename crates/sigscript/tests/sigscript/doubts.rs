//! Notes on payments that a node would refuse or the payer regret.

use crate::program::{Alice, file, run, run_with_input, stderr, stdout};

/// The notes on a payment of Alice's, which is signed anyway.
fn notes(sender: &str, recipient: &str, amount: &str) -> String {
    let alice = Alice::new();
    let output = run_with_input(&["--", sender, recipient, amount, "-"], alice.secret.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stdout(&output).len(), 345);
    stderr(&output).to_owned()
}

#[test]
fn invalid_amount_gets_a_note() {
    let alice = Alice::new();
    for amount in [
        "-5", "0", "0.0", "five", "1e400", "1e5", "", " ", "5 ", "1,000", "1,5", "€5", "$5", "5 EUR", "5,-",
        "0x5", "٥", "NaN", "Infinity", "+5", "1_000", ".5", "5.", "1/2", "50%",
    ] {
        let notes = notes(&alice.address, "bob", amount);
        assert!(notes.starts_with("note: amount must be"), "{amount:?}: {notes}");
        assert!(notes.ends_with("a node will refuse this payment\n"), "{amount:?}: {notes}");
        assert_eq!(notes.lines().count(), 1, "{amount:?}: {notes}");
    }
    for amount in ["5", "005", "0.25", "5.0", "1e-05", "1e+16", "18446744073709551615"] {
        assert_eq!(notes(&alice.address, "bob", amount), "", "{amount}");
    }
}

#[test]
fn swapped_arguments_are_named() {
    let alice = Alice::new();
    let other = wallet::Wallet::generate().unwrap();
    let swapped = notes(other.address().as_str(), &alice.address, "5");
    assert!(
        swapped.contains("the recipient is this key's address, and the sender is not: swap the two"),
        "{swapped}"
    );
    let swapped = notes("bob", &alice.address, "5");
    assert!(swapped.contains("swap the two"), "{swapped}");
    let swapped = notes(&alice.address, "5", "bob");
    assert!(swapped.contains("the recipient is a number: are the two swapped?"), "{swapped}");
    let swapped = run(&[&alice.secret, "bob", "5", &alice.address]);
    assert!(stderr(&swapped).starts_with("error: the sender is a private key"), "{}", stderr(&swapped));
}

#[test]
fn damaged_address_as_recipient_gets_a_note() {
    let alice = Alice::new();
    for recipient in [
        &alice.address[..500],
        &format!("{}\n", alice.address),
        &format!("{} {}", &alice.address[..76], &alice.address[76..]),
    ] {
        let notes = notes(&alice.address, recipient, "5");
        assert!(notes.starts_with("note: the recipient looks like an address but is not one"), "{notes}");
    }
    assert_eq!(notes(&alice.address, &alice.address, "5"), "");
}

#[test]
fn secret_in_a_payment_is_refused_in_every_form() {
    let alice = Alice::new();
    let pkcs8 = String::from_utf8(crate::program::form("private", "pkcs8")).unwrap();
    let jwk = String::from_utf8(crate::program::form("private", "jwk")).unwrap();
    let cut = &alice.secret[5..];
    for secret in [alice.secret.as_str(), &alice.pem(), &alice.pem().replace('\n', " "), &pkcs8, &jwk, cut] {
        for (arguments, place) in [
            (["--", secret, "bob", "5", "-"], "the sender"),
            (["--", &alice.address, secret, "5", "-"], "the recipient"),
            (["--", &alice.address, "bob", secret, "-"], "the amount"),
        ] {
            let output = run_with_input(&arguments, alice.secret.as_bytes());
            assert_eq!(output.status.code(), Some(1));
            assert_eq!(stdout(&output), "");
            let start = format!("error: {place} is a private key, and would be published");
            assert!(stderr(&output).starts_with(&start), "{}", stderr(&output));
            assert!(!stderr(&output).contains(&secret[40..60]), "{}", stderr(&output));
        }
    }
}

#[test]
fn file_name_in_place_of_the_key_is_named() {
    let alice = Alice::new();
    let key = file(alice.pem().as_bytes());
    let path = key.path().to_str().unwrap();
    let output = run(&[&alice.address, "bob", "5", path]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains(&format!("give it as --key-file {path}")), "{}", stderr(&output));
    let output = run(&["--address", path]);
    assert!(stderr(&output).contains(&format!("give it as --key-file {path}")), "{}", stderr(&output));
}
