//! The command line: help, usage errors, and failed starts.

use std::net::TcpListener;

use crate::harness::launch::{Ended, Launch};

/// Checks that the start fails with one line that has these words.
fn assert_one_line(launch: &Launch, words: &[&str]) {
    let Ended { code, stdout, stderr } = launch.end();
    let [line] = stderr.as_slice() else { panic!("{stderr:#?}") };
    assert!(words.iter().all(|words| line.contains(words)), "{line}");
    assert_eq!((code, stdout), (Some(1), Vec::new()), "{line}");
}

/// Checks that an argument is a usage error with these words.
fn assert_usage_error(argument: &str, words: &str) {
    let ended = Launch::bare().argument(argument).end();
    assert_eq!((ended.code, ended.stdout), (Some(2), Vec::new()));
    assert!(ended.stderr.join("\n").contains(words), "{:#?}", ended.stderr);
}

#[test]
fn help_explains_every_flag_and_variable() {
    let ended = Launch::bare().argument("--help").end();
    let help = ended.stdout.join("\n");
    let flags = [
        "-p, --port",
        "--host",
        "--config",
        "--difficulty",
        "--mining-reward",
        "--threads",
        "--engine",
        "--data-dir",
        "--in-memory",
        "--wallet",
        "--owner",
        "--open",
        "--owner-token-file",
        "--allowed-host",
        "--allowed-origin",
        "--pool-limit",
        "--peer-timeout",
        "--peer-first-byte",
        "--peer-deadline",
        "--help",
        "--version",
    ];
    let variables = [
        "LEDGER_PORT",
        "LEDGER_HOST",
        "LEDGER_DIFFICULTY",
        "LEDGER_MINING_REWARD",
        "LEDGER_THREADS",
        "LEDGER_ENGINE",
        "LEDGER_DATA_DIR",
        "LEDGER_IN_MEMORY",
        "LEDGER_WALLET",
        "LEDGER_OWNER",
        "LEDGER_OPEN",
        "LEDGER_OWNER_TOKEN",
        "LEDGER_OWNER_TOKEN_FILE",
        "LEDGER_ALLOWED_HOST",
        "LEDGER_ALLOWED_ORIGIN",
        "LEDGER_POOL_LIMIT",
        "LEDGER_PEER_TIMEOUT",
        "LEDGER_PEER_FIRST_BYTE",
        "LEDGER_PEER_DEADLINE",
        "LEDGER_CONFIG",
    ];
    let defaults = ["5000", "0.0.0.0", "config/node.toml"];
    for word in flags.into_iter().chain(variables).chain(defaults) {
        assert!(help.contains(word), "{word} is missing");
    }
    assert_eq!((ended.code, ended.stderr), (Some(0), Vec::new()));
}

#[test]
fn version_is_one_line() {
    let ended = Launch::bare().argument("--version").end();
    assert_eq!(ended.stdout, [format!("node {}", env!("CARGO_PKG_VERSION"))]);
    assert_eq!((ended.code, ended.stderr), (Some(0), Vec::new()));
}

#[test]
fn usage_errors_exit_with_status_2() {
    assert_usage_error("--nonsense", "--nonsense");
    assert_usage_error("nonsense", "nonsense");
    assert_usage_error("--port=70000", "--port");
    assert_usage_error("--port=x", "--port");
    assert_usage_error("--difficulty=65", "difficulty");
    assert_usage_error("--mining-reward=-1", "must not be negative");
    assert_usage_error("--in-memory", "--data-dir");
    assert_usage_error("--owner=everybody", "loopback or token");
    for name in ["", "a b", "http://a", "a:5000", "a/b", "127.1", "a."] {
        assert_usage_error(&format!("--allowed-host={name}"), "not a host name");
    }
    for origin in ["", "*", "null", "page.example", "http://page.example/", "ftp://page.example"] {
        assert_usage_error(&format!("--allowed-origin={origin}"), "not an origin");
    }
    assert_usage_error("--pool-limit=0", "must not be 0");
    assert_usage_error("--peer-timeout=0", "1 or more");
    assert_usage_error("--peer-first-byte=0", "1 or more");
    assert_usage_error("--peer-deadline=1s", "whole number of seconds");
}

#[test]
fn negative_number_is_a_value() {
    for (flag, words) in [
        ("--port", "from 0 to 65535, such as 5000, not \"-1\""),
        ("--difficulty", "from 0 to 64, such as 4, not \"-1\""),
        ("--mining-reward", "must not be negative"),
        ("--threads", "must be 1 to 1024, not \"-1\""),
        ("--pool-limit", "\"-1\" is not a size"),
        ("--peer-timeout", "1 or more, such as 10, not \"-1\""),
    ] {
        let ended = Launch::bare().without("data-dir").argument(flag).argument("-1").end();
        assert!(ended.stderr.join("\n").contains(words), "{flag}: {:#?}", ended.stderr);
        assert_eq!(ended.code, Some(2));
    }
}

