//! Counts as plots and bars, which the templates draw.

use std::collections::BTreeMap;

use super::numbers::{grouped, middle};
use crate::model::figure::Unit;
use crate::model::summary::{Counted, Counts, Hour, Hours, Summary, Values};
use crate::report::plot::{self, Axis, Line, Plot, Step};
use crate::report::text::{one_line, percent};

/// The most ranges of a histogram.
const MOST_RANGES: u32 = 40;

/// A part of the picture.
pub(super) enum Drawing {
    /// Counts over an axis.
    Plot(Plot),
    /// Counts of words.
    Bars(Bars),
}

/// How often each of some words occurred.
pub(super) struct Bars {
    /// Its name.
    pub title: &'static str,
    /// What it shows, in words.
    pub about: String,
    /// A bar for each word.
    pub bars: Vec<Bar>,
}

/// A bar.
pub(super) struct Bar {
    /// The word.
    pub word: String,
    /// How often it occurred.
    pub count: String,
    /// Of all.
    pub share: String,
    /// How long the bar is, in percent of the longest.
    pub length: String,
}

/// All drawings that there are counts for.
pub(super) fn drawings(summary: &Summary) -> Vec<Drawing> {
    let figures = summary.figures.iter().filter_map(drawing);
    let triggers = summary.triggers.iter().map(|(name, count)| ((*name).to_owned(), *count));
    let triggers = bars("Webhooks", "by trigger", triggers.collect());
    figures.chain(triggers).collect()
}

fn drawing(counted: &Counted) -> Option<Drawing> {
    let Counted { title, about, counts } = counted;
    match counts {
        Counts::Hours(found) => hours(title, about, found),
        Counts::Ranges(unit, series) => ranges(title, about, *unit, series),
        Counts::Words(words) => bars(title, about, in_order(words)),
    }
}

/// The style of each line: no two differ in colour alone.
const STYLES: [&str; 3] = ["area", "dashed", "dotted"];

fn hours(title: &'static str, about: &str, found: &Hours) -> Option<Drawing> {
    let kinds = [
        ("Monday to Friday", &found.working),
        ("Saturday", &found.saturday),
        ("Sunday", &found.sunday),
    ];
    let count = |hours: &[Hour; 24]| hours.iter().map(|hour| hour.count).sum::<u64>();
    let rates = |hours: &[Hour; 24]| {
        let rates =
            (0..).zip(*hours).map(|(at, hour)| (f64::from(at), f64::from(at + 1), hour.rate()));
        rates.collect::<Vec<Step>>()
    };
    let most = kinds.iter().flat_map(|(_, hours)| hours.iter().filter_map(|hour| hour.rate()));
    let most = most.fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let (x, y) = (Axis::exact(24.0), Axis::linear(most));
    let lines = kinds.iter().zip(STYLES).map(|((name, hours), style)| Line {
        name: format!("{name} ({})", grouped(count(hours))),
        style,
        path: path(style, (&x, &y), rates(hours)),
    });
    Some(Drawing::Plot(Plot {
        title,
        about: about.to_owned(),
        lines: lines.collect(),
        x: x.ticks_at((0..=8).map(|hour| f64::from(hour * 3)), ""),
        y: y.ticks(""),
    }))
}

fn path(style: &str, (x, y): (&Axis, &Axis), steps: Vec<Step>) -> String {
    match style {
        "area" => plot::area(x, y, steps.into_iter()),
        _ => plot::steps(x, y, steps.into_iter()),
    }
}

fn ranges(
    title: &'static str,
    about: &str,
    unit: Unit,
    series: &[(&'static str, Values)],
) -> Option<Drawing> {
    let series: Vec<_> = series.iter().filter(|(_, values)| values.count > 0).collect();
    // The few that are far away would press all others into a corner.
    let wide = series.iter().filter_map(|(_, values)| values.quantile(0.98)).max()?;
    let width = width(unit, wide);
    let end = (wide / width + 1) * width;
    let shares: Vec<_> = series.iter().map(|(_, values)| shares(values, width, end)).collect();
    let most = shares.iter().flatten().copied().fold(0.0, f64::max);
    let parts = f64::from(unit.parts());
    let (x, y) = (Axis::exact(f64::from(end) / parts), Axis::linear(most));
    let lines = series.iter().zip(shares).zip(STYLES).map(|(((name, values), shares), style)| {
        let place = |range: u32| f64::from(range * width) / parts;
        let steps = (0..).zip(shares).map(|(at, share)| (place(at), place(at + 1), Some(share)));
        Line {
            name: format!("{name}: {}", middle(values, unit)),
            style,
            path: path(style, (&x, &y), steps.collect()),
        }
    });
    Some(Drawing::Plot(Plot {
        title,
        about: format!("{about}; share in ranges of {}", range(unit, width)),
        lines: lines.collect(),
        x: x.ticks_at(marks(f64::from(end) / parts), unit.sign()),
        y: y.ticks(" %"),
    }))
}

/// The most labels below a histogram.
const MOST_MARKS: f64 = 5.0;

/// Round values up to this one.
fn marks(high: f64) -> impl Iterator<Item = f64> {
    let powers = (0..).map(|power| 10_f64.powi(power));
    let mut steps = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|factor| factor * power));
    let step = steps.find(|step| high / step <= MOST_MARKS).unwrap_or(high);
    (0..=(high / step) as u32).map(move |place| f64::from(place) * step)
}

