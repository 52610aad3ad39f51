//! The node's program: `cargo run -p node`.

fn main() -> std::process::ExitCode {
    node::program(ledger_core::RULE_SETS)
}
