//! Reads the body of a call: an object and its members.

use serde_json::{Map, Value as Json};

use super::wrong::Wrong;
use crate::vendors::api::ApiCall;

/// An object of a body.
pub struct Body(Map<String, Json>);

impl Body {
    /// The whole body.
    pub fn of(call: &ApiCall) -> Result<Self, Wrong> {
        match call.json().map_err(Wrong::bad)? {
            Json::Object(members) => Ok(Self(members)),
            _ => Err(Wrong::bad("the body must be a JSON object")),
        }
    }

    /// The members of this value, if it is an object.
    pub fn within(name: &str, value: &Json) -> Result<Self, Wrong> {
        match value {
            Json::Object(members) => Ok(Self(members.clone())),
            _ => Err(Wrong::bad(format!("`{name}` must be an object"))),
        }
    }

    /// A member. `None` if it is absent or null.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// The names of all members.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A member that is a text.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Wrong> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = value.as_str().ok_or_else(|| Wrong::bad(format!("`{name}` must be a text")))?;
        Ok(Some(text))
    }

    /// A member that is a text of this length, in characters.
    pub fn text_of(&self, name: &str, least: usize, most: usize) -> Result<Option<&str>, Wrong> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        if !(least..=most).contains(&text.chars().count()) {
            return Err(Wrong::bad(format!("`{name}` has {least} to {most} characters")));
        }
        Ok(Some(text))
    }

    /// A member that is an id: a number, or its digits in a text.
    pub fn id(&self, name: &str) -> Result<Option<u64>, Wrong> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let digits = || value.as_str().and_then(|text| text.parse().ok());
        let number = value.as_u64().or_else(digits);
        number
            .map(Some)
            .ok_or_else(|| Wrong::bad(format!("`{name}` must be an id, which is a number")))
    }

    /// A member that must be present.
    pub fn needed<T>(name: &str, value: Option<T>) -> Result<T, Wrong> {
        value.ok_or_else(|| Wrong::bad(format!("`{name}` is needed")))
    }
}
