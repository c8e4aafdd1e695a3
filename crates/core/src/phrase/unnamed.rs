//! Texts that are no phrase only because a name in them begins with a small letter.

/// The most words that are tried.
const WORDS: usize = 30;

/// The text with one word capitalised, if that makes it a phrase.
pub fn with_a_name(text: &str, reads: impl Fn(&str) -> bool) -> Option<String> {
    let mut starts = vec![0];
    starts.extend(text.match_indices(' ').map(|(place, _)| place + 1));
    starts.into_iter().take(WORDS).find_map(|start| {
        let first = text.get(start..)?.chars().next().filter(|first| first.is_lowercase())?;
        let rest = text.get(start + first.len_utf8()..)?;
        let meant = format!("{}{}{rest}", text.get(..start)?, first.to_uppercase());
        reads(&meant).then_some(meant)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_begins_with_a_small_letter_is_found() {
        let reads = |text: &str| text == "staff call Åsa";
        assert_eq!(with_a_name("staff call åsa", reads).as_deref(), Some("staff call Åsa"));
        assert_eq!(with_a_name("staff cal åsa", reads), None);
        assert_eq!(with_a_name("", reads), None);
        assert_eq!(with_a_name(" a  b ", reads), None);
    }
}
