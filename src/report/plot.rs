//! Plots: numbers become places, and the templates draw them.
//!
//! A plot is 1000 wide and 1000 high, and stretched to the page. Its labels are text of the page, at a
//! place in percent, so that they are as readable on a telephone as on a screen.

/// An axis.
pub(super) struct Axis {
    low: f64,
    high: f64,
    scale: Scale,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    Linear,
    Logarithmic,
}

/// A plot as the templates draw it.
pub(super) struct Plot {
    /// Its name.
    pub title: &'static str,
    /// What it shows, in words.
    pub about: String,
    /// What is drawn.
    pub lines: Vec<Line>,
    /// The labels below it.
    pub x: Vec<Tick>,
    /// The labels beside it, from below.
    pub y: Vec<Tick>,
}

/// A line or an area of a plot.
pub(super) struct Line {
    /// Its name.
    pub name: String,
    /// How it is drawn: no two of a plot differ in colour alone.
    pub style: &'static str,
    /// Its path.
    pub path: String,
}

/// A label at a place on an axis.
pub(super) struct Tick {
    place: f64,
    /// What it says.
    pub text: String,
}

impl Tick {
    /// Where it is, in percent of the axis.
    pub(super) fn at(&self) -> String {
        format!("{:.2}", self.place * 100.0)
    }

    /// How far it is from the other end, in percent of the axis.
    pub(super) fn at_from_end(&self) -> String {
        format!("{:.2}", (1.0 - self.place) * 100.0)
    }
}

/// The size of a plot.
const SIZE: f64 = 1000.0;

impl Axis {
    /// From zero to at least this value, evenly.
    pub(super) fn linear(high: f64) -> Self {
        let step = Self::step(high);
        Self { low: 0.0, high: (high / step).ceil().max(1.0) * step, scale: Scale::Linear }
    }

    /// From zero to exactly this value, evenly.
    pub(super) fn exact(high: f64) -> Self {
        Self { low: 0.0, high: high.max(1e-3), scale: Scale::Linear }
    }

    /// From one value to another; each power of ten takes the same space.
    pub(super) fn logarithmic(low: f64, high: f64) -> Self {
        Self { low, high: high.max(low * 1.01), scale: Scale::Logarithmic }
    }

    /// A round step, of which some three to six make the value.
    fn step(high: f64) -> f64 {
        let rough = (high / 4.0).max(1e-9);
        let power = 10f64.powf(rough.log10().floor());
        let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * power >= rough);
        factor.unwrap_or(10.0) * power
    }

    /// Where a value is, from 0 to 1.
    fn place(&self, value: f64) -> f64 {
        let place = match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Logarithmic => (value / self.low).ln() / (self.high / self.low).ln(),
        };
        place.clamp(0.0, 1.0)
    }

    /// The labels.
    pub(super) fn ticks(&self, unit: &str) -> Vec<Tick> {
        let values = match self.scale {
            Scale::Linear => self.even(),
            Scale::Logarithmic => self.powers(),
        };
        let within = values.into_iter().filter(|value| {
            *value >= self.low * (1.0 - 1e-9) && *value <= self.high * (1.0 + 1e-9)
        });
        self.ticks_at(within, unit)
    }

    /// Labels at these values.
    pub(super) fn ticks_at(&self, values: impl Iterator<Item = f64>, unit: &str) -> Vec<Tick> {
        let tick =
            |value| Tick { place: self.place(value), text: format!("{}{unit}", short(value)) };
        values.map(tick).collect()
    }

    fn even(&self) -> Vec<f64> {
        let step = Self::step(self.high);
        let count = (self.high / step + 1e-9).floor() as usize;
        (0..=count).map(|place| place as f64 * step).collect()
    }

    /// The powers of ten; also their halves and fifths, if there are few.
    fn powers(&self) -> Vec<f64> {
        let powers = self.low.log10().floor() as i32..=self.high.log10().ceil() as i32;
        let few = self.high / self.low < 300.0;
        let factors: &[f64] = if few { &[1.0, 2.0, 5.0] } else { &[1.0] };
        powers
            .flat_map(|power| factors.iter().map(move |factor| factor * 10f64.powi(power)))
            .collect()
    }
}

