//! Usage errors and bad keys: message, exit status, and no leak of the key.

use std::process::Output;

use crate::program::{Alice, file, run, run_with_input, sigscript, stderr, stdout};

#[test]
fn usage_errors_exit_with_status_2() {
    let alice = Alice::new();
    let address = alice.address.as_str();
    refused(&run(&[]), 2, "required arguments were not provided");
    refused(&run(&[address, "bob"]), 2, "<AMOUNT>");
    refused(&run(&[address, "bob", "smith", "5", &alice.secret]), 2, "more than four values");
    refused(&run(&[address, "-x", "5", &alice.secret]), 2, "a value that begins with - comes after --");
    refused(&run(&[address, "bob", "5", "--keyfile", "alice.key"]), 2, "");
    refused(&run(&[address, "bob", "5", "--keyfile"]), 2, "there is no option --keyfile;");
    refused(&run(&[address, "bob", "5", "--key-file"]), 2, "a value is required");
}

#[test]
fn bad_keys_exit_with_status_1() {
    let alice = Alice::new();
    let address = alice.address.as_str();
    let truncated = &alice.secret[..alice.secret.len() - 400];
    for (key, reason) in [
        ("nonsense!", "neither PEM text nor base64"),
        ("", "the key is empty"),
        (address, "this is a public key"),
        (truncated, "the key is cut short"),
        ("-----BEGIN nonsense", "the key is cut short"),
    ] {
        let output = run(&[address, "bob", "5", key]);
        refused(&output, 1, reason);
        assert_eq!(stderr(&output).lines().count(), 1);
    }
}

#[test]
fn unreadable_keys_exit_with_status_1() {
    let alice = Alice::new();
    let from_file = |path: &str| run(&[&alice.address, "bob", "5", "--key-file", path]);
    refused(
        &from_file("/nonexistent/alice.key"),
        1,
        "cannot read the key from /nonexistent/alice.key: there is no such file",
    );
    refused(&from_file(std::env::temp_dir().to_str().unwrap()), 1, "it is a directory, not a file");
    refused(&from_file(&alice.secret), 1, "is it the key itself");
    refused(
        &from_file(file(b"\xff\x00").path().to_str().unwrap()),
        1,
        "this is not a key; expected PEM text",
    );
    let large = vec![b'A'; 64 * 1024 + 1];
    refused(&from_file(file(&large).path().to_str().unwrap()), 1, "it has more than 65536 bytes");
    refused(&run_with_input(&[&alice.address, "bob", "5", "-"], &large), 1, "standard input is not a key");
    refused(&run_with_input(&[&alice.address, "bob", "5", "-"], b""), 1, "the key is empty");
}

#[test]
fn misplaced_key_is_never_repeated() {
    let alice = Alice::new();
    let (pem, secret) = (alice.pem(), alice.secret.as_str());
    for key in [pem.as_str(), secret] {
        for arguments in [
            &[key, "bob", "5", secret, "more"][..],
            &["alice", key, "5", "more", "more"],
            &["alice", "bob", "5", "more", key],
            &["alice", "bob", "5", "--key-file", key],
            &["alice", "bob", "5", key, "--key-file", key],
            &["alice", key, "5", secret],
            &["alice", "bob", key, secret],
            &[key, "bob", "5", &alice.address],
            &["--new-key", key],
            &["--address", key, "more"],
        ] {
            let output = run(arguments);
            assert!(matches!(output.status.code(), Some(1 | 2)));
            assert!(pem.lines().skip(1).all(|line| !stderr(&output).contains(line)), "{}", stderr(&output));
            assert!(!stderr(&output).contains(&secret[40..80]), "{}", stderr(&output));
        }
    }
}

#[cfg(unix)]
#[test]
fn non_text_arguments_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let wild = OsStr::from_bytes(b"\xff");
    let output = sigscript(&["alice", "bob"]).arg(wild).arg("key").output().unwrap();
    refused(&output, 2, "invalid UTF-8");
    let output = sigscript(&["alice", "bob", "5"]).env("SIGSCRIPT_KEY", wild).output().unwrap();
    refused(&output, 1, "this is not a key; expected PEM text");
}

fn refused(output: &Output, status: i32, reason: &str) {
    assert_eq!(output.status.code(), Some(status), "{}", stderr(output));
    assert!(stderr(output).starts_with("error: ") && stderr(output).contains(reason), "{}", stderr(output));
    assert_eq!(stdout(output), "");
}
