//! Time. The virtual clock is plain arithmetic on [`Timestamp`]; this file is the only reader of
//! the system clock, which measures latency and stamps reports, and nothing else.
//!
//! Virtual times are whole milliseconds, so printed times compare like the times themselves.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// The end of virtual time: the last whole millisecond of the time library.
pub const END: Timestamp = Timestamp::constant(253_402_207_200, 999_000_000);

/// When virtual time begins unless a start is given: a Tuesday morning, well in the future, so
/// that a stray payload is easily recognised.
pub const DEFAULT_START: &str = "2031-03-04T08:00:00Z";

/// When virtual time begins unless a start is given.
pub fn default_start() -> Timestamp {
    DEFAULT_START.parse().unwrap_or_else(|_| panic!("{DEFAULT_START} is a timestamp"))
}

/// The moment this many whole milliseconds later, but not after the end of virtual time.
pub fn after(moment: Timestamp, length: Duration) -> Timestamp {
    let nanoseconds = length.subsec_millis() * 1_000_000;
    i64::try_from(length.as_secs())
        .ok()
        .and_then(|seconds| {
            moment.checked_add(SignedDuration::new(seconds, nanoseconds.cast_signed())).ok()
        })
        .map_or(END, |moment| moment.min(END))
}

/// A moment cut to whole milliseconds.
pub fn whole_milliseconds(moment: Timestamp) -> Timestamp {
    let nanoseconds = moment.as_nanosecond();
    let whole = nanoseconds - nanoseconds.rem_euclid(1_000_000);
    Timestamp::from_nanosecond(whole).unwrap_or(Timestamp::MIN)
}

/// The time from one moment to a later one; zero if it is not later.
pub fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

/// A moment as everything prints it: `2031-03-04T08:15:02.114Z`.
///
/// Written by hand because half of all bytes rendered under load are times: the general printer
/// of the time library costs three times as much here (benches/generate.rs).
pub fn milliseconds(moment: Timestamp, text: &mut [u8; 24]) -> &str {
    let milliseconds = write_seconds(moment, text);
    text[19] = b'.';
    digits(&mut text[20..23], milliseconds);
    text[23] = b'Z';
    ascii(text)
}

/// A moment without its milliseconds: `2031-03-04T08:15:02Z`.
pub fn seconds(moment: Timestamp, text: &mut [u8; 24]) -> &str {
    write_seconds(moment, text);
    text[19] = b'Z';
    ascii(&text[..20])
}

/// Writes everything up to the seconds and returns the milliseconds.
fn write_seconds(moment: Timestamp, text: &mut [u8; 24]) -> u32 {
    const DAY: i64 = 24 * 3600 * 1000;
    let milliseconds = moment.as_millisecond();
    let (year, month, day) = date(milliseconds.div_euclid(DAY));
    let milliseconds = milliseconds.rem_euclid(DAY) as u32;
    let seconds = milliseconds / 1000;
    *text = *b"0000-00-00T00:00:00.000Z";
    digits(&mut text[0..4], year);
    digits(&mut text[5..7], month);
    digits(&mut text[8..10], day);
    digits(&mut text[11..13], seconds / 3600);
    digits(&mut text[14..16], seconds / 60 % 60);
    digits(&mut text[17..19], seconds % 60);
    milliseconds % 1000
}

/// Year, month and day of this many days after the beginning of 1970.
///
/// Years begin in March here, so that leap days come last; 153 days are five of their months.
fn date(days: i64) -> (u32, u32, u32) {
    // From 1 March of the year -12,000: a multiple of the 400 years after which the calendar repeats,
    // and before all times.
    let days = (days + 719_468 + 30 * 146_097).unsigned_abs();
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = (era * 400 + year + next).abs_diff(30 * 400);
    (year as u32, month as u32, day as u32)
}

