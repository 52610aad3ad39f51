//! Runs the commands that the program suggests for unreadable keys, and uses their results.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::program::{Alice, forms, run, stderr, stdout};

/// Passwords of the fixtures, and of the key store, which needs six characters.
const PASSWORDS: [(&str, &str); 4] = [
    ("openssl pkey", "-passin pass:secret"),
    ("openssl pkcs", "-passin pass:secret"),
    ("ssh-keygen -p", "-P secret"),
    ("keytool", "-srcstorepass secret1 -deststorepass secret"),
];

/// The commands in backquotes, with the password that a person would type.
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

/// The commands that the program suggests for a file.
fn way_out(file: &Path) -> Vec<String> {
    let refused = run(&["--address", "--key-file", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
    commands(stderr(&refused))
}

/// A file in its own directory, for [`way_out`] and its commands.
fn kept(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    std::fs::write(&path, content).unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    (directory, path)
}

/// Runs the suggested commands for a file. Returns the address of the resulting key.
fn converted(file: &[u8]) -> String {
    let (directory, path) = kept("the key", file);
    let mut printed = String::new();
    for command in way_out(&path) {
        let output = shell(&command, directory.path());
        assert!(output.status.success(), "{command}: {}", stderr(&output));
        printed = stdout(&output).trim_end().to_owned();
    }
    let made = ["key.pem", "key.pub", "key.der", "the key"].map(|name| directory.path().join(name));
    let made = made.iter().find(|path| path.exists()).unwrap();
    match printed.len() {
        600 => printed,
        _ => stdout(&run(&["--address", "--key-file", made.to_str().unwrap()])).trim_end().to_owned(),
    }
}

/// Foreign forms with suggested commands, and the tool of the first command.
fn convertible() -> Vec<(String, Vec<u8>, String)> {
    let without = ["ec", "ed25519", "dsa", "openpgp", "pkcs7", "three_primes", "printed"];
    let has_a_way = |name: &str| !without.iter().any(|other| name.starts_with(other));
    let forms = forms("foreign").into_iter().filter(|(name, _)| has_a_way(name));
    let with_tool = |(name, file): (String, Vec<u8>)| {
        let (_directory, path) = kept("the key", &file);
        let tool = way_out(&path)[0].split(' ').next().unwrap().to_owned();
        (name, file, tool)
    };
    forms.map(with_tool).collect()
}

/// Checks that a tool's commands convert keys without changing them.
fn assert_converts(tool: &str) {
    let alice = Alice::new();
    let forms: Vec<_> = convertible().into_iter().filter(|(.., first)| first == tool).collect();
    assert!(!forms.is_empty(), "no form is converted with {tool}");
    for (name, file, _) in forms {
        assert_eq!(converted(&file), alice.address, "{name}");
    }
}

#[test]
fn every_conversion_tool_is_tested() {
    let tools: BTreeSet<String> = convertible().into_iter().map(|(.., tool)| tool).collect();
    assert!(tools.iter().eq(["keytool", "openssl", "puttygen", "ssh-keygen"]), "{tools:?}");
}

#[test]
#[ignore = "needs openssl"]
fn openssl_converts_foreign_keys() {
    assert_converts("openssl");
}

#[test]
#[ignore = "needs ssh-keygen"]
fn ssh_keygen_converts_foreign_keys() {
    assert_converts("ssh-keygen");
}

#[test]
#[ignore = "needs puttygen"]
fn puttygen_converts_foreign_keys() {
    assert_converts("puttygen");
}

#[test]
#[ignore = "needs keytool"]
fn keytool_and_openssl_convert_a_key_store() {
    assert_converts("keytool");
}

#[test]
#[ignore = "needs python3"]
fn url_encoded_text_is_converted() {
    let pem = String::from_utf8(crate::program::form("private", "pkcs8")).unwrap();
    let encoded = pem.replace('+', "%2B").replace(' ', "+").replace('\n', "%0A").replace('=', "%3D");
    assert_eq!(converted(encoded.as_bytes()), Alice::new().address);
}

#[test]
#[ignore = "needs xxd"]
fn hex_text_is_converted() {
    let hex: String =
        crate::program::form("private", "pkcs1_der").iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(converted(hex.as_bytes()), Alice::new().address);
}
