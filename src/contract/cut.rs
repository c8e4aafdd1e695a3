//! Bodies as text for a report.

/// The most bytes of a body that go into a report.
pub const SHOWN: usize = 20_000;

/// A body as text, cut if it is very long.
pub fn text(body: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(body).into_owned();
    if text.len() > SHOWN {
        let end = (0..=SHOWN).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
