//! A map of keys in `oauth`, and the mistakes in it.

use serde_json::{Map, Value as Json};
use serde_saphyr::Location;

use crate::cli::settings::keys::Key;
use crate::cli::settings::places;
use crate::cli::settings::source::{Source, suggestion};
use crate::model::{Problem, Secret};

/// A map of keys, with its name and its place.
pub struct Part<'a> {
    pub source: &'a Source<'a>,
    pub at: Location,
    pub name: &'a str,
    pub known: &'static [Key],
    pub given: &'a Map<String, Json>,
}

impl Part<'_> {
    /// A mistake at this key, or in the map if the key is not there.
    pub fn problem(&self, key: &str, title: impl Into<String>, help: &[String]) -> Problem {
        let problem = self.source.problem(self.at, title, help);
        // The names of parts begin with that of the map whose place is known.
        let path: Vec<&str> = self.name.split('.').skip(1).chain([key]).collect();
        places::at_key(problem, &path)
    }

    /// The mistake that a key is missing.
    pub fn missing(&self, key: &str) -> Problem {
        let help = match key {
            "endpoint" => "write where the receiver issues tokens: `endpoint: /oauth/token`",
            "client_id" => "write the other client's id",
            "assertion" => {
                "write its private key and what it says: `assertion: { private_key_file: key.pem, iss: …, sub: …, aud: … }`; or give \
                 `client_secret` for a client with a secret"
            }
            _ => "write the secret that the receiver expects: `client_secret: \"${NAME}\"`",
        };
        self.problem(key, format!("`{}.{key}` is missing", self.name), &[help.to_owned()])
    }

    /// Refuses keys that are not known.
    ///
    /// # Errors
    /// The first of them.
    pub fn check_keys(&self) -> Result<(), Problem> {
        let known = self.known.iter().map(|key| key.name);
        let Some(key) = self.given.keys().find(|key| !known.clone().any(|one| one == *key)) else {
            return Ok(());
        };
        let help = suggestion(key, known);
        Err(self.problem(key, format!("unknown key `{}.{key}`", self.name), &[help]))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Json> {
        assert!(
            self.known.iter().any(|known| known.name == key),
            "the key {key} is not in the list of keys"
        );
        self.given.get(key)
    }

    /// The text of a key. It must not be empty.
    ///
    /// # Errors
    /// If it is, or the value is no text.
    pub fn text(&self, key: &str) -> Result<Option<&str>, Problem> {
        let wrong = |why: &str| self.problem(key, format!("`{}.{key}` {why}", self.name), &[]);
        match self.get(key) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) if text.is_empty() => Err(wrong("is empty")),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(Json::Number(_) | Json::Bool(_)) => Err(wrong("takes text: put it in quotes")),
            Some(_) => Err(wrong("takes text")),
        }
    }

    /// A secret text. It has no white space at its ends.
    ///
    /// # Errors
    /// If it has, or the value is no text.
    pub fn secret(&self, key: &str) -> Result<Option<Secret>, Problem> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        if text.trim() == text {
            return Ok(Some(Secret::new(text)));
        }
        let title = format!("`{}.{key}` has white space at its beginning or its end", self.name);
        Err(self.problem(key, title, &["remove it; copying often adds a line break".to_owned()]))
    }
}
