//! The summary as lines for a terminal: the same counts, without the pictures.

use super::drawings::{Drawing, drawings};
use super::{facts, heading};
use crate::model::summary::Summary;
use crate::report::text::{pad, printable};

/// The widest column of words.
const WIDEST: usize = 36;

/// The summary as text.
pub fn render(summary: &Summary) -> String {
    let mut text = format!("{}\n", heading(summary));
    for (name, value) in facts(summary) {
        text += &format!("  {}{value}\n", pad(name, 14));
    }
    for drawing in drawings(summary) {
        match drawing {
            Drawing::Plot(plot) => {
                text += &format!("\n{}: {}\n", plot.title, plot.about);
                for line in plot.lines {
                    text += &format!("  {}\n", line.name);
                }
            }
            Drawing::Bars(bars) => {
                text += &format!("\n{}: {}\n", bars.title, bars.about);
                for bar in bars.bars {
                    let word = pad(&bar.word, WIDEST);
                    text += &format!("  {word}{:>12}{:>9}\n", bar.count, bar.share);
                }
            }
        }
    }
    printable(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::generated::sample;

    #[test]
    fn a_terminal_of_80_columns_shows_it() {
        let text = render(&sample::summary());
        let row = "  thing.created                              1,230  99.68 %\n";
        for wanted in ["Acme: 1,234 webhooks\n", "told: half within 1.0 min", row] {
            assert!(text.contains(wanted), "{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn hostile_text_reaches_no_terminal() {
        assert!(!render(&sample::hostile()).contains(['\u{1b}', '\u{0}']));
    }
}
