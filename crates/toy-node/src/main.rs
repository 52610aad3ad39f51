//! A node by the toy's rules: `cargo run -p toy-node`.
//!
//! It shows what a rule set costs: the folder `toy`, and one line that registers it. All else is the node's.

mod toy;

fn main() -> std::process::ExitCode {
    node::program(&[toy::REGISTRATION])
}
