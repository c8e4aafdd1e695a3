//! What is wrong with a text that cannot be read as JSON. Some of it is JSON by its grammar, and is not
//! called anything else.

/// What is wrong, as the rest of a sentence about the text: `is not JSON: expected value at line 1 column 1`.
pub fn json(error: &serde_json::Error) -> String {
    match beyond_us(error) {
        Some(why) => format!("{why}, at line {} column {}", error.line(), error.column()),
        None => format!("is not JSON: {error}"),
    }
}

/// What cannot be read in a text that is JSON by its grammar as far as it was read. The parser has no
/// kinds of error for it, only these words.
pub fn beyond_us(error: &serde_json::Error) -> Option<&'static str> {
    let words = error.to_string();
    let is = |beginning: &str| words.starts_with(beginning);
    if is("number out of range") {
        Some("has a number too large to hold")
    } else if is("lone leading surrogate in hex escape") || is("unexpected end of hex escape") {
        Some("has half a surrogate pair, which no text can have")
    } else if is("recursion limit exceeded") {
        Some("is nested too deeply to be read")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn json_that_cannot_be_held_is_not_called_something_else() {
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        for (text, wanted) in [
            (r#"{"a": 1e999}"#, "has a number too large to hold, at line 1 column 11"),
            ("-1e999", "has a number too large to hold, at line 1 column 6"),
            (r#""\ud800""#, "has half a surrogate pair, which no text can have, at line 1 column "),
            (r#""\ud800\ud800""#, "has half a surrogate pair"),
            (r#""\udc00""#, "has half a surrogate pair"),
            (r#""\ud800 a""#, "has half a surrogate pair"),
            (r#""\ud800\n""#, "has half a surrogate pair"),
            (&deep, "is nested too deeply to be read, at line 1 column 128"),
            ("", "is not JSON: EOF while parsing a value at line 1 column 0"),
            ("{,}", "is not JSON: "),
            (r#""\ud80""#, "is not JSON: "),
            (r#""\ux""#, "is not JSON: "),
            ("1e", "is not JSON: "),
        ] {
            let error = serde_json::from_str::<Value>(text).expect_err(text);
            let told = json(&error);
            assert!(told.starts_with(wanted), "{text}: {told}");
        }
    }
}
