//! What was counted of generated webhooks, as plain data: what a picture draws.

use std::collections::BTreeMap;

use super::figure::Unit;

/// A summary of webhooks that were generated.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The version of Standin.
    pub version: String,
    /// The vendor's name in prose.
    pub vendor: String,
    /// The version of the payloads.
    pub profile: String,
    /// The account.
    pub account: String,
    /// The scenario file. None: the vendor's default traffic.
    pub scenario: Option<String>,
    /// The seed.
    pub seed: u64,
    /// When virtual time began, and when the last counted moment was.
    pub period: String,
    /// The time zone of the hours.
    pub zone: String,
    /// How many webhooks.
    pub webhooks: u64,
    /// How many of each trigger, in the order of the catalogue; those that did not come are left out.
    pub triggers: Vec<(&'static str, u64)>,
    /// The vendor's figures, in its order.
    pub figures: Vec<Counted>,
}

/// What was counted for a figure.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Its title.
    pub title: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// The counts.
    pub counts: Counts,
}

/// Counts, by how they are drawn.
#[derive(Clone, Debug)]
pub enum Counts {
    /// By the local hour of the day.
    Hours(Box<Hours>),
    /// By value, a name and its values for each series.
    Ranges(Unit, Vec<(&'static str, Values)>),
    /// By word.
    Words(BTreeMap<String, u64>),
}

/// Counts by the local hour of the day.
#[derive(Clone, Debug, Default)]
pub struct Hours {
    /// From Monday to Friday.
    pub working: [Hour; 24],
    /// On Saturday.
    pub saturday: [Hour; 24],
    /// On Sunday.
    pub sunday: [Hour; 24],
}

/// One hour of the day.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hour {
    /// How many there were.
    pub count: u64,
    /// How many hours they came in.
    pub hours: f64,
}

impl Hour {
    /// The least part of an hour that a rate is given for.
    const SHORTEST: f64 = 0.5;

    /// How many an hour. `None` if hardly any such hour was counted.
    pub fn rate(self) -> Option<f64> {
        (self.hours >= Self::SHORTEST).then(|| self.count as f64 / self.hours)
    }
}

/// How often each value occurred, in whole parts of its unit.
#[derive(Clone, Debug, Default)]
pub struct Values {
    counts: BTreeMap<u32, u64>,
    /// How many there are.
    pub count: u64,
}

impl Values {
    /// The largest value that is told from others: larger ones count as this one, so that there are never
    /// more counts.
    pub const LARGEST: u32 = 100_000;

    /// Counts a value.
    pub fn add(&mut self, value: u32) {
        *self.counts.entry(value.min(Self::LARGEST)).or_default() += 1;
        self.count += 1;
    }

    /// Every value that occurred, and how often, from the smallest on.
    pub fn counts(&self) -> impl Iterator<Item = (u32, u64)> {
        self.counts.iter().map(|(value, count)| (*value, *count))
    }

    /// The smallest counted value with at least this share of all counted values at or below it. `None` if nothing was
    /// counted.
    ///
    /// - `share`: from 0 to 1.
    pub fn quantile(&self, share: f64) -> Option<u32> {
        let wanted = (share * self.count as f64).ceil().max(1.0) as u64;
        let mut below = 0;
        let found = self.counts().find(|(_, count)| {
            below += count;
            below >= wanted
        });
        found.map(|(value, _)| value)
    }
}

impl Unit {
    /// How many parts of a value make one of this unit.
    pub fn parts(self) -> u32 {
        match self {
            Self::Minutes => 60,
            Self::Days => 24,
            Self::Whole => 1,
        }
    }

    /// What stands behind a number.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Minutes => " min",
            Self::Days => " d",
            Self::Whole => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_value_that_occurred() {
        let mut values = Values::default();
        assert_eq!(values.quantile(0.5), None);
        for value in [1, 2, 2, 9, u32::MAX] {
            values.add(value);
        }
        let quantiles = [0.0, 0.2, 0.5, 0.8, 1.0].map(|share| values.quantile(share));
        assert_eq!(quantiles, [1, 1, 2, 9, Values::LARGEST].map(Some));
        assert_eq!(values.counts().map(|(_, count)| count).sum::<u64>(), values.count);
    }

    #[test]
    fn what_was_hardly_counted_has_no_rate() {
        assert_eq!(Hour { count: 3, hours: 0.1 }.rate(), None);
        assert_eq!(Hour { count: 3, hours: 1.5 }.rate(), Some(2.0));
    }
}