/// A number with at most three digits and a letter.
fn short(value: f64) -> String {
    let (value, letter) = match value {
        value if value >= 999_500.0 => (value / 1e6, "M"),
        value if value >= 9_999.5 => (value / 1e3, "k"),
        value => (value, ""),
    };
    let text = format!("{value:.3}");
    format!("{}{letter}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A value that holds from one place to another. None: there is no value.
pub(super) type Step = (f64, f64, Option<f64>);

/// The path of values, each of which holds for a while.
pub(super) fn steps(x: &Axis, y: &Axis, values: impl Iterator<Item = Step>) -> String {
    let mut path = String::new();
    let mut drawn = None;
    for (from, to, value) in values {
        let Some(value) = value else {
            drawn = None;
            continue;
        };
        let (from, to) = (x.place(from) * SIZE, x.place(to) * SIZE);
        let height = (1.0 - y.place(value)) * SIZE;
        path += &match drawn {
            Some(()) => format!("V{height:.0}H{to:.1}"),
            None => format!("M{from:.1} {height:.0}H{to:.1}"),
        };
        drawn = Some(());
    }
    path
}

/// The area below values, each of which holds for a while.
pub(super) fn area(x: &Axis, y: &Axis, values: impl Iterator<Item = Step>) -> String {
    let mut path = String::new();
    for (from, to, value) in values {
        let Some(value) = value.filter(|value| *value > 0.0) else { continue };
        let (from, to) = (x.place(from) * SIZE, x.place(to) * SIZE);
        // What is there is seen.
        let height = ((1.0 - y.place(value)) * SIZE).min(SIZE - 6.0);
        path += &format!("M{from:.1} {SIZE:.0}V{height:.0}H{to:.1}V{SIZE:.0}Z");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis, unit: &str) -> Vec<String> {
        axis.ticks(unit).into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn labels_are_round() {
        assert_eq!(texts(&Axis::linear(870.0), "/s"), ["0/s", "500/s", "1000/s"]);
        assert_eq!(texts(&Axis::linear(61_000.0), ""), ["0", "20k", "40k", "60k", "80k"]);
        assert_eq!(texts(&Axis::linear(0.0), "").len(), 2);
        assert_eq!(texts(&Axis::exact(9.99), " s"), ["0 s", "5 s"]);
        assert_eq!(texts(&Axis::logarithmic(0.4, 30.0), ""), ["0.5", "1", "2", "5", "10", "20"]);
        let wide = ["1", "10", "100", "1000", "10k"];
        assert_eq!(texts(&Axis::logarithmic(0.9, 20_000.0), ""), wide);
    }

    #[test]
    fn a_line_has_a_gap_where_there_is_no_value() {
        let (x, y) = (Axis::exact(4.0), Axis::linear(10.0));
        let values = [Some(10.0), Some(5.0), None, Some(0.0)];
        let values = (0..).zip(values).map(|(at, value)| (f64::from(at), f64::from(at + 1), value));
        let y_top = y.ticks("").last().map(|tick| tick.text.clone());
        assert_eq!(y_top.as_deref(), Some("10"));
        assert_eq!(steps(&x, &y, values), "M0.0 0H250.0V500H500.0M750.0 1000H1000.0");
    }

    #[test]
    fn little_is_seen_and_nothing_is_not() {
        let (x, y) = (Axis::exact(2.0), Axis::linear(1e6));
        let values = [(0.0, 1.0, Some(1.0)), (1.0, 2.0, Some(0.0))];
        assert_eq!(area(&x, &y, values.into_iter()), "M0.0 1000V994H500.0V1000Z");
    }
}
