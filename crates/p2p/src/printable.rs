/// Truncates a foreign text to `max` characters, and escapes characters that could fake a log line.
pub(crate) fn printable(text: &str, max: usize) -> String {
    let mut cut: String = text.chars().take(max).flat_map(char::escape_debug).collect();
    if text.chars().nth(max).is_some() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_and_has_no_control_characters() {
        assert_eq!(printable("ledger/1.0", 64), "ledger/1.0");
        assert_eq!(printable("a\nb\u{1b}[31m", 64), "a\\nb\\u{1b}[31m");
        assert_eq!(printable("abcdef", 3), "abc…");
    }
}
