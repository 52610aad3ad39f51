//! Wallet files in the forms of other tools.

use std::os::unix::fs::PermissionsExt as _;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;

use crate::harness::durable::assert_one_line;
use crate::harness::launch::Launch;

/// Key fixtures of a group, as (name, bytes) pairs.
fn forms(group: &str) -> Vec<(String, Vec<u8>)> {
    let all: Value = serde_json::from_str(include_str!("../../../../wallet/tests/data/forms.json")).unwrap();
    let entries = all[group].as_object().unwrap().iter();
    entries
        .map(|(name, file)| (name.clone(), BASE64_STANDARD.decode(file.as_str().unwrap()).unwrap()))
        .collect()
}

/// A node with this wallet file, not started yet.
fn with_wallet(file: &[u8]) -> Launch {
    let launch = Launch::usual().file("wallet.pem", "");
    let path = launch.folder().join("wallet.pem");
    std::fs::write(&path, file).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    launch
}

#[test]
fn every_readable_wallet_form_starts_a_node() {
    for (name, file) in forms("private") {
        let node = with_wallet(&file).start();
        // All fixtures hold one key. `openssl pkey -pubout -outform DER | sha256sum` prints this.
        assert!(node.log.find("wallet 741d9e328b7b5fa8").is_some(), "{name}");
    }
    let pem =
        String::from_utf8(forms("private").into_iter().find(|(name, _)| name == "pkcs8").unwrap().1).unwrap();
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(pem.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let env = format!("KEY=\"{}\"", pem.replace('\n', "\\n"));
    for file in [utf16, env.into_bytes(), pem.replace('\n', "   \r\n").into_bytes()] {
        assert!(with_wallet(&file).start().log.find("wallet 741d9e328b7b5fa8").is_some());
    }
}

#[test]
fn unreadable_wallet_form_is_named_with_its_command() {
    for (name, file) in forms("foreign") {
        let launch = with_wallet(&file);
        let ended = launch.end();
        assert_one_line(&ended, &["the wallet wallet.pem is not usable: "]);
        let line = &ended.stderr[0];
        assert!(line.contains('`'), "{name}: {line}");
        assert!(!line.contains("FILE"), "{name}: {line}");
        assert_eq!(std::fs::read(launch.folder().join("wallet.pem")).unwrap(), file);
    }
}

#[test]
fn empty_wallet_is_named_as_an_empty_file() {
    assert_one_line(
        &with_wallet(b"").end(),
        &["wallet.pem", "the file is empty", "Restore the key from a copy"],
    );
}