#[test]
fn taken_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    assert_one_line(&Launch::usual().flag("port", &port), &[&port, "taken", "--port"]);
}

#[test]
fn unusable_host_is_named() {
    assert_one_line(
        &Launch::usual().flag("host", "192.0.2.7"),
        &["192.0.2.7", "not an address of this machine", "--host"],
    );
    assert_one_line(&Launch::usual().flag("host", "no-such-host.invalid"), &["no-such-host.invalid"]);
}

#[test]
fn unreadable_configuration_is_named() {
    assert_one_line(&Launch::usual().flag("config", "missing.toml"), &["missing.toml", "cannot read"]);
    assert_one_line(&Launch::usual().flag("config", "."), &["cannot read"]);
    assert_one_line(&Launch::usual().variable("LEDGER_CONFIG", "missing.toml"), &["missing.toml"]);
}

#[test]
fn invalid_configuration_is_named_with_its_line() {
    for (text, words) in [
        ("difficulty = 2\nspeed = 9\n", &["line 2", "speed"][..]),
        ("\ndifficulty = 65\n", &["line 2", "65"]),
        ("difficulty = \"two\"\n", &["line 1", "such as 4"]),
        ("port = 70000\n", &["line 1"]),
        ("miningReward = -1\n", &["negative"]),
        ("miningReward = true\n", &["number"]),
        ("engine = \"abacus\"\n", &["line 1", "abacus", "portable"]),
        ("threads = 0\n", &["line 1", "threads", "1 to 1024"]),
        ("inMemory = 2\n", &["line 1", "neither true nor false"]),
        ("owner = \"all\"\n", &["line 1", "loopback or token"]),
        ("open = \"perhaps\"\n", &["line 1", "neither true nor false"]),
        ("ownerToken = \"0123456789abcdef\"\n", &["line 1", "ownerToken"]),
        ("allowedHost = [\"a:1\"]\n", &["line 1", "not a host name"]),
        ("allowedOrigin = [\"a\"]\n", &["line 1", "not an origin"]),
        ("difficulty = 2\ndifficulty = 3\n", &["line 2", "duplicate"]),
        ("no toml", &["line 1"]),
    ] {
        let launch = Launch::usual().file("config/node.toml", text);
        assert_one_line(&launch, &[&["config/node.toml", "not valid"], words].concat());
    }
}

#[test]
fn unknown_variable_is_named() {
    assert_one_line(&Launch::usual().variable("LEDGER_SPEED", "9"), &["LEDGER_SPEED", "LEDGER_DIFFICULTY"]);
}

#[test]
fn invalid_variable_is_named() {
    for (name, value) in [
        ("LEDGER_PORT", "x"),
        ("LEDGER_PORT", "70000"),
        ("LEDGER_DIFFICULTY", "65"),
        ("LEDGER_MINING_REWARD", "-1"),
        ("LEDGER_MINING_REWARD", "NaN"),
        ("LEDGER_THREADS", "0"),
        ("LEDGER_THREADS", "1025"),
        ("LEDGER_ENGINE", "abacus"),
        ("LEDGER_POOL_LIMIT", "16 MB"),
        ("LEDGER_PEER_TIMEOUT", "soon"),
        ("LEDGER_PEER_FIRST_BYTE", "-1"),
        ("LEDGER_IN_MEMORY", "perhaps"),
        ("LEDGER_OWNER", "me"),
        ("LEDGER_OPEN", "perhaps"),
        ("LEDGER_OWNER_TOKEN", "short"),
        ("LEDGER_ALLOWED_HOST", "a, b:1"),
        ("LEDGER_ALLOWED_ORIGIN", "http://a,b"),
    ] {
        assert_one_line(&Launch::usual().variable(name, value), &[name, "not valid"]);
    }
}

#[test]
fn unusable_wallet_is_named() {
    assert_one_line(&Launch::usual().flag("wallet", "missing.pem"), &["missing.pem", "wallet"]);
    let launch = Launch::usual().file("bad.pem", "nonsense").flag("wallet", "bad.pem");
    assert_one_line(&launch, &["bad.pem", "not usable"]);
}

#[test]
fn unusable_data_directory_is_named() {
    assert_one_line(&Launch::usual().file("data", "a file"), &["data", "cannot use"]);
    assert_one_line(&Launch::usual().file("data/ledger.db", "not a database"), &["ledger.db"]);
}
