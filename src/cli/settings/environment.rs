//! Replaces `${NAME}` and `${NAME:-default}` by environment variables. `$${` stands for `${`.
//!
//! The YAML library can do this too, but not inside double quotes, where most people write it.

use serde_json::Value as Json;

/// Why a reference cannot be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfilled {
    /// What is wrong.
    pub title: String,
    /// What would be right.
    pub help: String,
}

/// Replaces the references in a text.
///
/// # Errors
/// If a variable is not set and has no default, or a reference has another form.
pub fn fill(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, Unfilled> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            filled += before;
            filled += "${";
            rest = after;
            continue;
        }
        let (inside, behind) = after.split_once('}').ok_or_else(|| malformed("is not closed"))?;
        filled += before;
        filled += &value(inside, variable)?;
        rest = behind;
    }
    Ok(filled + rest)
}

fn value(inside: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, Unfilled> {
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.is_empty() || !name.bytes().all(sign) {
        return Err(malformed("does not name a variable"));
    }
    if default.is_some_and(|default| default.contains("${")) {
        return Err(malformed("has another reference in its default"));
    }
    variable(name)
        .filter(|value| !value.is_empty() || default.is_none())
        .or_else(|| default.map(str::to_owned))
        .ok_or_else(|| Unfilled {
            title: format!("the environment has no variable {name}"),
            help: format!("set it, or give a default: ${{{name}:-default}}"),
        })
}

/// The message does not repeat the reference: it may hold a secret.
fn malformed(why: &str) -> Unfilled {
    Unfilled {
        title: format!("a `${{` {why}"),
        help: "write ${NAME} or ${NAME:-default}; $${ stands for ${ itself".to_owned(),
    }
}

/// Stands for a text with a reference that cannot be replaced, while the rest is read. Nothing is done with it.
pub const UNFILLED: &str = "/a-variable-is-not-set";

/// Replaces the references in every text of a JSON value. Returns what is wrong with those that cannot be.
pub fn fill_json(json: &mut Json, variable: &dyn Fn(&str) -> Option<String>) -> Vec<Unfilled> {
    match json {
        Json::String(text) => fill_or_stand_in(text, variable).into_iter().collect(),
        Json::Array(list) => list.iter_mut().flat_map(|one| fill_json(one, variable)).collect(),
        Json::Object(object) => {
            object.values_mut().flat_map(|one| fill_json(one, variable)).collect()
        }
        _ => Vec::new(),
    }
}

/// Replaces the references in a text. If one cannot be, the text is [`UNFILLED`].
pub fn fill_or_stand_in(
    text: &mut String,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Option<Unfilled> {
    let filled = fill(text, variable);
    let wrong = filled.as_ref().err().cloned();
    *text = filled.unwrap_or_else(|_| UNFILLED.to_owned());
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, String> {
        fill(text, &|name| (name == "KEY").then(|| "k3y".to_owned())).map_err(|wrong| wrong.title)
    }

    #[test]
    fn variables_are_filled_in() {
        assert_eq!(filled("a ${KEY} b").as_deref(), Ok("a k3y b"));
        assert_eq!(filled("${NONE:-x}${KEY:-y}").as_deref(), Ok("xk3y"));
        assert_eq!(filled("${NONE:-a:-b}").as_deref(), Ok("a:-b"));
        assert_eq!(filled("$${KEY} $.status $1").as_deref(), Ok("${KEY} $.status $1"));
    }

    #[test]
    fn a_missing_variable_is_named() {
        let missing = Err("the environment has no variable OTHER".to_owned());
        assert_eq!(filled("${KEY}${OTHER}"), missing);
    }

    #[test]
    fn a_reference_of_another_form_is_an_error_and_not_sent_as_it_is() {
        for (text, why) in [
            ("${}", "does not name a variable"),
            ("${ KEY }", "does not name a variable"),
            ("${KEY:x}", "does not name a variable"),
            ("${KEY", "is not closed"),
            ("${A:-${KEY}}", "has another reference in its default"),
        ] {
            assert_eq!(filled(text), Err(format!("a `${{` {why}")), "{text}");
        }
    }
}
