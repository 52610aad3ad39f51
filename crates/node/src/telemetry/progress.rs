//! Progress bars on standard error, if that is a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that counts blocks, with the rate and the remaining time.
pub fn blocks(what: &'static str, total: u64) -> ProgressBar {
    let style = "{msg} {wide_bar} {human_pos}/{human_len} blocks, {per_sec}, {eta} left";
    bar(what, style, total)
}

/// A bar that counts bytes. Without a total, it shows only their number and the rate.
pub fn bytes(what: &'static str, total: Option<u64>) -> ProgressBar {
    match total {
        Some(total) => {
            bar(what, "{msg} {wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left", total)
        }
        None => {
            let bar = ProgressBar::new_spinner().with_message(what);
            bar.set_style(style("{msg} {spinner} {bytes}, {bytes_per_sec}"));
            bar
        }
    }
}

fn bar(what: &'static str, template: &str, total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total).with_message(what);
    bar.set_style(style(template));
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates are well-formed")
}
