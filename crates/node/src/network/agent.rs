//! What nodes say of themselves when they connect: their program, and if the owner named the node, its name and wallet.

use ledger_core::Printable;

use crate::settings::NodeName;

/// This program.
const PROGRAM: &str = concat!("ledger/", env!("CARGO_PKG_VERSION"));

/// The hex digits of a wallet's fingerprint.
const FINGERPRINT: usize = 16;

/// What a peer says of itself, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agent {
    /// Its program, escaped.
    pub program: String,
    /// The fingerprint of its wallet.
    pub wallet: Option<String>,
    /// The label that its owner gave it.
    pub name: Option<String>,
}

/// What this node says of itself. A node without a name does not tell its wallet.
pub(super) fn ours(name: Option<&NodeName>, wallet: &str) -> String {
    name.map_or_else(|| PROGRAM.to_owned(), |name| format!("{PROGRAM} ({wallet}; {name})"))
}

impl Agent {
    /// Reads what a peer says.
    pub fn read(text: &str) -> Self {
        let (program, label) = split(text).map_or((text, None), |(program, label)| (program, Some(label)));
        let (wallet, name) = label.map(|(wallet, name)| (wallet.to_owned(), name.to_owned())).unzip();
        Self { program: Printable::foreign(program).to_string(), wallet, name }
    }
}

/// Program, wallet and name of `program (wallet; name)`.
fn split(text: &str) -> Option<(&str, (&str, &str))> {
    let (program, label) = text.strip_suffix(')')?.split_once(" (")?;
    let (wallet, name) = label.split_once("; ")?;
    (is_fingerprint(wallet) && NodeName::parse(name).is_ok()).then_some((program, (wallet, name)))
}

/// Whether a text is a wallet's fingerprint.
fn is_fingerprint(text: &str) -> bool {
    text.len() == FINGERPRINT && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WALLET: &str = "77cc0f7c4ec8c82b";

    #[test]
    fn named_node_tells_its_name_and_wallet() {
        for name in ["heron", "Zoë's (second); node)", "鹭"] {
            let said = ours(Some(&NodeName::parse(name).unwrap()), WALLET);
            let read = Agent::read(&said);
            assert_eq!((read.program.as_str(), read.name.as_deref()), (PROGRAM, Some(name)));
            assert_eq!(read.wallet.as_deref(), Some(WALLET));
        }
    }

    #[test]
    fn node_without_a_name_tells_its_program_only() {
        let read = Agent::read(&ours(None, WALLET));
        assert_eq!(read, Agent { program: PROGRAM.to_owned(), ..Agent::default() });
    }

    #[test]
    fn anything_else_is_the_name_of_a_program() {
        let long = format!("a/1 ({WALLET}; {})", "x".repeat(41));
        for text in [
            "",
            "a/1 (b)",
            "a/1 (77CC0F7C4EC8C82B; b)",
            "a/1 (77cc; b)",
            &long,
            "a/1 (77cc0f7c4ec8c82b; b\nc)",
        ] {
            let read = Agent::read(text);
            assert_eq!((read.name, read.wallet), (None, None), "{text}");
        }
        assert_eq!(Agent::read("a\nb").program, "a\\nb");
    }
}
