//! Recognises texts that are no key we can read: other programs' keys, and damaged ones.

use zeroize::Zeroizing;

use crate::KeyForm;

/// Bytes after "BEGIN" in which a PEM's first line says "KEY".
const LABEL: usize = 60;

/// The format of a text without a readable key.
pub(super) fn form(text: &str) -> Option<KeyForm> {
    let text = text.trim();
    let lower = text.get(..text.len().min(64)).unwrap_or_default().to_ascii_lowercase();
    if text.starts_with("PuTTY-User-Key-File-") {
        return Some(KeyForm::Putty);
    }
    if text.starts_with("---- BEGIN SSH2 PUBLIC KEY") {
        return Some(KeyForm::Ssh2);
    }
    if lower.starts_with("{\\rtf") {
        return Some(KeyForm::RichText);
    }
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Some(KeyForm::WebPage);
    }
    if let Some(form) = armour(text) {
        return Some(form);
    }
    if lower.contains("-key: (") && text.contains("odulus:") {
        return Some(KeyForm::Printed);
    }
    if text.starts_with("AGE-SECRET-KEY-") || is_hex(text, 64..=66) || is_phrase(text) {
        return Some(KeyForm::OtherLedger);
    }
    is_hex(text, 128..=usize::MAX).then_some(KeyForm::Hex)
}

/// Recognises a text with the words of a PEM's first line, but not the line itself.
fn armour(text: &str) -> Option<KeyForm> {
    let upper = Zeroizing::new(text.to_ascii_uppercase());
    let mut labels = upper.split("BEGIN").skip(1).map(|line| line.get(..LABEL).unwrap_or(line));
    let label = labels.find(|label| label.contains("KEY"))?;
    Some(if label.starts_with("%20") || label.starts_with('+') {
        KeyForm::UrlEncoded
    } else {
        KeyForm::Dashes
    })
}

fn is_hex(text: &str, digits: std::ops::RangeInclusive<usize>) -> bool {
    let text = text.strip_prefix("0x").unwrap_or(text);
    let mut count = 0;
    let is_hex = text.chars().all(|char| {
        count += usize::from(char.is_ascii_hexdigit());
        char.is_ascii_hexdigit() || char.is_whitespace() || char == ':'
    });
    is_hex && digits.contains(&count)
}

/// A mnemonic phrase (BIP 39).
fn is_phrase(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    matches!(words.len(), 12 | 15 | 18 | 21 | 24)
        && words
            .iter()
            .all(|word| (3..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}
