//! Text that JSON can write and a database refuses: a character 0, and half a surrogate pair. This
//! receiver stores the first and refuses the second. Only defects fail at them.

use serde_json::Value;

use super::defects::Defect;
use super::refusal::Refusal;
use super::variation::Defects;

/// The defects of a vendor's part.
pub(super) struct Crashes {
    /// At a character 0.
    pub nul: Defect,
    /// At half a surrogate pair.
    pub half: Defect,
}

/// The body as JSON.
pub(super) fn read(body: &[u8], defects: &Defects, crashes: &Crashes) -> Result<Value, Refusal> {
    let read = serde_json::from_slice(body);
    match &read {
        Ok(json) if defects.contains(&crashes.nul) && has_nul(json) => {
            Err(Refusal::Crash("invalid byte sequence for encoding \"UTF8\": 0x00"))
        }
        Err(error) if defects.contains(&crashes.half) && is_half_a_pair(error) => {
            Err(Refusal::Crash("surrogates not allowed"))
        }
        _ => Ok(read?),
    }
}

fn has_nul(json: &Value) -> bool {
    match json {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => members.values().any(has_nul),
        _ => false,
    }
}

/// The parser has no kind of error for it, only these words.
fn is_half_a_pair(error: &serde_json::Error) -> bool {
    error.to_string().contains("hex escape")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_pair_is_told_from_other_text_that_is_not_json() {
        let error = |body: &str| serde_json::from_str::<Value>(body).expect_err("no JSON");
        for half in [r#"["\ud83d"]"#, r#"["a \ud83d\ud83d"]"#, r#"["\udc4d b"]"#] {
            assert!(is_half_a_pair(&error(half)), "{half}: {}", error(half));
        }
        for other in ["[", "{,}", r#"["a"#, "[\"\0\"]"] {
            assert!(!is_half_a_pair(&error(other)), "{other}: {}", error(other));
        }
    }

    #[test]
    fn a_character_0_is_found_wherever_it_is() {
        let has = |json| has_nul(&json);
        assert!(has(serde_json::json!({"a": [{"b": "c\u{0}d"}]})));
        assert!(!has(serde_json::json!({"a": [0, null, "0"]})));
    }
}
