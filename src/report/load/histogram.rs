//! Histograms of latencies, as the summary and the page draw them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;

/// Reads a histogram of a report. None if it is none, or empty.
pub(super) fn read(hdr: &str) -> Option<Histogram<u64>> {
    let bytes = BASE64.decode(hdr).ok()?;
    let histogram: Histogram<u64> = Deserializer::new().deserialize(&mut bytes.as_slice()).ok()?;
    (!histogram.is_empty()).then_some(histogram)
}

/// Ranges of latencies, each the same factor wide.
pub(super) struct Bins {
    /// Where the first begins, in milliseconds.
    pub low: f64,
    /// Where the last ends.
    pub high: f64,
    count: usize,
}

/// A range is at least this factor wide, so that it says more than the precision of a histogram.
const LEAST_FACTOR: f64 = 1.1;

impl Bins {
    /// At most so many ranges that hold all latencies of these histograms.
    pub(super) fn over(histograms: &[&Histogram<u64>], most: usize) -> Self {
        let least = histograms.iter().map(|one| one.min_nz()).min().unwrap_or(1).max(1);
        let most_of_all = histograms.iter().map(|one| one.max()).max().unwrap_or(1).max(least);
        let low = least as f64 / 1000.0;
        // Above the longest, which belongs to the last range.
        let high = (most_of_all as f64 * 1.001).max(least as f64 * LEAST_FACTOR) / 1000.0;
        let fit = ((high / low).ln() / LEAST_FACTOR.ln()).floor() as usize;
        Self { low, high, count: most.min(fit).max(1) }
    }

    /// Where each begins, and the last ends.
    pub(super) fn edges(&self) -> Vec<f64> {
        let factor = (self.high / self.low).powf(1.0 / self.count as f64);
        (0..=self.count).map(|place| self.low * factor.powi(place as i32)).collect()
    }

    /// How many latencies fall into each.
    pub(super) fn counts(&self, histogram: &Histogram<u64>) -> Vec<u64> {
        let mut counts = vec![0; self.count];
        let whole = (self.high / self.low).ln();
        for one in histogram.iter_recorded() {
            let place = (one.value_iterated_to() as f64 / 1000.0 / self.low).ln() / whole;
            let place = (place * self.count as f64).max(0.0) as usize;
            counts[place.min(self.count - 1)] += one.count_at_value();
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_latency_is_in_a_range() {
        let mut histogram = Histogram::<u64>::new_with_bounds(1, 3_600_000_000, 3).unwrap();
        for microseconds in [800, 1000, 1000, 50_000, 3_000_000] {
            histogram.record(microseconds).unwrap();
        }
        let bins = Bins::over(&[&histogram], 10);
        let (edges, counts) = (bins.edges(), bins.counts(&histogram));
        assert_eq!((edges.len(), counts.len()), (11, 10));
        assert_eq!(counts.iter().sum::<u64>(), 5);
        assert_eq!((counts[0], counts[9]), (3, 1));
        assert!(edges[0] <= 0.8 && edges[10] >= 3000.0, "{edges:?}");
    }

    #[test]
    fn equal_latencies_are_one_range() {
        let mut histogram = Histogram::<u64>::new_with_bounds(1, 3_600_000_000, 3).unwrap();
        histogram.record_n(5000, 7).unwrap();
        let bins = Bins::over(&[&histogram], 10);
        assert_eq!(bins.counts(&histogram), [7]);
    }

    #[test]
    fn what_is_no_histogram_is_none() {
        assert!(read("").is_none() && read("AAAA").is_none() && read("#").is_none());
    }
}
