//! Makes foreign text safe for one line of a log, an answer or a terminal.

use std::fmt::{self, Display, Write};

/// Maximum characters of a foreign text in a message.
const SHOWN: usize = 200;

/// Maximum characters of a whole message: our sentence with foreign texts in it.
const MESSAGE: usize = 2_000;

/// Letters of several scripts that show as nothing or as a space.
const FILLERS: [char; 6] = ['\u{115f}', '\u{1160}', '\u{17b4}', '\u{17b5}', '\u{3164}', '\u{ffa0}'];

/// A text that shows on one line, whoever wrote it. Line ends, control and invisible characters are escaped as in
/// Rust (`\n`, `\u{1b}`), and a long text is cut, with an ellipsis.
///
/// Quotes and backslashes stay, so applying it twice changes nothing.
///
/// # Examples
///
/// ```
/// use ledger_core::Printable;
///
/// assert_eq!(Printable::foreign("a\r\nb \u{1b}[2J \u{202e} \u{9b} é").to_string(), r"a\r\nb \u{1b}[2J \u{202e} \u{9b} é");
/// assert_eq!(Printable::foreign("x".repeat(300)).to_string(), "x".repeat(200) + "…");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Printable<T> {
    text: T,
    limit: usize,
}

impl<T: Display> Printable<T> {
    /// Shows up to 200 characters of a foreign text.
    pub fn foreign(text: T) -> Self {
        Self { text, limit: SHOWN }
    }

    /// Shows up to 2,000 characters of a message that may contain foreign texts.
    pub fn message(text: T) -> Self {
        Self { text, limit: MESSAGE }
    }
}

impl<T: Display> Display for Printable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut escaper = Escaper { out: f, left: self.limit, is_cut: false };
        // The cut returns an error to stop formatting, since the text may be very long.
        write!(escaper, "{}", self.text).or_else(|error| if escaper.is_cut { Ok(()) } else { Err(error) })
    }
}

/// Escapes and counts characters.
struct Escaper<'a, 'b> {
    out: &'a mut fmt::Formatter<'b>,
    left: usize,
    is_cut: bool,
}

impl Write for Escaper<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            let escape = escape(character);
            let length = escape.as_ref().map_or(1, |escape| escape.chars().count());
            if length > self.left {
                self.is_cut = true;
                self.out.write_char('…')?;
                return Err(fmt::Error);
            }
            self.left -= length;
            match escape {
                Some(escape) => self.out.write_str(&escape)?,
                None => self.out.write_char(character)?,
            }
        }
        Ok(())
    }
}

/// The escape of a character that does not show as itself.
fn escape(character: char) -> Option<String> {
    match character {
        ' '..='~' => None,
        _ if FILLERS.contains(&character) => Some(character.escape_unicode().to_string()),
        // Also escapes combining marks, which would join the character before.
        _ => Some(character.escape_debug().to_string()).filter(|escape| escape.len() > character.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Printable::foreign(text).to_string()
    }

    #[test]
    fn printable_text_is_unchanged() {
        for text in ["", "plain", "Zoë", "日本", "“quotes” 'and' \"these\"", r"C:\n\u{1b}", "5 €", "🙂", "…"]
        {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn no_control_or_invisible_character_is_left() {
        let classes = [
            '\0'..='\u{1f}',
            '\u{7f}'..='\u{a0}',
            '\u{ad}'..='\u{ad}',
            '\u{34f}'..='\u{34f}',
            '\u{61c}'..='\u{61c}',
            '\u{180b}'..='\u{180e}',
            '\u{2000}'..='\u{200f}',
            '\u{2028}'..='\u{202f}',
            '\u{205f}'..='\u{206f}',
            '\u{3000}'..='\u{3000}',
            '\u{fe00}'..='\u{fe0f}',
            '\u{feff}'..='\u{feff}',
            '\u{fff0}'..='\u{fffb}',
            '\u{e0000}'..='\u{e01ef}',
            '\u{e000}'..='\u{e010}',
        ];
        for character in classes.into_iter().flatten().chain(FILLERS) {
            let shown = shown(&format!("a{character}b"));
            assert!(shown.bytes().all(|byte| byte.is_ascii_graphic()), "U+{:04X}: {shown}", character as u32);
        }
    }

    #[test]
    fn escaping_twice_changes_nothing() {
        for text in ["a\nb\u{202e}c".to_owned(), "\n".repeat(150), "x".repeat(201), "ab\u{1b}".repeat(99)] {
            let once = shown(&text);
            assert_eq!(shown(&once), once);
        }
    }

    #[test]
    fn escape_is_not_split() {
        let cut = shown(&("x".repeat(198) + "\u{1b}[2J"));
        assert_eq!(cut, "x".repeat(198) + "…");
    }

    #[test]
    fn formatting_stops_at_the_cut() {
        struct Endless;
        impl Display for Endless {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                loop {
                    f.write_str("again and ")?;
                }
            }
        }
        assert_eq!(Printable::foreign(Endless).to_string().chars().count(), SHOWN + 1);
        assert_eq!(Printable::message(Endless).to_string().chars().count(), MESSAGE + 1);
    }
}
