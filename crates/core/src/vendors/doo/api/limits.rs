//! Limits the calls of a key: one request a second and 1000 a day (AZ). Assumed: days are UTC days,
//! a second begins with an accepted call, and calls beyond a limit are not counted.

use jiff::Timestamp;

const A_SECOND: i64 = 1_000;
const A_DAY: i64 = 86_400_000;
const CALLS_A_DAY: u32 = 1_000;

/// Counts calls, in milliseconds of real time.
#[derive(Debug)]
pub struct Limits {
    last: i64,
    day: i64,
    today: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { last: i64::MIN, day: i64::MIN, today: 0 }
    }
}

impl Limits {
    /// Counts a call that arrived at this moment.
    ///
    /// # Errors
    /// If there are too many. Says which limit.
    pub fn count(&mut self, received: Timestamp) -> Result<(), &'static str> {
        let now = received.as_millisecond();
        let day = now.div_euclid(A_DAY);
        if self.day != day {
            (self.day, self.today) = (day, 0);
        }
        if self.today >= CALLS_A_DAY {
            return Err("more than 1000 requests a day");
        }
        // If the clock was set back, the call is not limited.
        let since = now.saturating_sub(self.last);
        if (0..A_SECOND).contains(&since) {
            return Err("more than one request a second");
        }
        self.last = now;
        self.today += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(millisecond).expect("a time")
    }

    #[test]
    fn one_request_a_second_is_let_through() {
        let mut limits = Limits::default();
        let passes: Vec<bool> = [0, 999, 1_000, 1_001, 1_999, 2_000, 500]
            .map(|moment| limits.count(at(moment)).is_ok())
            .to_vec();
        assert_eq!(passes, [true, false, true, false, false, true, true]);
    }

    #[test]
    fn the_thousand_and_first_request_of_a_day_is_refused_and_the_next_day_is_new() {
        let mut limits = Limits::default();
        let passed = (0..1_100).filter(|second| limits.count(at(second * 1_000)).is_ok()).count();
        assert_eq!(passed, 1_000);
        assert_eq!(limits.count(at(1_200_000)), Err("more than 1000 requests a day"));
        assert_eq!(limits.count(at(A_DAY)), Ok(()));
    }
}
