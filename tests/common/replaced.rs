//! Templates with parts replaced, for tests.
//!
//! `str::replace` does nothing if the part is missing, and the test then passes for the wrong reason.
//! These functions panic instead.

/// The text with each of these parts replaced, wherever it stands.
///
/// # Panics
/// If a part is not in the text.
#[track_caller]
pub fn replaced(text: &str, parts: &[(&str, &str)]) -> String {
    parts.iter().fold(text.to_owned(), |text, (part, with)| {
        assert!(text.contains(part), "there is no `{part}` to replace in:\n{text}");
        text.replace(part, with)
    })
}
