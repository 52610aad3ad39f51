//! The owner's token: its sources, its form, and who needs it.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::harness::http::get;
use crate::harness::launch::{Ended, Launch};
use crate::harness::node::Node;
use crate::harness::outer_address;
use crate::harness::raw::Raw;

const GIVEN: &str = "0123456789abcdef-given";

/// The status of `GET /mine` with this `Authorization` header.
fn mine_as(node: &Node, authorization: &str) -> u16 {
    let mut raw = Raw::open(node);
    raw.request("GET", "/mine", &["Host: localhost", &format!("Authorization: {authorization}")], "");
    raw.answer().unwrap().status
}

/// A node that requires the token even on its own machine.
fn strict() -> Launch {
    Launch::usual().flag("owner", "token")
}

/// Checks that the start fails with one line that has these words.
fn assert_one_line(launch: &Launch, words: &[&str]) {
    let Ended { code, stdout, stderr } = launch.end();
    let [line] = stderr.as_slice() else { panic!("{stderr:#?}") };
    assert!(words.iter().all(|words| line.contains(words)), "{line}");
    assert_eq!((code, stdout), (Some(1), Vec::new()), "{line}");
}

#[test]
fn first_start_makes_a_private_token() {
    let node = strict().start();
    let token = node.owner_token();
    assert_eq!(token.len(), 64);
    let file = node.launch.folder().join("data/owner-token");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{token}\n"));
    assert_eq!(mine_as(&node, &format!("Bearer {token}")), 200);
    assert_ne!(strict().start().owner_token(), token);
}

#[test]
fn restart_keeps_the_token() {
    let launch = strict();
    let node = launch.start();
    let token = node.owner_token();
    node.stop();
    assert_eq!(mine_as(&launch.start(), &format!("Bearer {token}")), 200);
}

#[test]
fn token_is_never_shown() {
    let node = strict().variable("RUST_LOG", "trace").start();
    let token = node.owner_token();
    assert_eq!(mine_as(&node, &format!("Bearer {token}")), 200);
    assert_eq!(mine_as(&node, &format!("Bearer {token}0")), 403);
    let Ended { stdout, stderr, .. } = node.stop();
    assert!(stderr.iter().any(|line| line.contains("TRACE")));
    assert_eq!(stdout.iter().chain(&stderr).find(|line| line.contains(&token)), None);
}

#[test]
fn each_request_of_a_connection_is_checked() {
    let node = strict().variable("LEDGER_OWNER_TOKEN", GIVEN).start();
    let right = format!("Authorization: Bearer {GIVEN}");
    let mut raw = Raw::open(&node);
    for (token, status) in [(Some(&*right), 200), (None, 403), (Some(&*right), 200), (None, 403)] {
        let headers: Vec<&str> = ["Host: localhost"].into_iter().chain(token).collect();
        raw.request("POST", "/mine", &headers, "");
        assert_eq!(raw.answer().unwrap().status, status);
    }
}

#[test]
fn token_is_accepted_in_one_form_only() {
    let node = strict().variable("LEDGER_OWNER_TOKEN", GIVEN).start();
    for right in [format!("Bearer {GIVEN}"), format!("bearer {GIVEN}"), format!("BEARER   {GIVEN}")] {
        assert_eq!(mine_as(&node, &right), 200, "{right}");
    }
    for wrong in [
        "",
        "Bearer",
        "Bearer ",
        GIVEN,
        &format!("Basic {GIVEN}"),
        &format!("Bearer{GIVEN}"),
        &format!("Bearer\t{GIVEN}"),
        &format!("Bearer {}", &GIVEN[1..]),
        &format!("Bearer {}", &GIVEN[..GIVEN.len() - 1]),
        &format!("Bearer {GIVEN}x"),
        &format!("Bearer {GIVEN} x"),
        &format!("Bearer {GIVEN}, Bearer {GIVEN}"),
        &format!("Bearer {}", GIVEN.to_uppercase()),
        &format!("Bearer {GIVEN}\u{e9}"),
        &format!("Bearer x\r\nAuthorization: Bearer {GIVEN}"),
    ] {
        assert_eq!(mine_as(&node, wrong), 403, "{wrong:?}");
    }
    assert!(node.get(&format!("/mine?token={GIVEN}&access_token={GIVEN}")).status == 403);
}

