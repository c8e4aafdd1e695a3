//! The schedule: when the n-th webhook is due.

use std::time::Duration;

pub use crate::text::rate::rate;
use crate::text::{duration, no_duration};

/// A part of a schedule: the rate goes evenly from one value to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stage {
    /// Webhooks a second at its beginning.
    pub from: f64,
    /// Webhooks a second at its end.
    pub to: f64,
    /// How long it takes.
    pub over: Duration,
}

/// Stages, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    stages: Vec<Stage>,
}

impl Stage {
    /// How many webhooks it has.
    fn count(&self) -> f64 {
        (self.from + self.to) / 2.0 * self.over.as_secs_f64()
    }

    /// How far into it the count reaches this; `count` is not more than it has.
    fn reaches(&self, count: f64) -> f64 {
        let slope = (self.to - self.from) / self.over.as_secs_f64();
        // count = from·t + slope/2·t²; this form of the root also holds where the slope is zero.
        let root = (self.from * self.from + 2.0 * slope * count).max(0.0).sqrt();
        let sum = self.from + root;
        if sum > 0.0 { 2.0 * count / sum } else { 0.0 }
    }
}

impl Schedule {
    /// These stages.
    pub fn new(stages: Vec<Stage>) -> Self {
        Self { stages }
    }

    /// The same rate for this long.
    pub fn steady(rate: f64, over: Duration) -> Self {
        Self::new(vec![Stage { from: rate, to: rate, over }])
    }

    /// When the webhook of this number, from 0, is due, from the beginning. None if the schedule has
    /// fewer.
    pub fn due(&self, number: u64) -> Option<Duration> {
        let mut left = number as f64;
        let mut begun = Duration::ZERO;
        for stage in &self.stages {
            let count = stage.count();
            if left < count {
                return Some(begun + Duration::from_secs_f64(stage.reaches(left)));
            }
            left -= count;
            begun += stage.over;
        }
        None
    }

    /// How long it takes.
    pub fn length(&self) -> Duration {
        self.stages.iter().map(|stage| stage.over).sum()
    }

    /// How many webhooks it has.
    pub fn count(&self) -> u64 {
        self.stages.iter().map(Stage::count).sum::<f64>().ceil() as u64
    }

    /// The highest rate in it, in webhooks a second.
    pub fn highest(&self) -> f64 {
        self.stages.iter().map(|stage| stage.from.max(stage.to)).fold(0.0, f64::max)
    }
}

impl std::fmt::Display for Schedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, Stage { from, to, over }) in self.stages.iter().enumerate() {
            let then = if place > 0 { ", then " } else { "" };
            let (rate, over) = (|rate: &f64| (rate * 100.0).round() / 100.0, shown(*over));
            match from == to {
                true => write!(f, "{then}{}/s for {over}", rate(to))?,
                false => write!(f, "{then}{}..{}/s over {over}", rate(from), rate(to))?,
            }
        }
        Ok(())
    }
}

/// A length of time as a person would write it: `1m 30s`.
pub fn shown(length: Duration) -> String {
    let seconds = length.as_secs();
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m")];
    let mut text: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect();
    let rest = (seconds % 60) as f64 + f64::from(length.subsec_millis()) / 1000.0;
    if rest > 0.0 || text.is_empty() {
        text.push(format!("{rest}s"));
    }
    text.join(" ")
}

/// Reads a stage: `0..5000/s over 2m`, or `500/s for 30s`.
///
/// # Errors
/// If it is none.
pub fn stage(text: &str) -> Result<Stage, String> {
    let wrong = || {
        format!(
            "`{text}` is not a stage; it is written like `0..5000/s over 2m` or `500/s for 30s`"
        )
    };
    let (rates, over) =
        text.split_once(" over ").or_else(|| text.split_once(" for ")).ok_or_else(wrong)?;
    let over = duration(over.trim()).ok_or_else(|| no_duration(over.trim()))?;
    if over.is_zero() {
        return Err(format!("`{text}` takes no time"));
    }
    let Some((from, to)) = rates.split_once("..") else {
        let steady = rate(rates)?;
        return Ok(Stage { from: steady, to: steady, over });
    };
    let unit = to.split_once('/').map_or("s", |(_, unit)| unit);
    Ok(Stage { from: rate(&format!("{from}/{unit}"))?, to: rate(to)?, over })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_steady_rate_is_even() {
        let schedule = Schedule::steady(4.0, SECOND * 2);
        let due: Vec<_> = (0..9).map(|number| schedule.due(number)).collect();
        let wanted = (0..8).map(|number| Some(Duration::from_millis(250 * number)));
        assert_eq!(due, wanted.chain([None]).collect::<Vec<_>>());
        assert_eq!((schedule.count(), schedule.length()), (8, SECOND * 2));
    }

    #[test]
    fn a_ramp_has_half_of_its_webhooks_in_its_last_three_tenths() {
        let schedule = Schedule::new(vec![stage("0..100/s over 10s").expect("a stage")]);
        assert_eq!(schedule.count(), 500);
        let half = schedule.due(250).expect("there are 500").as_secs_f64();
        assert!((half - 7.071).abs() < 0.001, "{half}");
        assert_eq!(schedule.due(0), Some(Duration::ZERO));
        assert_eq!(schedule.due(500), None);
    }

    #[test]
    fn moments_never_go_back() {
        let stages = ["0..900/s over 3s", "900/s for 1s", "900..0/s over 2s", "5/min for 1m"];
        let schedule =
            Schedule::new(stages.map(|text| stage(text).expect("a stage")).into_iter().collect());
        let due: Vec<Duration> = (0..).map_while(|number| schedule.due(number)).collect();
        assert_eq!(due.len() as u64, schedule.count());
        assert!(due.windows(2).all(|two| two[0] <= two[1]));
        assert!(due[due.len() - 1] < schedule.length());
    }

    #[test]
    fn what_is_no_rate_says_how_one_is_written() {
        for text in ["", "fast", "-1/s", "5/day", "1e99/s", "NaN", "inf/s"] {
            assert!(rate(text).is_err(), "{text}");
        }
        assert_eq!(rate("90/min"), Ok(1.5));
        for text in ["500/s", "1..2/s over", "1..2/s over 0s", "a..2/s over 1s"] {
            assert!(stage(text).is_err(), "{text}");
        }
    }
}
