//! What all formats share: colours, durations, and cuts.

use std::time::Duration;

use anstyle::{AnsiColor, Style};

pub use crate::text::clean::printable;
pub(super) use crate::text::clean::{one_line, own_lines};

/// Bold: names and headings.
pub(super) const BOLD: Style = Style::new().bold();
/// Dim: details.
pub(super) const DIM: Style = Style::new().dimmed();
/// Green: passed.
pub(super) const GREEN: Style = AnsiColor::Green.on_default();
/// Yellow: refused, or not judged.
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default();
/// Red: failed.
pub(super) const RED: Style = AnsiColor::Red.on_default();

/// Whether text for a terminal is coloured; the command line decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// With ANSI escapes.
    On,
    /// Plain text.
    Off,
}

impl Colour {
    /// `text` in `style`, or as it is.
    pub(super) fn paint(self, style: Style, text: &str) -> String {
        match self {
            Self::On if !text.is_empty() => format!("{style}{text}{style:#}"),
            _ => text.to_owned(),
        }
    }
}

/// A duration for people: `0 ms`, `< 1 ms`, `4 ms`, `1.2 s`, `2 min 5 s`.
pub fn duration(took: Duration) -> String {
    let (seconds, milliseconds) = (took.as_secs(), took.as_millis());
    match milliseconds {
        0 if took.is_zero() => "0 ms".to_owned(),
        0 => "< 1 ms".to_owned(),
        1..1_000 => format!("{milliseconds} ms"),
        // Cut and not rounded: 59.97 s must not become 60.0 s.
        1_000..60_000 => format!("{seconds}.{} s", took.subsec_millis() / 100),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// Milliseconds as a duration. A number that is no duration becomes 0.
pub(super) fn milliseconds(milliseconds: f64) -> String {
    duration(Duration::try_from_secs_f64(milliseconds / 1e3).unwrap_or_default())
}

/// A share of a whole, in percent. Only a whole is 100 %, and only nothing is 0 %.
pub(super) fn percent(count: u64, all: u64) -> String {
    let percent = 100.0 * count as f64 / all.max(1) as f64;
    match percent {
        _ if count == 0 || count == all => format!("{percent:.0} %"),
        percent if percent < 0.01 => "< 0.01 %".to_owned(),
        percent if percent > 99.99 => "> 99.99 %".to_owned(),
        percent => format!("{percent:.2} %"),
    }
}

/// The first `limit` characters, and the number of all characters if there are more.
pub(super) fn cut(text: &str, limit: usize) -> (&str, Option<usize>) {
    match text.char_indices().nth(limit) {
        Some((end, _)) => (&text[..end], Some(text.chars().count())),
        None => (text, None),
    }
}

/// `text` padded with spaces to `width` characters. Wide characters (日本) count as one, so columns
/// behind them are not quite aligned.
pub(super) fn pad(text: &str, width: usize) -> String {
    // A width in a format is at most 65,535.
    text.to_owned() + &" ".repeat(width.saturating_sub(text.chars().count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_rounded_to_nothing_or_to_all() {
        assert_eq!(percent(0, 7), "0 %");
        assert_eq!(percent(7, 7), "100 %");
        assert_eq!(percent(1, 1_000_000), "< 0.01 %");
        assert_eq!(percent(999_999, 1_000_000), "> 99.99 %");
        assert_eq!(percent(1, 3), "33.33 %");
        assert_eq!(percent(0, 0), "0 %");
    }

    #[test]
    fn durations_read_as_people_say_them() {
        let read = |microseconds| duration(Duration::from_micros(microseconds));
        assert_eq!(read(0), "0 ms");
        assert_eq!(read(300), "< 1 ms");
        assert_eq!(read(4_200), "4 ms");
        assert_eq!(read(1_260_000), "1.2 s");
        assert_eq!(read(59_970_000), "59.9 s");
        assert_eq!(read(125_000_000), "2 min 5 s");
        assert_eq!(milliseconds(f64::NAN), "0 ms");
        assert_eq!(milliseconds(-1.0), "0 ms");
    }

    #[test]
    fn a_text_is_padded_to_any_width() {
        assert_eq!(pad("日本", 4), "日本  ");
        assert_eq!(pad("日本", 1), "日本");
        assert_eq!(pad("", 70_000).len(), 70_000);
    }

    #[test]
    fn a_cut_falls_between_characters() {
        assert_eq!(cut("日本語", 2), ("日本", Some(3)));
        assert_eq!(cut("日本語", 3), ("日本語", None));
    }
}
