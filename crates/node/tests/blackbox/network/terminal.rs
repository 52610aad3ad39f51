//! What a sync shows on a terminal.

use crate::network::nodes::{dialling, with_long_chain};

/// Runs the node in a terminal whose output is the log.
const TERMINAL: &str = r#"exec script -qefc "exec $*" /dev/null >&2"#;

/// What a terminal shows of a line when its last part is written: the text after the last clearing.
fn shown(line: &str) -> &str {
    line.rsplit("\u{1b}[2K").next().unwrap().trim_start_matches('\r')
}

#[test]
#[ignore = "needs script"]
fn bar_shows_the_progress_below_the_log_and_tears_no_line() {
    let source = with_long_chain();
    let late =
        dialling(&[&source]).under(TERMINAL).variable("NO_COLOR", "1").variable("TERM", "xterm").start();
    late.until_agrees_with(&source);
    let bar = late.log.find("syncing ").expect("a bar is shown");
    assert!(bar.contains("/4,000 blocks, ") && bar.contains(" left"), "{bar:?}");
    let adopted = late.log.find("reorg: 1 block out, 4000 in, height 4000").unwrap();
    for line in [&bar, &adopted] {
        assert!(shown(line).starts_with(|first: char| first.is_ascii_digit()), "{line:?}");
    }
}
