//! When guests come: by chance, at a rate that changes with the local hour of the day.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::chance::Chance;
use crate::clock::{END, after};
use crate::model::Settings;

/// A lower rate (arrivals an hour) counts as zero. This one is about one arrival in a hundred
/// years.
const LOWEST_RATE: f64 = 1e-6;

/// How many come on a day of the week beside the mean of a week, from Monday on.
pub type Week = [f64; 7];

/// A shop: more on Friday and Saturday, fewer on Sunday.
pub const SHOP: Week = [0.95, 0.9, 0.95, 1.05, 1.15, 1.25, 0.75];
/// An office: few at the weekend.
pub const OFFICE: Week = [1.15, 1.1, 1.05, 1.05, 1.0, 0.9, 0.75];

/// A stream of arrivals.
pub struct Arrivals {
    now: Timestamp,
    /// Arrivals an hour, by local hour.
    rates: [f64; 24],
    /// How the days of a week differ.
    week: Week,
    rate: f64,
    /// The fraction of a millisecond by which the last arrival was rounded. At high rates this adds
    /// up.
    left_over: Duration,
    hour_ends: Timestamp,
    zone: TimeZone,
    chance: Chance,
}

impl Arrivals {
    /// Arrivals from this moment on, at the rates of the setting `arrivals` times this factor.
    pub fn new(
        traffic: &Settings,
        (times, week): (f64, Week),
        zone: TimeZone,
        chance: Chance,
        start: Timestamp,
    ) -> Self {
        let rates = traffic.hours("arrivals").map(|rate| at_least(rate * times));
        let mut arrivals = Self {
            now: start,
            rates,
            week,
            rate: 0.0,
            left_over: Duration::ZERO,
            hour_ends: start,
            zone,
            chance,
        };
        arrivals.begin_hour();
        arrivals
    }

    /// When the next guest comes. `None` if nobody comes any more.
    pub fn next(&mut self) -> Option<Timestamp> {
        if self.rates.iter().all(|rate| *rate <= 0.0) {
            return None;
        }
        while self.now < END {
            if let Some(at) = self.within_the_hour() {
                self.now = at;
                return Some(at);
            }
            self.now = self.hour_ends;
            self.begin_hour();
        }
        None
    }

    /// Lets nobody come before this moment.
    pub fn pause_until(&mut self, moment: Timestamp) {
        if moment > self.now {
            self.now = moment;
            self.begin_hour();
        }
    }

    /// Whether guests come at this hour.
    pub fn is_open(&self, moment: Timestamp) -> bool {
        self.rates[usize::from(moment.to_zoned(self.zone.clone()).hour().unsigned_abs())] > 0.0
    }

    /// Sets the rate for the hour that begins now.
    fn begin_hour(&mut self) {
        let local = self.now.to_zoned(self.zone.clone());
        let day = local.weekday().to_monday_zero_offset();
        let day = self.week[usize::from(day.unsigned_abs())];
        self.rate = at_least(self.rates[usize::from(local.hour().unsigned_abs())] * day);
        let gone = Duration::from_secs(local.minute() as u64 * 60 + local.second() as u64)
            + Duration::from_nanos(local.subsec_nanosecond() as u64);
        self.hour_ends = after(self.now, Duration::from_secs(3600).saturating_sub(gone));
        self.left_over = Duration::ZERO;
    }

    /// The next arrival within this hour. A draw beyond the end of the hour is dropped and the next
    /// hour draws again. That is sound, because the wait is memoryless.
    fn within_the_hour(&mut self) -> Option<Timestamp> {
        if self.rate <= 0.0 {
            return None;
        }
        let mean = Duration::from_secs_f64(3600.0 / self.rate);
        let wait = self.chance.exponential(mean).saturating_add(self.left_over);
        self.left_over = Duration::from_nanos(u64::from(wait.subsec_nanos() % 1_000_000));
        Some(after(self.now, wait)).filter(|at| *at < self.hour_ends)
    }
}

/// The rate, or zero if it is too low.
fn at_least(rate: f64) -> f64 {
    if rate < LOWEST_RATE { 0.0 } else { rate }
}
