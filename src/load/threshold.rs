//! Thresholds: expressions such as `p99 > 200ms`. If one holds, the run has failed.

use std::ops::Range;

use crate::model::load::{LoadReport, Percentiles, ThresholdResult};

/// A threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The expression.
    pub text: String,
    metric: Metric,
    comparison: Comparison,
    limit: Limit,
}

/// What is wrong with an expression, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// Which of its bytes.
    pub at: Range<usize>,
    /// What is wrong, and what would be right.
    pub why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Limit {
    /// Milliseconds.
    Time(f64),
    Number(f64),
    /// A share, from 0 to 1.
    Share(f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Metric {
    Time(&'static str, Times, Place),
    Count(&'static str),
    Rate,
    Drained,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Times {
    Corrected,
    Raw,
    Lag,
    Effect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Mean,
    P50,
    P75,
    P90,
    P95,
    P99,
    P999,
    Max,
}

const PLACES: &[(&str, Place)] = &[
    ("mean", Place::Mean),
    ("p50", Place::P50),
    ("p75", Place::P75),
    ("p90", Place::P90),
    ("p95", Place::P95),
    ("p99", Place::P99),
    ("p99.9", Place::P999),
    ("max", Place::Max),
];

/// The counts that can be compared.
const COUNTS: &[&str] = &[
    "sent",
    "accepted",
    "refused",
    "failed",
    "faulted",
    "recovered",
    "given-up",
    "shed",
    "unfinished",
    "retries",
    "token-failures",
    "lost",
    "wrong",
    "unreadable",
    "applied-twice",
    "behind",
];

const COMPARISONS: &[(&str, Comparison)] = &[
    (">=", Comparison::GreaterOrEqual),
    ("<=", Comparison::LessOrEqual),
    (">", Comparison::Greater),
    ("<", Comparison::Less),
];

/// What can be compared, for help and errors.
pub fn metrics() -> String {
    let places: Vec<&str> = PLACES.iter().map(|(name, _)| *name).collect();
    format!(
        "{} (each also as raw.…, lag.… and effect.…), rate, drained, {}",
        places.join(", "),
        COUNTS.join(", ")
    )
}

impl Threshold {
    /// Reads an expression.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(text: &str) -> Result<Self, Wrong> {
        let sign = text.find(['<', '>']).ok_or_else(|| Wrong {
            at: 0..text.len(),
            why: "it compares nothing; it is written like `p99 > 200ms`".to_owned(),
        })?;
        let rest = &text[sign..];
        let (sign_text, comparison) =
            COMPARISONS.iter().find(|(sign, _)| rest.starts_with(sign)).ok_or_else(|| Wrong {
                at: sign..sign + 1,
                why: "this is no comparison".to_owned(),
            })?;
        let name = place_of(text, 0..sign);
        let metric = metric(&text[name.clone()]).ok_or_else(|| Wrong {
            at: name.clone(),
            why: format!("this is not known; there are {}", metrics()),
        })?;
        let value = place_of(text, sign + sign_text.len()..text.len());
        let limit = limit(metric, &text[value.clone()]).map_err(|why| Wrong { at: value, why })?;
        Ok(Self { text: text.trim().to_owned(), metric, comparison: *comparison, limit })
    }

    /// What a run comes to by it.
    pub fn judge(&self, report: &LoadReport) -> ThresholdResult {
        let (value, crossed) = self.crossed(report);
        ThresholdResult { text: self.text.clone(), value: self.shown(value), passed: !crossed }
    }

    /// The value, in the words of the expression, if the expression holds. None also if the value is
    /// not known.
    pub fn holds(&self, report: &LoadReport) -> Option<String> {
        let (value, crossed) = self.crossed(report);
        (crossed && value.is_some()).then(|| self.shown(value))
    }

    /// Whether a run has crossed it, and what it is compared with. None if there is nothing to
    /// compare.
    fn crossed(&self, report: &LoadReport) -> (Option<f64>, bool) {
        let value = self.value(report);
        // What cannot be known does not pass.
        let Some(value) = value else { return (None, true) };
        let limit = match self.limit {
            Limit::Time(limit) | Limit::Number(limit) => limit,
            Limit::Share(share) => share * self.whole(report) as f64,
        };
        let crossed = match self.comparison {
            Comparison::Less => value < limit,
            Comparison::LessOrEqual => value <= limit,
            Comparison::Greater => value > limit,
            Comparison::GreaterOrEqual => value >= limit,
        };
        (Some(value), crossed)
    }

    /// What a share is a share of.
    fn whole(&self, report: &LoadReport) -> u64 {
        let (webhooks, effects) = (&report.webhooks, report.effects.as_ref());
        match self.metric {
            Metric::Count("lost" | "wrong" | "unreadable") => effects.map_or(0, |one| one.compared),
            Metric::Count("applied-twice") => effects.map_or(0, |one| one.twice_judged),
            Metric::Count("behind") => report.followed.as_ref().map_or(0, |one| one.subjects),
            Metric::Count("shed" | "unfinished") => webhooks.due(),
            _ => webhooks.sent,
        }
    }

    /// The value in the words of the expression.
    fn shown(&self, value: Option<f64>) -> String {
        match (self.metric, value) {
            (_, None) => "not known".to_owned(),
            (Metric::Time(..) | Metric::Drained, Some(value)) => format!("{value:.2} ms"),
            (Metric::Rate, Some(value)) => format!("{value:.1}/s"),
            (Metric::Count(_), Some(value)) => format!("{value}"),
        }
    }

    fn value(&self, report: &LoadReport) -> Option<f64> {
        let effects = report.effects.as_ref();
        Some(match self.metric {
            Metric::Time(_, times, place) => {
                let times = match times {
                    Times::Corrected => &report.corrected,
                    Times::Raw => &report.raw,
                    Times::Lag => &report.lag,
                    Times::Effect => &report.followed.as_ref()?.latency,
                };
                return at(times, place);
            }
            Metric::Rate => report.rate,
            // A receiver that is not right in the end has not drained.
            Metric::Drained => effects.filter(|one| one.right == one.compared)?.drained_s * 1000.0,
            Metric::Count(name) => count(report, name)? as f64,
        })
    }
}

fn count(report: &LoadReport, name: &str) -> Option<u64> {
    let (webhooks, effects) = (&report.webhooks, report.effects.as_ref());
    Some(match name {
        "sent" => webhooks.sent,
        "accepted" => webhooks.accepted,
        "refused" => webhooks.refused,
        "failed" => webhooks.failed,
        "faulted" => webhooks.faulted,
        "recovered" => webhooks.recovered,
        "given-up" => webhooks.given_up,
        "shed" => webhooks.shed,
        "unfinished" => webhooks.unfinished,
        "retries" => report.retries,
        "token-failures" => report.token_failures,
        "lost" => effects?.lost,
        "wrong" => effects?.wrong,
        "applied-twice" => effects?.twice?,
        // Of nobody it is not known.
        "behind" => report.followed.as_ref().filter(|followed| followed.subjects > 0)?.behind,
        _ => effects?.unreadable,
    })
}

fn at(times: &Percentiles, place: Place) -> Option<f64> {
    match place {
        Place::Mean => times.mean,
        Place::P50 => times.p50,
        Place::P75 => times.p75,
        Place::P90 => times.p90,
        Place::P95 => times.p95,
        Place::P99 => times.p99,
        Place::P999 => times.p999,
        Place::Max => times.max,
    }
}

/// A part of a text without the space around it. A part that is only space stays one byte wide.
fn place_of(text: &str, part: Range<usize>) -> Range<usize> {
    let inner = &text[part.clone()];
    let begin = part.start + (inner.len() - inner.trim_start().len());
    let end = begin + inner.trim().len();
    if begin < end { begin..end } else { part }
}

fn metric(name: &str) -> Option<Metric> {
    if let Some(count) = COUNTS.iter().find(|count| **count == name) {
        return Some(Metric::Count(count));
    }
    match name {
        "rate" => return Some(Metric::Rate),
        "drained" => return Some(Metric::Drained),
        _ => {}
    }
    let (times, place) = match name.split_once('.') {
        Some(("raw", place)) => (Times::Raw, place),
        Some(("lag", place)) => (Times::Lag, place),
        Some(("effect", place)) => (Times::Effect, place),
        _ => (Times::Corrected, name),
    };
    let (name, place) = PLACES.iter().find(|(one, _)| *one == place)?;
    Some(Metric::Time(name, times, *place))
}

fn limit(metric: Metric, text: &str) -> Result<Limit, String> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|one| one.is_finite());
    match metric {
        Metric::Time(..) | Metric::Drained => {
            let units = [("ms", 1.0), ("us", 0.001), ("µs", 0.001), ("s", 1000.0), ("m", 60_000.0)];
            let found = units.iter().find_map(|(unit, factor)| {
                Some(Limit::Time(number(text.strip_suffix(unit)?)? * factor))
            });
            found.ok_or_else(|| "this is not a length of time; write 200ms or 1.5s".to_owned())
        }
        Metric::Rate => {
            let text = text.strip_suffix("/s").unwrap_or(text);
            let wrong = || "this is not a rate; write 1000 or 1000/s".to_owned();
            number(text).map(Limit::Number).ok_or_else(wrong)
        }
        Metric::Count(_) => {
            let found = match text.strip_suffix('%') {
                Some(share) => number(share).map(|share| Limit::Share(share / 100.0)),
                None => number(text).map(Limit::Number),
            };
            found.ok_or_else(|| "this is not a number; write 0 or 0.1%".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read() {
        let good = [
            "p99 > 200ms",
            "lost > 0",
            "refused > 0.1%",
            "drained > 30s",
            "rate < 1900/s",
            " raw.p99.9>=1.5s ",
            "lag.max > 5ms",
            "effect.p99 > 2s",
            "applied-twice > 0",
        ];
        for text in good {
            assert!(Threshold::read(text).is_ok(), "{text}");
        }
        let read = Threshold::read("refused > 0.1%").expect("an expression");
        assert_eq!(read.limit, Limit::Share(0.001));
    }

    #[test]
    fn a_wrong_expression_says_where() {
        let wrong = [
            ("p99", 0..3),
            ("p98 > 1ms", 0..3),
            ("p99 > fast", 6..10),
            ("p99 >> 1ms", 5..10),
            ("lost > 1ms", 7..10),
            ("p99 >", 5..5),
        ];
        for (text, at) in wrong {
            assert_eq!(Threshold::read(text).expect_err(text).at, at, "{text}");
        }
    }
}
