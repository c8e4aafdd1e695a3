//! Values of standin.yaml that can be written in more than one way.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

/// A word of the vendor, or several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a word, or a list of words")]
pub enum Words {
    /// One.
    One(String),
    /// Any of these.
    Several(Vec<String>),
}

impl Words {
    /// All of them.
    pub fn list(&self) -> Vec<String> {
        match self {
            Self::One(word) => vec![word.clone()],
            Self::Several(words) => words.clone(),
        }
    }
}

/// One URL for all triggers, or a map trigger → URL.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Deliver {
    /// For all triggers.
    One(String),
    /// For these, and no others.
    // The values are read later, where the place of a wrong one is known.
    PerTrigger(#[schemars(with = "BTreeMap<String, String>")] BTreeMap<String, Json>),
}

/// The name of a profile. Some are a year, which YAML reads as a number.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ProfileName {
    Text(String),
    Number(u32),
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(name) => name.fmt(f),
            Self::Number(name) => name.fmt(f),
        }
    }
}
