//! A node with the toy's rules: `cargo run -p toy-node`.
//!
//! It shows how little a rule set needs: the folder `toy`, and one line that registers it. Everything else is the crate `node`.

mod toy;

fn main() -> std::process::ExitCode {
    node::program(&[toy::REGISTRATION])
}