fn digits(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

fn ascii(text: &[u8]) -> &str {
    std::str::from_utf8(text).unwrap_or_else(|_| panic!("digits are ASCII"))
}

/// A moment of real time that somebody was told. Only this file reads the clock.
pub type Moment = Instant;

/// This moment.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
pub fn now() -> Moment {
    Instant::now()
}

/// Measures real time.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long it has been running.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The moment at which the wall clock will show this time. None if it has passed.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
pub fn moment_of(time: Timestamp) -> Option<Moment> {
    let (moment, now) = (Instant::now(), Timestamp::now());
    let left = Duration::try_from(time.duration_since(now)).ok()?;
    moment.checked_add(left)
}

/// What the wall clock showed at a moment that has passed.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
pub fn time_of(moment: Moment) -> Timestamp {
    let (ago, now) = (Instant::now().saturating_duration_since(moment), Timestamp::now());
    now.checked_sub(ago).unwrap_or(now)
}

/// Now, as a moment and as the wall clock shows it, in whole milliseconds.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
pub fn both() -> (Moment, Timestamp) {
    (Instant::now(), whole_milliseconds(Timestamp::now()))
}

/// How long it is until a moment; zero if it has passed.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
pub fn until(moment: Moment) -> Duration {
    moment.saturating_duration_since(Instant::now())
}

/// The wall clock, for the head of a report: RFC 3339, whole seconds.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
pub fn wall_clock() -> String {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

/// The wall clock, in whole milliseconds: when a request arrived.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
pub fn real_time() -> Timestamp {
    whole_milliseconds(Timestamp::now())
}

/// A new seed for a run without `--seed`. It is printed, so that the run can be repeated.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
pub fn unchosen_seed() -> u64 {
    // Six digits are enough to differ from the last run, and short enough to type.
    Timestamp::now().as_nanosecond().rem_euclid(999_983) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_time_stops_at_its_end() {
        assert_eq!(after(END, Duration::from_secs(1)), END);
        assert_eq!(after(default_start(), Duration::MAX), END);
        assert_eq!(whole_milliseconds(Timestamp::MAX), END);
        assert_eq!(between(default_start(), Timestamp::MIN), Duration::ZERO);
    }

    #[test]
    fn virtual_times_are_whole_milliseconds() {
        let later = after(default_start(), Duration::from_nanos(2_114_999_999));
        assert_eq!(later.to_string(), "2031-03-04T08:00:02.114Z");
        let whole = whole_milliseconds("2031-03-04T08:00:02.1149Z".parse().expect("a time"));
        assert_eq!(whole, later);
    }

    #[test]
    fn every_day_of_the_calendar_has_its_date() {
        let from_jiff = |moment: Timestamp| {
            let civil = jiff::tz::Offset::UTC.to_datetime(moment);
            let year = civil.year().unsigned_abs();
            format!("{year:04}-{:02}-{:02}", civil.month(), civil.day())
        };
        let mut days = 0;
        // Both ends of all times, and each day in between that is a prime number away from the last.
        for second in (-377_705_023_201..=253_402_207_200_i64).step_by(89 * 86_400) {
            let moment = Timestamp::from_second(second).expect("a time");
            assert_eq!(seconds(moment, &mut [0; 24])[..10], from_jiff(moment), "{moment}");
            days += 1;
        }
        assert!(days > 80_000);
        for day in 0..146_097 {
            let moment = Timestamp::from_second(day * 86_400 + 86_399).expect("a time");
            assert_eq!(seconds(moment, &mut [0; 24])[..10], from_jiff(moment), "{moment}");
        }
        let end = milliseconds(END, &mut [0; 24]).to_owned();
        assert_eq!(end, END.to_string());
    }

    #[test]
    fn times_are_printed_in_one_form() {
        let moment: Timestamp = "2031-03-04T08:05:02.01Z".parse().expect("a time");
        let mut text = [0; 24];
        assert_eq!(milliseconds(moment, &mut text), "2031-03-04T08:05:02.010Z");
        assert_eq!(seconds(moment, &mut text), "2031-03-04T08:05:02Z");
    }
}