/// The share of the values in each range, in percent of all values, also of those beyond the end.
fn shares(values: &Values, width: u32, end: u32) -> Vec<f64> {
    let mut counts = vec![0_u64; (end / width) as usize];
    for (value, count) in values.counts().filter(|(value, _)| *value < end) {
        counts[(value / width) as usize] += count;
    }
    counts.into_iter().map(|count| count as f64 * 100.0 / values.count as f64).collect()
}

/// The least width of ranges, in parts of the unit, of which few hold the value.
fn width(unit: Unit, value: u32) -> u32 {
    let steps: &[u32] = match unit {
        Unit::Minutes => &[10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600],
        Unit::Days => &[1, 6, 24, 48, 168],
        Unit::Whole => &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    };
    let fits = steps.iter().copied().find(|width| value / width < MOST_RANGES);
    fits.unwrap_or(value / MOST_RANGES + 1)
}

/// A width in words.
fn range(unit: Unit, width: u32) -> String {
    match unit {
        Unit::Minutes if width < 60 => format!("{width} s"),
        Unit::Days if width < 24 => format!("{width} h"),
        _ => format!("{}{}", width / unit.parts(), unit.sign()),
    }
}

/// Words by how often they occurred, and numbers in their order.
fn in_order(words: &BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut words: Vec<_> = words.iter().map(|(word, count)| (word.clone(), *count)).collect();
    let numbers: Option<Vec<u64>> = words.iter().map(|(word, _)| word.parse().ok()).collect();
    match numbers {
        Some(_) => words.sort_by_key(|(word, _)| word.parse::<u64>().unwrap_or_default()),
        None => words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0))),
    }
    words
}

fn bars(title: &'static str, about: &str, counts: Vec<(String, u64)>) -> Option<Drawing> {
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    let most = counts.iter().map(|(_, count)| *count).max()?;
    let bars = counts.into_iter().map(|(word, count)| Bar {
        word: one_line(&word),
        count: grouped(count),
        share: percent(count, all),
        length: format!("{:.1}", count as f64 * 100.0 / most as f64),
    });
    let about = format!("{about} ({})", grouped(all));
    Some(Drawing::Bars(Bars { title, about, bars: bars.collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_few_and_hold_what_is_wide() {
        for unit in [Unit::Minutes, Unit::Days, Unit::Whole] {
            for value in [0, 1, 59, 300, 7200, Values::LARGEST] {
                let width = width(unit, value);
                assert!(value / width < MOST_RANGES, "{unit:?} {value}: {width}");
            }
        }
    }

    #[test]
    fn every_value_is_in_its_range_or_beyond_the_end() {
        let mut values = Values::default();
        for value in [0, 9, 10, 29, 30, 500] {
            values.add(value);
        }
        let counts = shares(&values, 10, 40).into_iter().map(|share| share * 6.0 / 100.0);
        assert_eq!(counts.map(f64::round).collect::<Vec<_>>(), [2.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn marks_are_round_and_few() {
        let marks = |high| marks(high).collect::<Vec<_>>();
        assert_eq!(marks(0.5), [0.0]);
        assert_eq!(marks(15.0), [0.0, 5.0, 10.0, 15.0]);
        assert_eq!(marks(900.0), [0.0, 200.0, 400.0, 600.0, 800.0]);
    }

    #[test]
    fn numbers_come_in_their_order_and_words_by_how_often() {
        let words = |all: &[(&str, u64)]| {
            let all = all.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect();
            in_order(&all).into_iter().map(|(word, _)| word).collect::<Vec<_>>()
        };
        assert_eq!(words(&[("10", 9), ("2", 1)]), ["2", "10"]);
        assert_eq!(words(&[("10", 1), ("two", 3), ("one", 3)]), ["one", "two", "10"]);
    }
}
