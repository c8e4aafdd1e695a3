//! `${NAME}` and `${NAME:-default}` in values, from the environment. `$${` stands for `${`.
//!
//! The YAML library can do this too, but not inside double quotes, where most people write it.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value as Json;

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\$(\$)?\{([^}:]*)(?::-([^}]*))?\}").unwrap_or_else(|error| panic!("{error}"))
});

/// Puts the environment's values into a text.
///
/// # Errors
/// The name of the first variable that is not there and has no default.
pub fn fill(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut missing = None;
    let filled = REFERENCE.replace_all(text, |found: &Captures<'_>| {
        if found.get(1).is_some() {
            return found[0][1..].to_owned();
        }
        let default = found.get(3).map(|default| default.as_str().to_owned());
        let value = variable(&found[2]).filter(|value| !value.is_empty() || default.is_none());
        value.or(default).unwrap_or_else(|| {
            missing.get_or_insert(found[2].to_owned());
            String::new()
        })
    });
    let filled = filled.into_owned();
    missing.map_or(Ok(filled), Err)
}

/// The same for every text in a JSON value.
///
/// # Errors
/// The name of the first variable that is not there and has no default.
pub fn fill_json(json: &mut Json, variable: &dyn Fn(&str) -> Option<String>) -> Result<(), String> {
    match json {
        Json::String(text) => *text = fill(text, variable)?,
        Json::Array(list) => list.iter_mut().try_for_each(|one| fill_json(one, variable))?,
        Json::Object(object) => object.values_mut().try_for_each(|one| fill_json(one, variable))?,
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, String> {
        fill(text, &|name| (name == "KEY").then(|| "k3y".to_owned()))
    }

    #[test]
    fn variables_are_filled_in() {
        assert_eq!(filled("a ${KEY} b").as_deref(), Ok("a k3y b"));
        assert_eq!(filled("${NONE:-x}${KEY:-y}").as_deref(), Ok("xk3y"));
        assert_eq!(filled("$${KEY} $.status $1").as_deref(), Ok("${KEY} $.status $1"));
    }

    #[test]
    fn a_missing_variable_is_named() {
        assert_eq!(filled("${KEY}${OTHER}"), Err("OTHER".to_owned()));
    }
}
