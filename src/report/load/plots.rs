//! The plots of a load: rate, backlog and latency over time, and the distribution of latency.

use hdrhistogram::Histogram;

use super::histogram::{self, Bins};
use super::values;
use crate::model::followed::FollowedEffects;
use crate::model::load::{LoadReport, LoadSecond};
use crate::report::plot::{self, Axis, Line, Plot, Step};

/// The most ranges of the histogram.
const MOST_BINS: usize = 60;

/// What is drawn of a second.
type Count = fn(&LoadSecond) -> u64;
type Time = fn(&LoadSecond) -> Option<f64>;

/// All plots that the results have values for.
pub(super) fn plots(report: &LoadReport) -> Vec<Plot> {
    let mut plots = Vec::new();
    if !report.seconds.is_empty() {
        let last = report.seconds.last().map_or(0, |one| one.at_s);
        let whole = report.took_s.max(last as f64 + 0.001);
        plots.extend([rate(report, whole), backlog(report, whole)]);
        plots.extend(latency(report, whole));
    }
    plots.extend(report.followed.as_ref().and_then(behind));
    plots.extend(distribution(report));
    plots
}

/// A value of each second, for as long as it holds.
fn over_time<'a>(
    report: &'a LoadReport,
    whole: f64,
    value: impl Fn(&LoadSecond, f64) -> Option<f64> + 'a,
) -> impl Iterator<Item = Step> + 'a {
    report.seconds.iter().map(move |one| {
        let from = one.at_s as f64;
        // The last one is rarely whole.
        let to = (from + one.length_s as f64).min(whole);
        (from, to, value(one, to - from))
    })
}

/// A rate needs at least this long, in seconds.
const SHORTEST: f64 = 0.25;

fn rate(report: &LoadReport, whole: f64) -> Plot {
    let rate = |count: Count| {
        over_time(report, whole, move |one, length| {
            (length >= SHORTEST || count(one) == 0)
                .then(|| count(one) as f64 / length.max(SHORTEST))
        })
    };
    let series: [(&str, &str, Count); 3] = [
        ("asked for", "band", |one| one.due),
        ("sent", "solid", |one| one.sent),
        ("accepted", "dashed", |one| one.accepted),
    ];
    let all = series.iter().flat_map(|(_, _, count)| rate(*count)).filter_map(|(.., value)| value);
    let (x, y) = (Axis::exact(whole), Axis::linear(all.fold(0.0, f64::max)));
    // Without a schedule nothing is asked for.
    let asked = report.seconds.iter().any(|one| one.due > 0);
    let shown = series.iter().filter(|(name, ..)| asked || *name != "asked for");
    Plot {
        title: "Rate",
        about: format!("webhooks a second over time; {:.0} a second in the mean", report.rate),
        lines: shown
            .map(|(name, style, count)| Line {
                name: (*name).to_owned(),
                style,
                path: plot::steps(&x, &y, rate(*count)),
            })
            .collect(),
        x: x.ticks(" s"),
        y: y.ticks("/s"),
    }
}

fn backlog(report: &LoadReport, whole: f64) -> Plot {
    let most = report.seconds.iter().map(|one| one.backlog).max().unwrap_or_default();
    let (x, y) = (Axis::exact(whole), Axis::linear((most as f64).max(4.0)));
    let waiting = |one: &LoadSecond, _| Some(one.backlog as f64);
    let path = plot::area(&x, &y, over_time(report, whole, waiting));
    Plot {
        title: "Backlog",
        about: format!("webhooks that were due and waited, over time; {most} at the most"),
        lines: vec![Line { name: "most in a second".to_owned(), style: "area", path }],
        x: x.ticks(" s"),
        y: y.ticks(""),
    }
}

/// Of how many subjects the receiver was behind. It goes on after the load, until the receiver has shown
/// all or was given up.
fn behind(found: &FollowedEffects) -> Option<Plot> {
    let last = found.seconds.last()?;
    let whole = (last.at_s + last.length_s) as f64;
    let most = found.most_behind;
    let (x, y) = (Axis::exact(whole), Axis::linear((most as f64).max(4.0)));
    let steps = found.seconds.iter().map(|one| {
        let from = one.at_s as f64;
        (from, from + one.length_s as f64, Some(one.behind as f64))
    });
    let path = plot::area(&x, &y, steps);
    Some(Plot {
        title: "Backlog of effects",
        about: format!(
            "followed subjects of which the receiver was behind, over time; {most} at the most, {} in the end",
            found.behind
        ),
        lines: vec![Line { name: "most in a second".to_owned(), style: "area", path }],
        x: x.ticks(" s"),
        y: y.ticks(""),
    })
}

fn latency(report: &LoadReport, whole: f64) -> Option<Plot> {
    let least = report.seconds.iter().filter_map(|one| one.corrected.p50).fold(f64::MAX, f64::min);
    let longest = report.seconds.iter().map(|one| one.longest_ms).fold(0.0, f64::max);
    if least > longest {
        return None;
    }
    let (x, y) = (Axis::exact(whole), Axis::logarithmic(least * 0.8, longest * 1.25));
    let series: [(&str, &str, Time); 3] = [
        ("longest", "dotted", |one| Some(one.longest_ms).filter(|time| *time > 0.0)),
        ("p99", "dashed", |one| one.corrected.p99),
        ("p50", "solid", |one| one.corrected.p50),
    ];
    let line = |(name, style, value): (&str, _, Time)| Line {
        name: name.to_owned(),
        style,
        path: plot::steps(&x, &y, over_time(report, whole, move |one, _| value(one))),
    };
    let at = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), values::milliseconds);
    let (p50, p99) = (at(report.corrected.p50), at(report.corrected.p99));
    Some(Plot {
        title: "Latency",
        about: format!(
            "due → answer over time, logarithmic; p50 {p50} ms, p99 {p99} ms, longest {} ms",
            at(report.corrected.max)
        ),
        lines: series.into_iter().map(line).collect(),
        x: x.ticks(" s"),
        y: y.ticks(" ms"),
    })
}

fn distribution(report: &LoadReport) -> Option<Plot> {
    let corrected = histogram::read(&report.corrected.hdr)?;
    let raw = histogram::read(&report.raw.hdr)?;
    let bins = Bins::over(&[&corrected, &raw], MOST_BINS);
    let edges = bins.edges();
    let shares = |histogram: &Histogram<u64>| {
        let all = histogram.len() as f64;
        let counts = bins.counts(histogram).into_iter();
        let shares = counts.map(|count| count as f64 * 100.0 / all).zip(edges.windows(2));
        shares.map(|(share, edges)| (edges[0], edges[1], Some(share))).collect::<Vec<Step>>()
    };
    let (corrected, raw) = (shares(&corrected), shares(&raw));
    let most = corrected.iter().chain(&raw).filter_map(|(.., share)| *share).fold(0.0, f64::max);
    let (x, y) = (Axis::logarithmic(bins.low, bins.high), Axis::linear(most));
    Some(Plot {
        title: "Distribution of latency",
        about: "share of answers by latency, logarithmic".to_owned(),
        lines: vec![
            Line {
                name: "due → answer".to_owned(),
                style: "area",
                path: plot::area(&x, &y, corrected.into_iter()),
            },
            Line {
                name: "sent → answer".to_owned(),
                style: "dashed",
                path: plot::steps(&x, &y, raw.into_iter()),
            },
        ],
        x: x.ticks(" ms"),
        y: y.ticks(" %"),
    })
}
