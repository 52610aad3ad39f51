//! Sources of the key.

use std::process::Output;

use crate::program::{Alice, file, run, run_with_input, sigscript, stderr, stdout};

#[test]
fn every_source_takes_a_secret_or_pem() {
    let alice = Alice::new();
    let payment = [alice.address.as_str(), "bob", "5"];
    for key in
        [alice.secret.clone(), alice.pem(), format!("{}\n", alice.secret), alice.pem().replace('\n', "\r\n")]
    {
        let file = file(key.as_bytes());
        let path = file.path().to_str().unwrap();
        check(&alice, &run(&[&payment[..], &[&key]].concat()));
        check(&alice, &run(&[&payment[..], &["--key-file", path]].concat()));
        check(&alice, &run(&[&["--key-file", path, "--"], &payment[..]].concat()));
        check(&alice, &run_with_input(&[&payment[..], &["-"]].concat(), key.as_bytes()));
        check(&alice, &sigscript(&payment).env("SIGSCRIPT_KEY", &key).output().unwrap());
    }
}

#[test]
fn environment_is_the_last_source() {
    let alice = Alice::new();
    let payment = [alice.address.as_str(), "bob", "5"];
    let file = file(alice.secret.as_bytes());
    let path = file.path().to_str().unwrap();
    for key in [&[alice.secret.as_str()][..], &["--key-file", path]] {
        let arguments = [&payment[..], key].concat();
        check(&alice, &sigscript(&arguments).env("SIGSCRIPT_KEY", "nonsense").output().unwrap());
    }
    let output = sigscript(&payment).env("SIGSCRIPT_KEY", "nonsense").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn two_keys_or_none_are_a_usage_error() {
    let alice = Alice::new();
    let both = run(&[&alice.address, "bob", "5", &alice.secret, "--key-file", "alice.key"]);
    let none = run(&[&alice.address, "bob", "5"]);
    let empty = sigscript(&[&alice.address, "bob", "5"]).env("SIGSCRIPT_KEY", "").output().unwrap();
    for output in [&both, &none, &empty] {
        assert_eq!(output.status.code(), Some(2), "{}", stderr(output));
        assert_eq!(stdout(output), "");
    }
    assert!(stderr(&both).contains("cannot be used with"));
    assert!(stderr(&none).contains("there is no key: give it as fourth value"));
}

#[cfg(unix)]
#[test]
fn readable_key_file_gets_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let alice = Alice::new();
    let file = file(alice.secret.as_bytes());
    let path = file.path().to_str().unwrap();
    for mode in [0o644, 0o640, 0o604, 0o620] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        let output = run(&[&alice.address, "bob", "5", "--key-file", path]);
        let note = format!("note: the key file {path} can be read by others; run: chmod 600 {path}\n");
        assert_eq!(stderr(&output), note);
        assert_eq!(stdout(&output), format!("{}\n", alice.signature()));
        assert_eq!(output.status.code(), Some(0));
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    check(&alice, &run(&[&alice.address, "bob", "5", "--key-file", path]));
}

fn check(alice: &Alice, output: &Output) {
    assert_eq!(stderr(output), "");
    assert_eq!(stdout(output), format!("{}\n", alice.signature()));
    assert_eq!(output.status.code(), Some(0));
}
