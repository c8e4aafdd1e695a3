//! The latencies of a load as an interval log of HdrHistogram, which its tools read.
//!
//! Each second is an interval of its own, with the tags `corrected` and `raw`. How late webhooks were
//! sent (`lag`) is one interval. Values are microseconds; the longest of an interval is in milliseconds.

use std::time::Duration;

use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, Tag};
use jiff::Timestamp;

use super::histogram;
use crate::model::load::LoadReport;
use crate::report::text::one_line;

/// What the log says of itself. Tools look for the version and for the names of the columns.
const VERSION: &str = "[Histogram log format version 1.3]";
const UNITS: &str = "[Values are microseconds, Interval_Max is milliseconds]";
const COLUMNS: &str =
    "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n";

/// The log.
pub fn render(report: &LoadReport) -> String {
    let began = report.started.parse().unwrap_or(Timestamp::UNIX_EPOCH).into();
    let mut head = Vec::new();
    let mut rows = Vec::new();
    let mut serializer = V2DeflateSerializer::new();
    // Nothing that is written into memory fails.
    let _ = IntervalLogWriterBuilder::new()
        .add_comment(VERSION)
        .add_comment(&format!("[Logged with Standin {}]", one_line(&report.version)))
        .add_comment(UNITS)
        .with_start_time(began)
        .with_base_time(began)
        .begin_log_with(&mut head, &mut serializer);
    if let Ok(mut log) = IntervalLogWriterBuilder::new()
        .with_max_value_divisor(1000.0)
        .begin_log_with(&mut rows, &mut serializer)
    {
        for (tag, hdr, at, length) in intervals(report) {
            if let (Some(histogram), tag) = (histogram::read(hdr), Tag::new(tag)) {
                let _ = log.write_histogram(&histogram, at, length, tag);
            }
        }
    }
    let text = [head, COLUMNS.into(), rows].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// Tag, histogram, begin and length of each interval, by when they begin.
fn intervals(report: &LoadReport) -> Vec<(&'static str, &str, Duration, Duration)> {
    let whole = Duration::try_from_secs_f64(report.took_s).unwrap_or_default();
    let mut intervals = vec![("lag", report.lag.hdr.as_str(), Duration::ZERO, whole)];
    for second in &report.seconds {
        let at = Duration::from_secs(second.at_s);
        // The last second is rarely a whole one.
        let length = Duration::from_secs(second.length_s).min(whole.saturating_sub(at));
        intervals.push(("corrected", second.corrected.hdr.as_str(), at, length));
        intervals.push(("raw", second.raw.hdr.as_str(), at, length));
    }
    intervals
}

#[cfg(test)]
mod tests {
    use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};

    use super::*;
    use crate::report::load::sample;

    #[test]
    fn the_log_is_read_back_with_every_latency() {
        let report = sample::report();
        let text = render(&report);
        let mut counts = std::collections::BTreeMap::<String, u64>::new();
        let mut last = Duration::ZERO;
        for entry in IntervalLogIterator::new(text.as_bytes()) {
            match entry.expect("an entry") {
                LogEntry::Interval(interval) => {
                    let tag = interval.tag().expect("a tag").as_str().to_owned();
                    let read = histogram::read(interval.encoded_histogram()).expect("a histogram");
                    let longest = read.max() as f64 / 1000.0;
                    assert!((interval.max() - longest).abs() < 0.001, "{tag}");
                    assert!(interval.start_timestamp() >= last, "in order");
                    last = interval.start_timestamp();
                    *counts.entry(tag).or_default() += read.len();
                }
                LogEntry::StartTime(time) | LogEntry::BaseTime(time) => {
                    assert_eq!(time.as_secs(), 1_793_871_000, "2026-11-05T09:30:00Z");
                }
            }
        }
        let wanted = [("corrected", 6000), ("lag", 6000), ("raw", 6000)];
        let wanted = wanted.map(|(tag, count)| (tag.to_owned(), count));
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), wanted);
    }
}
