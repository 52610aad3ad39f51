//! Messages for unusable settings: source, value, expectation and an example.

use std::fs;

use crate::harness::durable::assert_one_line;
use crate::harness::launch::Launch;

/// Settings with a value that a person may write by mistake, and words of the message.
const REFUSED: [(&str, &str, &str); 23] = [
    ("host", "http://localhost", "such as 127.0.0.1, without http:// and port"),
    ("host", "127.0.0.1:5000", "without http:// and port"),
    ("port", "http", "a number from 0 to 65535, such as 5000, not \"http\""),
    ("port", "99999", "a number from 0 to 65535"),
    ("rules", "Classic", "the name of a rule set, such as classic, not \"Classic\""),
    ("difficulty", "four", "a number from 0 to 64, such as 4, not \"four\""),
    ("difficulty", "65", "0 to 64 leading zeros, not 65"),
    ("difficulty", "4.5", "a number from 0 to 64"),
    ("mining-reward", "abc", "a number such as 1 or 2.5, not \"abc\""),
    ("mining-reward", "-1", "must not be negative"),
    ("mining-reward", "1,5", "a number such as 1 or 2.5"),
    ("threads", "all", "1 to 1024, not \"all\""),
    ("engine", "gpu", "there is no engine \"gpu\"; this processor has"),
    ("mine-every", "10s", "a whole number of seconds, 1 or more, such as 10, not \"10s\""),
    ("resolve-every", "0", "a whole number of seconds, 1 or more"),
    ("owner", "me", "loopback or token, not \"me\""),
    ("allowed-origin", "page.example", "page.example"),
    ("pool-limit", "16 MB", "write 1000000, 512 KiB, 16 MiB or 1 GiB"),
    ("request-log", "yes", "auto, on or off, not \"yes\""),
    (
        "request-rate",
        "-1",
        "a whole number of requests a second, such as 2000, or 0 for no limit, not \"-1\"",
    ),
    ("request-rate", "10/s", "such as 2000, or 0 for no limit"),
    ("peer-timeout", "0", "1 or more"),
    ("peer-deadline", "forever", "a whole number of seconds"),
];

/// A node with flags for port, wallet and data directory only.
fn minimal() -> Launch {
    Launch::bare().ready_wallet().without("host").flag("port", "0")
}

/// The name in the file: `miningReward` for `mining-reward`.
fn in_file(flag: &str) -> String {
    let (first, rest) = flag.split_once('-').unwrap_or((flag, ""));
    let upper =
        rest.split('-').filter(|word| !word.is_empty()).map(|word| word[..1].to_uppercase() + &word[1..]);
    std::iter::once(first.to_owned()).chain(upper).collect()
}

#[test]
fn bad_file_values_are_refused_with_line_and_name() {
    for (flag, value, words) in REFUSED {
        let name = in_file(flag);
        for line in [format!("{name} = \"{value}\""), format!("{name} = {value}")] {
            let is_number = value.parse::<f64>().is_ok();
            if !line.contains('"') && !is_number {
                continue;
            }
            let launch =
                minimal().without("port").file("config/node.toml", &format!("# settings\n\n{line}\n"));
            assert_one_line(&launch.end(), &["the configuration config/node.toml", "line 3: ", &name, words]);
        }
    }
}

#[test]
fn bad_variables_are_refused_by_name() {
    for (flag, value, words) in REFUSED {
        let name: &'static str = format!("LEDGER_{}", flag.replace('-', "_").to_uppercase()).leak();
        let ended = minimal().without("port").variable(name, value).end();
        assert_one_line(&ended, &["the environment variable", name, words]);
    }
}

#[test]
fn bad_flags_are_refused_by_name() {
    for (flag, value, words) in REFUSED {
        let ended = minimal().without("port").flag(flag, value).end();
        let says = ended.stderr.join("\n");
        assert_eq!(ended.code, Some(2), "{says}");
        for words in [format!("--{flag}"), value.to_owned(), words.to_owned()] {
            assert!(says.contains(&words), "no {words:?} in {says}");
        }
    }
}

