//! The machine's clock, which may be wrong: without a battery it starts in 1970 or earlier, and a typing error sets
//! the year 20026. Nothing here panics on that.

use std::time::{SystemTime, UNIX_EPOCH};

use ledger_core::Timestamp;
use tz::UtcDateTime;

/// The first second of 2020: this program is younger.
const EARLIEST: i64 = 1_577_836_800;

/// The first second of 2200.
const LATEST: i64 = 7_258_118_400;

/// The current time in microseconds. Negative before 1970, like Python's `time.time()`.
pub fn now() -> Timestamp {
    timestamp(micros(SystemTime::now()))
}

/// The current time in whole Unix seconds.
pub fn seconds() -> i64 {
    whole(micros(SystemTime::now()))
}

/// The current time in whole Unix milliseconds; 0 before 1970.
pub fn millis() -> u64 {
    u64::try_from(micros(SystemTime::now()) / 1000).unwrap_or(0)
}

/// A warning if the clock is obviously wrong.
pub fn doubt() -> Option<String> {
    doubt_of(seconds())
}

fn micros(time: SystemTime) -> i128 {
    let signed = |micros: u128| i128::try_from(micros).unwrap_or(i128::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => signed(after.as_micros()),
        Err(before) => -signed(before.duration().as_micros()),
    }
}

fn whole(micros: i128) -> i64 {
    let seconds = micros.div_euclid(1_000_000);
    i64::try_from(seconds).unwrap_or(if seconds < 0 { i64::MIN } else { i64::MAX })
}

fn timestamp(micros: i128) -> Timestamp {
    let far = i128::from(u64::MAX);
    let seconds = micros.clamp(-far, far) as f64 / 1e6;
    Timestamp::try_from(seconds).expect("2^64 microseconds are far fewer than 2^63 seconds")
}

fn doubt_of(seconds: i64) -> Option<String> {
    if (EARLIEST..LATEST).contains(&seconds) {
        return None;
    }
    let says = UtcDateTime::from_timespec(seconds, 0).map_or_else(
        |_| format!("{seconds} seconds after 1970"),
        |date| format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.month_day()),
    );
    Some(format!(
        "the clock of this machine is wrong: it says {says}, and so will new blocks; set it, for instance with \
         `sudo timedatectl set-ntp true`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    fn written(micros: i128) -> String {
        timestamp(micros).number().to_string()
    }

    #[test]
    fn timestamps_before_1970_match_python() {
        assert_eq!(written(-500_000), "-0.5");
        assert_eq!(written(-86_400_000_001), "-86400.000001");
        assert_eq!(written(-2_147_483_648_000_000), "-2147483648.0");
        assert_eq!(written(0), "0.0");
        assert_eq!(written(1_506_057_125_900_785), "1506057125.900785");
    }

    #[test]
    fn all_clocks_tell_the_same_time() {
        let before = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let (stamp, millis, seconds) = (now(), millis(), seconds());
        let after = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let stamp: f64 = stamp.number().to_string().parse().unwrap();
        assert!((before.as_secs_f64() - 1e-3..=after.as_secs_f64() + 1e-3).contains(&stamp), "{stamp}");
        assert!((before.as_millis()..=after.as_millis()).contains(&millis.into()), "{millis}");
        assert!((before.as_secs()..=after.as_secs()).contains(&seconds.unsigned_abs()), "{seconds}");
    }

    #[test]
    fn seconds_are_rounded_down_on_both_sides_of_1970() {
        assert_eq!(whole(micros(UNIX_EPOCH - Duration::from_millis(1))), -1);
        assert_eq!(whole(micros(UNIX_EPOCH + Duration::from_millis(1999))), 1);
        assert_eq!((whole(i128::MIN), whole(i128::MAX)), (i64::MIN, i64::MAX));
    }

    #[test]
    fn obviously_wrong_clock_is_reported_with_its_date() {
        for (seconds, date) in
            [(-1, "1969-12-31"), (0, "1970-01-01"), (LATEST, "2200-01-01"), (569_803_500_000, "20026-")]
        {
            let doubt = doubt_of(seconds).unwrap();
            assert!(doubt.contains(date), "{doubt}");
        }
        assert_eq!((doubt_of(EARLIEST), doubt_of(LATEST - 1)), (None, None));
    }

    proptest! {
        #[test]
        fn every_clock_has_a_timestamp_that_reads_back(micros in any::<i128>()) {
            let (stamp, again) = (timestamp(micros), written(micros));
            prop_assert_eq!(stamp.number().to_string(), again.clone());
            let json = format!("{{\"index\": 1, \"previous_hash\": 1, \"proof\": 1, \"timestamp\": {again}, \"transactions\": []}}");
            let read = ledger_core::Members::from_json(json.as_bytes()).unwrap();
            prop_assert_eq!(ledger_core::canonical::text(&read), json);
            doubt_of(whole(micros));
        }
    }
}
