//! New keys, and the addresses of keys.

use std::fs;

use crate::program::{Alice, file, run, run_with_input, sigscript, stderr, stdout};

#[test]
fn new_key_signs_for_the_printed_address() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("alice.key");
    let path = path.to_str().unwrap();
    let made = run(&["--new-key", path]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    assert!(stderr(&made).starts_with(&format!("note: {path} is the only copy")), "{}", stderr(&made));
    let address = stdout(&made).strip_suffix('\n').unwrap();
    assert_eq!(address.len(), 600);
    assert_eq!(stdout(&run(&["--address", "--key-file", path])), stdout(&made));
    let signed = run(&[address, "bob", "5", "--key-file", path]);
    assert_eq!(stderr(&signed), "");
    let signature = stdout(&signed).trim_end();
    assert!(wallet::verify(address, format!("{address}bob5").as_bytes(), signature).is_ok());
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn new_key_has_mode_0600() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let script = format!("umask 000; exec {} --new-key key", env!("CARGO_BIN_EXE_sigscript"));
    let status =
        std::process::Command::new("sh").arg("-c").arg(script).current_dir(&directory).output().unwrap();
    assert!(status.status.success(), "{}", stderr(&status));
    let mode = fs::metadata(directory.path().join("key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
}

#[cfg(unix)]
#[test]
fn existing_files_are_not_overwritten() {
    let alice = Alice::new();
    let key = file(alice.pem().as_bytes());
    let directory = tempfile::tempdir().unwrap();
    let dangling = directory.path().join("dangling");
    std::os::unix::fs::symlink("nowhere", &dangling).unwrap();
    for path in [key.path(), directory.path(), &dangling, "/dev/null".as_ref()] {
        let output = run(&["--new-key", path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains("is there already"), "{}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
    assert_eq!(fs::read_to_string(key.path()).unwrap(), alice.pem());
}

#[test]
fn missing_directory_of_a_new_key_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("keys");
    let output = run(&["--new-key", missing.join("alice.key").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let way_out = format!("make it first: mkdir -p {}\n", missing.display());
    assert!(stderr(&output).ends_with(&way_out), "{}", stderr(&output));
}

#[test]
fn every_key_source_gives_its_address() {
    let alice = Alice::new();
    let key = file(alice.pem().as_bytes());
    let expected = format!("{}\n", alice.address);
    for output in [
        run(&["--address", "--key-file", key.path().to_str().unwrap()]),
        run(&["--address", &alice.secret]),
        run_with_input(&["--address", "-"], alice.secret.as_bytes()),
        sigscript(&["--address"]).env("SIGSCRIPT_KEY", &alice.secret).output().unwrap(),
    ] {
        assert_eq!((stdout(&output), stderr(&output)), (expected.as_str(), ""));
    }
}

#[test]
fn address_and_new_key_refuse_payment_arguments() {
    let alice = Alice::new();
    for arguments in [
        &["--address"][..],
        &["--address", &alice.secret, "--key-file", "alice.key"],
        &["--address", &alice.address, "bob", "5", &alice.secret],
        &["--new-key"],
        &["--new-key", "bob.key", &alice.address, "bob", "5"],
        &["--new-key", "bob.key", "--address"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
        assert!(!stderr(&output).contains(&alice.secret[..40]));
    }
}