#[test]
fn misspelt_names_suggest_the_right_ones() {
    let launch = minimal().file("config/node.toml", "port = 0\nmining_reward = 2\n");
    assert_one_line(
        &launch.end(),
        &["line 2: \"mining_reward\" is not a setting; did you mean miningReward?"],
    );
    let launch = minimal().variable("LEDGER_DIFICULTY", "2");
    assert_one_line(&launch.end(), &["LEDGER_DIFICULTY is not a setting; did you mean LEDGER_DIFFICULTY?"]);
    let ended = minimal().flag("dificulty", "2").end();
    assert!(ended.stderr.join("\n").contains("'--difficulty'"), "{:?}", ended.stderr);
}

#[test]
fn empty_variables_and_carriage_returns_are_ignored() {
    let launch =
        minimal().variable("LEDGER_PORT", "").variable("LEDGER_OWNER_TOKEN", "").variable("LEDGER_OPEN", "");
    let launch = launch
        .variable("LEDGER_CONFIG", "")
        .variable("LEDGER_DIFFICULTY", " 2\r")
        .variable("LEDGER_HOST", "");
    let node = launch.flag("host", "127.0.0.1").start();
    assert!(node.log.find("difficulty 2, mining reward 1").is_some());
}

#[test]
fn editor_files_are_read_or_named() {
    let launch = minimal().flag("host", "127.0.0.1");
    let written = |bytes: &[u8]| {
        fs::create_dir_all(launch.folder().join("config")).unwrap();
        fs::write(launch.folder().join("config/node.toml"), bytes).unwrap();
    };
    for text in [
        "\u{feff}difficulty = 2\r\n",
        "difficulty\t=\t2",
        "difficulty = \"2\"\n",
        "difficulty = 0x2\n# Zoë\n",
    ] {
        written(text.as_bytes());
        if text.contains("0x") {
            assert_one_line(&launch.end(), &["line 1: difficulty: ", "not \"0x2\""]);
        } else {
            assert!(launch.start().log.find("difficulty 2,").is_some(), "{text:?}");
        }
    }
    let utf16: Vec<u8> = "\u{feff}difficulty = 2".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, words) in [
        (utf16.as_slice(), "it is UTF-16, as some programs on Windows write; save it as UTF-8"),
        (b"# Zo\xeb\n".as_slice(), "line 1: the byte 0xeb is not UTF-8"),
        ("host = “localhost”".as_bytes(), "line 1: write the straight quote"),
        (b"host = localhost", "write a text in quotes: host = \"localhost\""),
        (b"[node]\nport = 1\n", "write all settings at the top, without [ ]"),
        (b"ownerToken = \"0123456789abcdef\"\n", "name its file with ownerTokenFile"),
        (b"dataDir = \"\"\n", "omit the setting for its default"),
    ] {
        written(bytes);
        assert_one_line(&launch.end(), &["config/node.toml", words]);
    }
    assert_one_line(
        &launch.clone().flag("config", "config").end(),
        &["configuration config", "it is a directory"],
    );
    assert_one_line(
        &launch.clone().flag("config", "none.toml").end(),
        &["none.toml", "there is no such file"],
    );
}

#[test]
fn unusable_listen_address_is_named() {
    let elsewhere = minimal().flag("host", "192.0.2.1").end();
    assert_one_line(&elsewhere, &["192.0.2.1 is not an address of this machine", "--host", "127.0.0.1"]);
}

#[test]
fn wrong_difficulty_names_all_ways_out() {
    let launch = Launch::usual();
    let node = launch.start();
    node.mine();
    node.stop();
    let ended = launch.flag("difficulty", "12").end();
    assert_one_line(
        &ended,
        &["at another difficulty", "--difficulty", "--data-dir with a new directory", "--in-memory"],
    );
}