#[test]
fn configured_token_replaces_the_generated_one() {
    let given = strict().variable("LEDGER_OWNER_TOKEN", GIVEN);
    let file = strict().file("mine", &format!("{GIVEN}\r\n")).flag("owner-token-file", "mine");
    let toml = strict().file("mine", GIVEN).file("config/node.toml", "ownerTokenFile = \"mine\"\n");
    let variable = strict().file("mine", GIVEN).variable("LEDGER_OWNER_TOKEN_FILE", "mine");
    let overridden = file.clone().variable("LEDGER_OWNER_TOKEN", "0123456789abcdef-other");
    for launch in [given, file, toml, variable, overridden] {
        let node = launch.start();
        assert_eq!(mine_as(&node, &format!("Bearer {GIVEN}")), 200);
        assert!(!node.launch.folder().join("data/owner-token").exists());
    }
}

#[test]
fn unusable_token_stops_the_start() {
    for (token, words) in
        [("", "16 to 256"), ("short", "16 to 256"), ("0123456789 abcdef", "letters, digits")]
    {
        // An empty variable counts as unset, so the file's token is used.
        if !token.is_empty() {
            let launch = strict().variable("LEDGER_OWNER_TOKEN", token);
            assert_one_line(&launch, &["LEDGER_OWNER_TOKEN", "not valid", words]);
        }
        let launch = strict().file("mine", token).flag("owner-token-file", "mine");
        assert_one_line(&launch, &["mine", "not usable", words]);
    }
    assert_one_line(&strict().flag("owner-token-file", "missing"), &["missing", "cannot read"]);
    assert_one_line(&strict().file("data/owner-token", ""), &["data/owner-token", "not usable"]);
    let launch = strict().file("mine", GIVEN).variable("LEDGER_OWNER_TOKEN_FILE", "mine");
    assert_one_line(&launch.variable("LEDGER_OWNER_TOKEN", GIVEN), &["cannot be combined"]);
    assert_one_line(&strict().argument("--open"), &["--open", "--owner token", "cannot be combined"]);
}

#[test]
fn pipe_as_token_file_does_not_block_the_start() {
    let launch = strict().file("data/other", "");
    let pipe = launch.folder().join("data/owner-token");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert_one_line(&launch, &["owner-token", "not an ordinary file"]);
}

#[test]
fn last_source_decides_who_is_owner() {
    let token = || Launch::usual().file("config/node.toml", "owner = \"token\"\n");
    assert_eq!(token().start().get("/mine").status, 403);
    assert_eq!(token().variable("LEDGER_OWNER", "loopback").start().get("/mine").status, 200);
    assert_eq!(token().variable("LEDGER_OPEN", "1").start().get("/mine").status, 200);
    assert_eq!(token().argument("--open").start().get("/mine").status, 200);
    // Turning `open` off does not make loopback the owner.
    for no in ["", "0", "false"] {
        assert_eq!(token().variable("LEDGER_OPEN", no).start().get("/mine").status, 403);
    }
    let open = Launch::usual().file("config/node.toml", "open = true\n");
    assert_eq!(open.flag("owner", "token").start().get("/mine").status, 403);
}

#[test]
fn in_memory_node_has_a_token() {
    let node = strict().without("data-dir").argument("--in-memory").start();
    assert_eq!(node.get("/mine").status, 403);
    let line = node.log.find("owner:").unwrap();
    let token = std::fs::read_to_string(line.rsplit(' ').next().unwrap()).unwrap();
    assert_eq!(mine_as(&node, &format!("Bearer {}", token.trim_end())), 200);
}

#[test]
fn every_loopback_address_is_the_owners() {
    let node = Launch::usual().flag("host", "::").start();
    for client in ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"] {
        assert_eq!(get(&format!("http://{client}:{}/mine", node.address.port())).status, 200, "{client}");
    }
}

/// Uses another address of this machine. `tests/mixed/namespaces.py` asks from a second network.
#[test]
#[ignore = "needs a network"]
fn other_addresses_are_not_the_owners() {
    let outer = outer_address();
    for host in ["0.0.0.0", "::"] {
        let node = Launch::usual().flag("host", host).start();
        let url = format!("http://{}:{}", outer, node.address.port());
        let answer = get(&format!("{url}/mine"));
        answer.assert_refusal("from another address");
        assert_eq!(answer.status, 403);
        assert!(answer.text.contains("on the node's own machine"), "{}", answer.text);
        assert_eq!(get(&format!("{url}/chain")).status, 200);
    }
    let node = Launch::usual().flag("host", "0.0.0.0").argument("--open").start();
    assert_eq!(get(&format!("http://{}:{}/mine", outer, node.address.port())).status, 200);
    assert!(node.log.find("every machine").is_some());
}

#[test]
fn proxy_headers_make_nobody_the_owner() {
    let node = strict().start();
    for header in ["X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1", "X-Real-IP: ::1"] {
        let mut raw = Raw::open(&node);
        raw.request("GET", "/mine", &["Host: localhost", header], "");
        assert_eq!(raw.answer().unwrap().status, 403, "{header}");
    }
}
