//! A text whose lines are found by their numbers, however long it is.

use std::ops::Deref;
use std::sync::Arc;

/// The text of a file.
#[derive(Clone, Debug)]
pub struct Numbered {
    text: Arc<str>,
    /// Where each line begins, in bytes.
    starts: Arc<[usize]>,
}

impl From<String> for Numbered {
    fn from(text: String) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(0).chain(breaks.map(|at| at + 1)).collect();
        Self { text: text.into(), starts }
    }
}

impl Numbered {
    /// The line of this number, from 1, without its line break. A text that is too short gives an empty
    /// line.
    pub fn line(&self, number: usize) -> &str {
        let start = number.checked_sub(1).and_then(|place| self.starts.get(place));
        let rest = start.map_or("", |start| &self.text[*start..]);
        rest.lines().next().unwrap_or_default()
    }

    /// How many lines it has.
    pub fn count(&self) -> usize {
        self.starts.len() - usize::from(self.text.is_empty() || self.text.ends_with('\n'))
    }

    /// The whole text, to keep.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }
}

impl Deref for Numbered {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_by_their_numbers() {
        for text in ["", "a", "a\n", "a\r\nb\n\nc", "\n\n", "é\nü"] {
            let numbered = Numbered::from(text.to_owned());
            for number in 0..6_usize {
                let line = number.checked_sub(1).and_then(|place| text.lines().nth(place));
                assert_eq!(numbered.line(number), line.unwrap_or_default(), "{number} of {text:?}");
            }
            assert_eq!(&*numbered, text);
            assert_eq!(numbered.count(), text.lines().count(), "{text:?}");
        }
    }
}
