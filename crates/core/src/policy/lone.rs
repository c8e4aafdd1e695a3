//! Half a surrogate pair in a value of a fault: `"\ud83d"`. JSON can write it, Unicode text cannot hold it.
//! While the value is text, a mark that no Unicode text may interchange stands for it.

/// Stands before the four digits. Unicode reserves this character for use inside a program.
const MARK: char = '\u{fdd0}';

/// The JSON text with each lone surrogate as a mark and its digits, so that it can be read.
pub fn marked(json: &str) -> String {
    let mut rest = json;
    let mut text = String::with_capacity(json.len());
    while let Some(place) = rest.find('\\') {
        text.push_str(&rest[..place]);
        rest = &rest[place..];
        let taken = match (unit(rest), rest.get(6..).and_then(unit)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => {
                text.push(MARK);
                text.push_str(&rest[2..6]);
                rest = &rest[6..];
                continue;
            }
            (Some(_), _) => 6,
            // A backslash and what it escapes, so that an escaped backslash begins nothing.
            (None, _) => rest.chars().take(2).map(char::len_utf8).sum(),
        };
        text.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    text + rest
}

/// The written JSON with each mark as the escape of a surrogate again.
pub fn restored(json: String) -> String {
    match json.contains(MARK) {
        true => json.replace(MARK, "\\u"),
        false => json,
    }
}

/// The number of an escape at the beginning of this text: `\ud83d`.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_half_a_pair_is_marked_and_comes_back() {
        let cases = [
            (r#""a\ud83d""#, true),
            (r#""\udc4d\ud83d b""#, true),
            (r#""\ud83d\u0041""#, true),
            (r#""\ud83d\udc4d""#, false),
            (r#""\\ud83d""#, false),
            (r#""A\u0000""#, false),
            (r#"["é\n", 1]"#, false),
        ];
        for (json, lone) in cases {
            let marked = marked(json);
            assert_eq!(marked.contains(MARK), lone, "{json}");
            let read: serde_json::Value = serde_json::from_str(&marked).unwrap();
            let written = restored(read.to_string());
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&written).is_err(),
                lone,
                "{written}"
            );
            assert!(!written.contains(MARK), "{written}");
        }
    }
}
