//! Reads the JSON of a call key by key. Unknown keys are ignored.

use std::ops::RangeInclusive;

use serde_json::{Map, Value as Json};

use super::wrong::Wrong;
use crate::vendors::api::ApiCall;

/// The longest text, in characters.
const LONGEST_TEXT: usize = 1000;

/// The most items in a list.
const LONGEST_LIST: usize = 100;

/// The body of a call: an object.
pub struct Body(Map<String, Json>);

impl Body {
    /// The body of a call. An empty body is an object without keys.
    pub fn of(call: &ApiCall) -> Result<Self, Wrong> {
        match call.json().map_err(Wrong::bad)? {
            Json::Object(keys) => Ok(Self(keys)),
            Json::Null if call.body.is_empty() => Ok(Self(Map::new())),
            _ => Err(Wrong::bad("the body must be a JSON object")),
        }
    }

    /// Whether a key is present.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The value of a key, unchecked.
    pub fn json(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    /// A text. Null is the empty text.
    pub fn text(&self, name: &str) -> Result<Option<String>, Wrong> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Json::Null) => Ok(Some(String::new())),
            Some(Json::String(text)) if text.chars().count() <= LONGEST_TEXT => {
                Ok(Some(text.clone()))
            }
            Some(_) => Err(Wrong::bad(format!(
                "{name} must be a text of at most {LONGEST_TEXT} characters"
            ))),
        }
    }

    /// A text that may not be empty.
    pub fn filled(&self, name: &str) -> Result<Option<String>, Wrong> {
        let text = self.text(name)?;
        match text {
            Some(text) if text.trim().is_empty() => {
                Err(Wrong::bad(format!("{name} must not be empty")))
            }
            text => Ok(text),
        }
    }

    /// A list of texts. Null is the empty list.
    pub fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Wrong> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Json::Null) => Ok(Some(Vec::new())),
            Some(value) => texts(name, value).map(Some),
        }
    }

    /// A whole number within bounds. Null counts as absent.
    pub fn number(&self, name: &str, within: RangeInclusive<u32>) -> Result<Option<u32>, Wrong> {
        let wrong = || {
            let (least, most) = (within.start(), within.end());
            Wrong::bad(format!("{name} must be a whole number from {least} to {most}"))
        };
        match self.0.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(value) => {
                let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
                number.filter(|number| within.contains(number)).map(Some).ok_or_else(wrong)
            }
        }
    }

    /// True or false.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Wrong> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Json::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(Wrong::bad(format!("{name} must be true or false"))),
        }
    }
}

/// A list of texts.
pub fn texts(name: &str, value: &Json) -> Result<Vec<String>, Wrong> {
    let wrong = || {
        Wrong::bad(format!(
            "{name} must be a list of at most {LONGEST_LIST} texts of at most {LONGEST_TEXT} characters"
        ))
    };
    let items = value.as_array().filter(|items| items.len() <= LONGEST_LIST).ok_or_else(wrong)?;
    let text = |item: &Json| {
        let text = item.as_str().filter(|text| text.chars().count() <= LONGEST_TEXT);
        text.map(str::to_owned).ok_or_else(wrong)
    };
    items.iter().map(text).collect()
}
