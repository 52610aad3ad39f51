//! Dates in HTTP headers (RFC 9110, 5.6.7), with the interface of the `httpdate` crate. This crate replaces it, by
//! the entry under `[patch.crates-io]` in the workspace's `Cargo.toml`.
//!
//! The only difference: a time before 1970 or after 9999 is written as the nearest valid date, while the original
//! panics. `actix-http` writes the `Date` header with it on the threads that answer, so with a wrong clock no
//! request would be answered.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tz::UtcDateTime;

/// The last second with a valid date: the end of the year 9999.
const LAST: u64 = 253_402_300_799;

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A time as HTTP headers write it, to the second.
///
/// # Examples
///
/// ```
/// use httpdate::HttpDate;
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let before = UNIX_EPOCH - Duration::from_secs(1);
/// assert_eq!(HttpDate::from(before).to_string(), "Thu, 01 Jan 1970 00:00:00 GMT");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpDate(u64);

/// The text is not an HTTP date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error(());

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date as HTTP writes it, such as Sun, 06 Nov 1994 08:49:37 GMT")
    }
}

impl std::error::Error for Error {}

impl From<SystemTime> for HttpDate {
    fn from(time: SystemTime) -> Self {
        Self(time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().min(LAST))
    }
}

impl From<HttpDate> for SystemTime {
    fn from(HttpDate(seconds): HttpDate) -> Self {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }
}

impl fmt::Display for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = i64::try_from(self.0).expect("LAST is far below 2^63");
        let date = UtcDateTime::from_timespec(seconds, 0).expect("each second up to LAST has a date");
        let (day, month) = (DAYS[usize::from(date.week_day())], MONTHS[usize::from(date.month()) - 1]);
        write!(f, "{day}, {:02} {month} {:04} ", date.month_day(), date.year())?;
        write!(f, "{:02}:{:02}:{:02} GMT", date.hour(), date.minute(), date.second())
    }
}

/// Parses the three formats that a recipient must accept.
impl FromStr for HttpDate {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let words: Vec<&str> = text.split([' ', ',', '-']).filter(|word| !word.is_empty()).collect();
        let (day, month, year, time) = match words[..] {
            [_, day, month, year, time, "GMT"] => (day, month, year, time),
            [_, month, day, time, year] => (day, month, year, time),
            _ => return Err(Error(())),
        };
        read(day, month, year, time).filter(|date| date.0 <= LAST).ok_or(Error(()))
    }
}

fn read(day: &str, month: &str, year: &str, time: &str) -> Option<HttpDate> {
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let year = match (year.len(), number(year)?) {
        (2, year) if year < 70 => year + 2000,
        (2, year) => year + 1900,
        (4, year) => year,
        _ => return None,
    };
    let [hour, minute, second] = time.split(':').map(number).collect::<Option<Vec<_>>>()?[..] else {
        return None;
    };
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(number(day)?).ok()?);
    let (hour, minute) = (u8::try_from(hour).ok()?, u8::try_from(minute).ok()?);
    let date =
        UtcDateTime::new(i32::try_from(year).ok()?, month, day, hour, minute, u8::try_from(second).ok()?, 0);
    u64::try_from(date.ok()?.unix_time()).ok().map(HttpDate)
}

fn number(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Parses a date.
///
/// # Errors
///
/// [`Error`] for anything else, and for dates before 1970.
pub fn parse_http_date(text: &str) -> Result<SystemTime, Error> {
    text.parse::<HttpDate>().map(Into::into)
}

/// Writes a time, or the nearest one with a valid date.
pub fn fmt_http_date(time: SystemTime) -> String {
    HttpDate::from(time).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> SystemTime {
        let distance = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance }
    }

    #[test]
    fn any_clock_has_a_date() {
        assert_eq!(fmt_http_date(at(784_111_777)), "Sun, 06 Nov 1994 08:49:37 GMT");
        for early in [0, -1, -2_147_483_649, -9_000_000_000_000_000_000] {
            assert_eq!(fmt_http_date(at(early)), "Thu, 01 Jan 1970 00:00:00 GMT");
        }
        for late in [253_402_300_799, 253_402_300_800, 9_000_000_000_000_000_000] {
            assert_eq!(fmt_http_date(at(late)), "Fri, 31 Dec 9999 23:59:59 GMT");
        }
    }

    #[test]
    fn three_formats_of_the_standard_are_parsed() {
        for text in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            assert_eq!(parse_http_date(text), Ok(at(784_111_777)), "{text}");
        }
        assert_eq!(parse_http_date("Tuesday, 19-Jan-38 03:14:07 GMT"), Ok(at(2_147_483_647)));
    }

    #[test]
    fn written_date_parses_back() {
        for day in 0..40_000 {
            let time = at(day * 86_400 + day);
            assert_eq!(parse_http_date(&fmt_http_date(time)), Ok(time));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "Sun, 06 Nov 99999 08:49:37 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(parse_http_date(text), Err(Error(())), "{text}");
        }
    }
}
