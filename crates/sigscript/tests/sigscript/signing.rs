//! Signing: signatures, notes and output.

use std::process::Stdio;

use crate::program::{Alice, run, sigscript, stderr, stdout};

#[test]
fn standard_output_is_pythons_signature() {
    let alice = Alice::new();
    assert_eq!(alice.payments.len(), 6);
    for (recipient, amount, signature) in &alice.payments {
        let output = run(&[&alice.address, recipient, amount, &alice.secret]);
        assert_eq!(stdout(&output), format!("{signature}\n"));
        assert_eq!(stderr(&output), "");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn texts_are_signed_as_given() {
    let alice = Alice::new();
    let wallet = wallet::Wallet::from_secret(&alice.secret).unwrap();
    for (recipient, amount) in
        [("bob", "-5"), ("", "05"), (" bob ", "5 "), ("日本 🎉", "1e+16"), ("--help", "-V")]
    {
        let message = [alice.address.as_str(), recipient, amount].concat();
        let output = run(&["--", &alice.address, recipient, amount, &alice.secret]);
        let expected = format!("{}\n", wallet.sign(message.as_bytes()).unwrap());
        assert_eq!(stdout(&output), expected, "{recipient} {amount}: {}", stderr(&output));
    }
}

#[test]
fn negative_amount_needs_no_separator() {
    let alice = Alice::new();
    let output = run(&[&alice.address, "bob", "-5", &alice.secret]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn foreign_sender_gets_a_note() {
    let alice = Alice::new();
    let other = wallet::Wallet::generate().unwrap();
    for sender in ["bob", "", other.address().as_str()] {
        let output = run(&[sender, "bob", "5", &alice.secret]);
        assert_eq!(stdout(&output).len(), 345);
        assert!(stderr(&output).starts_with("note: the sender is"), "{}", stderr(&output));
        assert_eq!(stderr(&output).lines().count(), 1);
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn closed_output_does_not_panic() {
    let alice = Alice::new();
    let mut command = sigscript(&[&alice.address, "bob", "5", &alice.secret]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command.stdout(writer).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(stderr(&output), "");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn help_and_version_are_printed() {
    let help = run(&["--help"]);
    assert!(stdout(&help).contains("process list") && stdout(&help).contains("Examples:"));
    let version = run(&["--version"]);
    assert_eq!(stdout(&version), concat!("sigscript ", env!("CARGO_PKG_VERSION"), "\n"));
    assert!(help.status.success() && version.status.success());
}
