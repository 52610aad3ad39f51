//! The time of day before each log line.

use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::OpenOptions;
use std::io::Read;
use std::path::Path;

use ledger_core::Printable;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tz::{TimeZone, TimeZoneSettings};

use crate::system::clock;
use crate::system::files::{Links, open_regular};

/// Largest size of a time zone file; real ones have a few kilobytes.
const MAX_FILE: u64 = 1 << 20;

/// The local time of day, or UTC if the machine's time zone is unknown.
#[derive(Debug)]
pub(super) struct LocalTime(TimeZone);

impl LocalTime {
    /// The time zone of `TZ`, or else of the machine; and what is wrong with `TZ`.
    pub(super) fn find() -> (Self, Option<String>) {
        Self::of(std::env::var_os("TZ"))
    }

    fn of(name: Option<OsString>) -> (Self, Option<String>) {
        let zone = match &name {
            None => return (Self(read("localtime").unwrap_or_else(|_| TimeZone::utc())), None),
            Some(name) if name.is_empty() => return (Self(TimeZone::utc()), None),
            Some(name) => name.to_str().ok_or_else(|| "it is not UTF-8".into()).and_then(read),
        };
        match (zone, name) {
            (Ok(zone), _) => (Self(zone), None),
            (Err(_), name) => (Self(TimeZone::utc()), name.map(|name| unknown(&name))),
        }
    }

    fn write(&self, seconds: i64, out: &mut impl fmt::Write) -> fmt::Result {
        let offset = self.0.find_local_time_type(seconds).map_or(0, |kind| kind.ut_offset());
        let second = seconds.saturating_add(offset.into()).rem_euclid(86_400);
        write!(out, "{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
    }
}

impl FormatTime for LocalTime {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        self.write(clock::seconds(), writer)
    }
}

fn read(name: &str) -> Result<TimeZone, Box<dyn Error + Send + Sync>> {
    let settings = TimeZoneSettings::new(TimeZoneSettings::DEFAULT_DIRECTORIES, |path| {
        let file = open_regular(Path::new(path), OpenOptions::new().read(true), Links::Followed)?;
        let mut bytes = Vec::new();
        file.take(MAX_FILE).read_to_end(&mut bytes)?;
        Ok(bytes)
    });
    Ok(settings.parse_posix_tz(name)?)
}

fn unknown(name: &OsStr) -> String {
    let name = Printable::foreign(name.to_string_lossy()).to_string();
    format!("unknown time zone TZ={name}; try TZ=Europe/Berlin; the log uses UTC")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::os::unix::ffi::OsStringExt;

    fn at(seconds: i64, zone: &str) -> String {
        let mut time = String::new();
        LocalTime::of(Some(zone.into())).0.write(seconds, &mut time).unwrap();
        time
    }

    #[test]
    fn posix_rule_is_followed() {
        assert_eq!(at(0, "CET-1CEST,M3.5.0,M10.5.0/3"), "01:00:00");
        // The missing hour from 2 to 3 in spring, and the repeated one in autumn.
        for (seconds, time) in [(1_774_745_999, "01:59:59"), (1_774_746_000, "03:00:00")] {
            assert_eq!(at(seconds, "CET-1CEST,M3.5.0,M10.5.0/3"), time);
        }
        for (seconds, time) in [(1_792_889_999, "02:59:59"), (1_792_890_000, "02:00:00")] {
            assert_eq!(at(seconds, "CET-1CEST,M3.5.0,M10.5.0/3"), time);
        }
    }

    #[test]
    fn invalid_zone_is_reported_and_utc_applies() {
        let long = "x".repeat(10_000);
        let names =
            ["foo", ":/nonexistent", "/etc", "/dev/zero", "/etc/passwd", "X", ":", "XXX-167", "EST5EDT,M3"];
        for name in names.into_iter().chain(["../../../etc/passwd", "a\u{1b}[2Jb", &long]) {
            let (time, doubt) = LocalTime::of(Some(name.into()));
            let doubt = doubt.unwrap_or_else(|| panic!("{name} is a time zone"));
            assert!(doubt.len() < 400 && !doubt.contains('\u{1b}'), "{doubt}");
            assert!(
                doubt.starts_with("unknown time zone TZ=") && doubt.ends_with("the log uses UTC"),
                "{doubt}"
            );
            let mut utc = String::new();
            time.write(3661, &mut utc).unwrap();
            assert_eq!(utc, "01:01:01", "{name}");
        }
        assert!(LocalTime::of(Some(OsString::from_vec(vec![b'a', 0xff]))).1.is_some());
    }

    #[test]
    fn line_begins_with_the_time_of_day() {
        let mut line = String::new();
        LocalTime::of(Some("".into())).0.format_time(&mut Writer::new(&mut line)).unwrap();
        assert!(line.len() == 8 && line.matches(':').count() == 2, "{line}");
    }

    #[test]
    fn empty_zone_is_valid() {
        assert_eq!(LocalTime::of(Some("".into())).1, None);
        assert_eq!(LocalTime::of(None).1, None);
        assert_eq!(at(0, ""), "00:00:00");
    }

    #[test]
    fn offset_of_more_than_a_day_is_kept() {
        assert_eq!(at(0, "XXX-24:30"), "00:30:00");
        assert_eq!(at(0, "<+99>24:59:59"), "23:00:01");
    }

    proptest! {
        #[test]
        fn every_second_of_every_zone_has_a_time(seconds in any::<i64>(), zone in ".{0,40}") {
            for zone in [zone.as_str(), "CET-1CEST,M3.5.0,M10.5.0/3", "XXX24:59", "XXX-24:59", "A3B,J1/0,J365/25"] {
                prop_assert_eq!(at(seconds, zone).len(), 8);
            }
        }
    }
}
