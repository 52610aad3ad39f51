//! Precedence of settings: defaults, then config/node.toml, then the environment, then flags.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::harness::launch::Launch;
use crate::harness::node::Node;

/// A node with flags for host, port, wallet and data directory only.
fn minimal() -> Launch {
    Launch::bare().ready_wallet().flag("port", "0")
}

/// The difficulty and reward in the log.
fn announced(node: &Node) -> String {
    let line = node.log.find("difficulty").unwrap();
    line[line.find("difficulty").unwrap()..].to_owned()
}

/// The reward in the next block.
fn rewarded(node: &Node) -> Value {
    node.mine()["transactions"][0]["amount"].take()
}

#[test]
fn defaults_are_difficulty_4_and_reward_1() {
    let node = minimal().start();
    assert_eq!(announced(&node), "difficulty 4, mining reward 1");
    assert_eq!(rewarded(&node), json!(1));
    let rules = crate::harness::made::chains::at_difficulty(4);
    crate::harness::made::chains::assert_keeps(rules, &node.chain());
}

#[test]
fn file_wins_over_the_defaults() {
    let node = minimal().file("config/node.toml", "difficulty = 1\nminingReward = 2.5\n").start();
    assert_eq!(announced(&node), "difficulty 1, mining reward 2.5");
    assert_eq!(rewarded(&node), json!(2.5));
}

#[test]
fn environment_wins_over_the_file() {
    let launch = minimal().file("config/node.toml", "difficulty = 12\nminingReward = 2\n");
    let node = launch.variable("LEDGER_DIFFICULTY", "1").variable("LEDGER_MINING_REWARD", "3").start();
    assert_eq!(announced(&node), "difficulty 1, mining reward 3");
    assert_eq!(rewarded(&node), json!(3));
}

#[test]
fn flags_win_over_the_environment() {
    let launch = minimal().file("config/node.toml", "difficulty = 12\nminingReward = 2\n");
    let launch = launch.variable("LEDGER_DIFFICULTY", "11").variable("LEDGER_MINING_REWARD", "3");
    let node = launch.flag("difficulty", "1").flag("mining-reward", "4").start();
    assert_eq!(announced(&node), "difficulty 1, mining reward 4");
    assert_eq!(rewarded(&node), json!(4));
}

#[test]
fn last_source_of_each_setting_wins() {
    let launch = minimal().file("config/node.toml", "difficulty = 12\nminingReward = 7\n");
    let node = launch.variable("LEDGER_DIFFICULTY", "1").start();
    assert_eq!(announced(&node), "difficulty 1, mining reward 7");
}

#[test]
fn last_source_of_the_port_wins() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (zero, other) = ("port = 0\n", format!("port = {port}\n"));
    let launch = |file: &str| minimal().without("port").file("config/node.toml", file);
    let refused = |launch: Launch| {
        let ended = launch.end();
        assert!(ended.stderr[0].contains(&port), "{:?}", ended.stderr);
    };
    refused(launch(&other));
    refused(launch(zero).variable("LEDGER_PORT", &port));
    refused(launch(zero).variable("LEDGER_PORT", "0").flag("port", &port));
    launch(zero).start();
    launch(&other).variable("LEDGER_PORT", "0").start();
    launch(&other).variable("LEDGER_PORT", &port).argument("-p0").start();
}

#[test]
fn false_in_memory_variable_has_no_effect() {
    let launch = minimal().without("data-dir").file("config/node.toml", "dataDir = \"kept\"\n");
    let node = launch.variable("LEDGER_IN_MEMORY", "0").start();
    assert!(node.launch.folder().join("kept/ledger.db").exists());
}

#[test]
fn flag_or_variable_selects_another_file() {
    let launch = minimal().file("config/node.toml", "speed = 9").file("mine.toml", "difficulty = 1");
    let launch = launch.file("other.toml", "difficulty = 2");
    assert!(announced(&launch.clone().flag("config", "mine.toml").start()).starts_with("difficulty 1,"));
    let launch = launch.variable("LEDGER_CONFIG", "other.toml");
    assert!(announced(&launch.start()).starts_with("difficulty 2,"));
    assert!(announced(&launch.flag("config", "mine.toml").start()).starts_with("difficulty 1,"));
}

#[test]
fn repository_file_states_the_defaults() {
    let repository = include_str!("../../../../../config/node.toml");
    let node = minimal().file("config/node.toml", repository).start();
    assert_eq!(announced(&node), "difficulty 4, mining reward 1");
}

#[test]
fn other_variables_are_ignored() {
    let launch = minimal().variable("LEDGER_NODE", "http://localhost:5001").variable("BLEDGER_X", "1");
    launch.variable("LEDGER_PORT", "tcp://10.0.0.1:5000").variable("LEDGER_SERVICE_HOST", "10.0.0.1").start();
}

#[test]
fn reward_keeps_its_type() {
    for (reward, amount) in [("5", "5"), ("5.0", "5.0"), ("0", "0"), ("0.00001", "1e-05")] {
        let node = minimal().flag("difficulty", "0").flag("mining-reward", reward).start();
        let expected = format!("{{\"amount\": {amount}, ");
        assert!(node.get("/mine").text.contains(&expected), "{reward}");
    }
}
