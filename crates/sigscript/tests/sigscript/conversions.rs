//! The commands that the program names for keys it does not read: each is run, and what it makes is used.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::program::{Alice, forms, run, stderr, stdout};

/// The password of the fixtures, and of the key store, which needs six characters.
const PASSWORDS: [(&str, &str); 4] = [
    ("openssl pkey", "-passin pass:secret"),
    ("openssl pkcs", "-passin pass:secret"),
    ("ssh-keygen -p", "-P secret"),
    ("keytool", "-srcstorepass secret1 -deststorepass secret"),
];

/// The commands between backquotes of a sentence, with the password that a person would type.
fn commands(sentence: &str) -> Vec<String> {
    let quoted = sentence.split('`').skip(1).step_by(2);
    let with_password = |command: &str| {
        let password =
            PASSWORDS.iter().find(|(start, _)| command.starts_with(start)).map_or("", |(_, option)| option);
        format!("{command} {password}")
    };
    quoted.filter(|command| !command.starts_with("sigscript --new-key")).map(with_password).collect()
}

fn shell(command: &str, directory: &Path) -> Output {
    let path = Path::new(env!("CARGO_BIN_EXE_sigscript")).parent().unwrap();
    let path = format!("{}:{}", path.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(directory).env("PATH", path).stdin(Stdio::null());
    shell.output().unwrap()
}

fn is_there(tool: &str) -> bool {
    shell(&format!("command -v {tool}"), Path::new(".")).status.success()
}

/// Runs what the program says of a file. `None` if a tool is not there, else the address of what it made.
fn converted(name: &str, file: &[u8]) -> Option<String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("the key");
    std::fs::write(&path, file).unwrap();
    std::process::Command::new("chmod").arg("600").arg(&path).status().unwrap();
    let refused = run(&["--address", "--key-file", path.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1), "{name}");
    let commands = commands(stderr(&refused));
    if commands.iter().any(|command| !is_there(command.split(' ').next().unwrap())) {
        eprintln!("skipped, its tool is not there: {name}");
        return None;
    }
    let mut printed = String::new();
    for command in commands {
        let output = shell(&command, directory.path());
        assert!(output.status.success(), "{name}: {command}: {}", stderr(&output));
        printed = stdout(&output).trim_end().to_owned();
    }
    let made = ["key.pem", "key.pub", "the key"].map(|name| directory.path().join(name));
    let made = made.iter().find(|path| path.exists()).unwrap();
    match printed.len() {
        600 => Some(printed),
        _ => Some(stdout(&run(&["--address", "--key-file", made.to_str().unwrap()])).trim_end().to_owned()),
    }
}

#[cfg(unix)]
#[test]
fn commands_named_for_foreign_keys_convert_them() {
    let alice = Alice::new();
    let without = ["ec", "ed25519", "dsa", "openpgp", "pkcs7", "three_primes", "printed"];
    let has_a_way = |name: &str| !without.iter().any(|other| name.starts_with(other));
    for (name, file) in forms("foreign").into_iter().filter(|(name, _)| has_a_way(name)) {
        if let Some(address) = converted(&name, &file) {
            assert_eq!(address, alice.address, "{name}");
        }
    }
}

#[cfg(unix)]
#[test]
fn url_encoded_text_is_converted() {
    let pem = String::from_utf8(crate::program::form("private", "pkcs8")).unwrap();
    let encoded = pem.replace('+', "%2B").replace(' ', "+").replace('\n', "%0A").replace('=', "%3D");
    if let Some(address) = converted("URL-encoded", encoded.as_bytes()) {
        assert_eq!(address, Alice::new().address);
    }
}

#[test]
fn hex_text_is_converted() {
    let hex: String =
        crate::program::form("private", "pkcs1_der").iter().map(|byte| format!("{byte:02x}")).collect();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key.hex");
    std::fs::write(&path, hex).unwrap();
    let refused = run(&["--address", "--key-file", path.to_str().unwrap()]);
    if is_there("xxd") {
        for command in commands(stderr(&refused)) {
            assert!(shell(&command, directory.path()).status.success(), "{command}");
        }
        let made = directory.path().join("key.der");
        let address = run(&["--address", "--key-file", made.to_str().unwrap()]);
        assert_eq!(stdout(&address).trim_end(), Alice::new().address);
    }
}
