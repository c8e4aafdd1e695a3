//! Text as people write and read it: lengths of time, rates, lists of names, URLs with placeholders,
//! and lines for a shell.

pub mod clean;
pub mod numbered;
pub mod rate;
pub mod shell;
pub mod template;

use std::time::Duration;

/// Reads a length of time: `4 minutes`, `90s`, `1h 30m`, `250ms`, `3 days`. Negative ones are
/// refused; a day is 24 hours.
pub fn duration(text: &str) -> Option<Duration> {
    any_duration(text).filter(|length| *length <= LONGEST)
}

fn any_duration(text: &str) -> Option<Duration> {
    let span: jiff::Span = text.trim().parse().ok()?;
    let length = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()?;
    Duration::try_from(length).ok()
}

/// The longest length of time that anything takes: ten years.
const LONGEST: Duration = Duration::from_secs(LONGEST_DAYS * 24 * 3600);
const LONGEST_DAYS: u64 = 10 * 366;

/// Why [`duration`] refuses a text: it is not a length of time, or too long.
pub fn no_duration(text: &str) -> String {
    match any_duration(text) {
        Some(length) if length > LONGEST => format!(
            "`{text}` is too long: a length of time is at most {LONGEST_DAYS} days (ten years)"
        ),
        _ => format!("`{text}` is not a length of time"),
    }
}

/// Names for a message: `a`, `b` and `c`.
pub fn names<'a>(list: impl IntoIterator<Item = &'a str>) -> String {
    let list: Vec<String> = list.into_iter().map(|name| format!("`{name}`")).collect();
    match list.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// Words of which one is meant, as in a sentence: `BOOKED, DRAFT or PENDING`.
pub fn either<'a>(list: impl IntoIterator<Item = &'a str>) -> String {
    let list: Vec<&str> = list.into_iter().collect();
    match list.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => list.concat(),
    }
}

/// A number of things: `1 webhook`, `2 webhooks`.
pub fn counted(count: u64, thing: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{s}")
}

/// A word with its indefinite article: `an order`, `a visit`.
pub fn with_article(word: &str) -> String {
    let vowel = word.starts_with(|letter: char| "aeiouAEIOU".contains(letter));
    format!("{} {word}", if vowel { "an" } else { "a" })
}

/// The most numbers that a message lists.
const LISTED: usize = 10;

/// The first of these numbers, for a message: `1, 3, 4 …`.
pub fn some_of(numbers: &[usize]) -> String {
    let shown: Vec<String> = numbers.iter().take(LISTED).map(usize::to_string).collect();
    let more = if numbers.len() > LISTED { " …" } else { "" };
    shown.join(", ") + more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_as_people_write_them() {
        let day = 24 * 3600;
        for (text, seconds) in [
            ("90s", 90),
            ("4 minutes", 240),
            ("1h 30m", 5400),
            ("3d", 3 * day),
            ("2 days", 2 * day),
            ("1 day 12h", day + day / 2),
            ("1d12h", day + day / 2),
        ] {
            assert_eq!(duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["-4m", "-1d", "soon", "", "d", "3dd", "3d soon", "9999999999999999999d"] {
            assert_eq!(duration(text), None, "{text}");
            assert!(no_duration(text).ends_with("is not a length of time"), "{text}");
        }
        assert!(duration("3660 days").is_some());
        for text in ["3661 days", "10000d"] {
            assert_eq!(duration(text), None, "{text}");
            assert!(no_duration(text).contains("at most 3660 days"), "{text}");
        }
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        assert_eq!(names([]), "none");
        assert_eq!(names(["a"]), "`a`");
        assert_eq!(names(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(either(["a"]), "a");
        assert_eq!(either(["a", "b", "c"]), "a, b or c");
    }
}
