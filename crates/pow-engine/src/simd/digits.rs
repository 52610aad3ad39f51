//! The last four digits of a nonce as a word of the message.

/// The four ASCII digits of 0 to 9999, the first one in the highest byte.
///
/// A table, because putting digits together in memory and reading them as wider words makes the reads wait for the
/// writes, which halves the speed of the search.
pub(super) static DIGITS: [u32; 10_000] = table();

const fn table() -> [u32; 10_000] {
    let mut table = [0; 10_000];
    let mut number = 0;
    while number < 10_000 {
        let n = number as u32;
        let values = [(n / 1000) as u8, (n / 100 % 10) as u8, (n / 10 % 10) as u8, (n % 10) as u8];
        table[number] = u32::from_be_bytes(values) + u32::from_be_bytes(*b"0000");
        number += 1;
    }
    table
}

/// A word moved by `shift` bits (0, 8, 16 or 24) towards the next one: what stays, and what goes over.
pub(super) fn split(word: u32, shift: u32) -> [u32; 2] {
    let wide = u64::from(word) << (32 - shift);
    [(wide >> 32) as u32, wide as u32]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_has_the_four_digits_of_each_number() {
        for (number, word) in table().into_iter().enumerate() {
            assert_eq!(word.to_be_bytes()[..], *format!("{number:04}").as_bytes());
        }
    }
}
