//! Messages name what prevents a write. Only a full disk is called full.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::harness::durable::assert_one_line;
use crate::harness::launch::{Ended, Launch};
use crate::harness::made::payments::pay;

fn used() -> Launch {
    let node = Launch::usual().start();
    node.mine();
    let launch = node.launch.clone();
    node.stop();
    launch
}

#[test]
fn file_size_limit_is_named_and_loses_nothing() {
    // A POSIX shell counts 512-byte blocks.
    let node = Launch::usual().after_commands("ulimit -f 2000").start();
    node.mine();
    let refusal = (0..200)
        .map(|number| node.submit(&pay(&format!("{number}{}", "x".repeat(8_000)), "1")))
        .find(|answer| answer.status != 201)
        .expect("the limit is reached");
    assert_eq!(refusal.status, 507, "{}", refusal.text);
    for words in ["1024000 bytes", "ulimit -f unlimited", "nothing was changed"] {
        assert!(refusal.text.contains(words), "{}", refusal.text);
    }
    let state = node.state();
    node.signal("KILL");
    let launch = node.launch.clone();
    node.ended();
    assert_eq!(launch.after_commands("true").start().state(), state);
}

#[test]
fn first_start_names_a_small_file_size_limit() {
    for blocks in [0, 8, 100] {
        let launch = Launch::usual().after_commands(&format!("ulimit -f {blocks}"));
        assert_one_line(&launch.end(), &["ulimit -f unlimited"]);
        assert_eq!(
            launch.after_commands("true").start().chain().len(),
            1,
            "after a start with {blocks} blocks"
        );
    }
}

#[test]
fn too_few_descriptors_are_named() {
    let launch = used();
    let too_few = launch.clone().after_commands("ulimit -n 32").end().stderr.join("\n");
    let least = too_few.split_once("a node needs at least ").unwrap().1.split(';').next().unwrap();
    let least: u32 = least.parse().unwrap();
    launch.clone().after_commands(&format!("ulimit -n {least}")).start();
    // Count the open files: tests may inherit more than the usual three. `ls` itself opens one.
    let open = Command::new("sh").args(["-c", "ls /dev/fd | wc -l"]).output().unwrap();
    let open: u32 = String::from_utf8(open.stdout).unwrap().trim().parse().unwrap();
    for files in [2, 5, 8, 10, 12, 16, 20].map(|more| open + more).into_iter().chain([least - 1]) {
        let ended = launch.clone().after_commands(&format!("ulimit -n {files}")).end();
        assert_one_line(&ended, &["too many open files", &files.to_string(), "ulimit -n 2048"]);
    }
}

/// Runs a node as a user other than root, as root ignores permissions.
fn as_nobody(launch: &Launch, arguments: &[&str]) -> Ended {
    let mut node = Command::new("setpriv");
    node.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", env!("CARGO_BIN_EXE_node")]);
    node.args(["--port", "0", "--host", "127.0.0.1", "--difficulty", "2"]).args(arguments);
    let output =
        node.current_dir(launch.folder()).stdin(Stdio::null()).env_remove("RUST_LOG").output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!text.contains("setpriv"), "{text}");
    let stderr = text.lines().map(str::to_owned).collect();
    Ended { code: output.status.code(), stdout: Vec::new(), stderr }
}

#[test]
#[ignore = "needs setpriv"]
fn another_users_files_are_named() {
    let launch = used();
    let permit = |path: &str, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(launch.folder().join(path), permissions).unwrap();
    };
    permit("", 0o755);
    let _ = std::os::unix::fs::chown(launch.folder().join("wallet.pem"), Some(65_534), None);
    let arguments = ["--wallet", "wallet.pem", "--data-dir", "data"];
    let words = ["permission denied", "65534", "ls -ld"];
    assert_one_line(&as_nobody(&launch, &arguments), &words);
    permit("data", 0o777);
    assert_one_line(&as_nobody(&launch, &arguments), &words);
    permit("data/node.lock", 0o666);
    assert_one_line(&as_nobody(&launch, &arguments), &words);
}

#[test]
fn impossible_paths_are_named() {
    let launch = Launch::usual().file("a file", "");
    let long = "x".repeat(300);
    for (path, words) in [
        ("a file/data", "a file is a file, not a directory"),
        (long.as_str(), "name too long"),
        ("/dev/null", "is a device, not a directory"),
        ("/proc/no-such-thing", "no such file or directory"),
        ("a file", "it is a file, not a directory"),
    ] {
        let ended = launch.clone().flag("data-dir", path).end();
        assert_one_line(&ended, &["cannot use the data directory", words, "--data-dir"]);
    }
}
