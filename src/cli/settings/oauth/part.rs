//! A map of keys in `oauth`, and the mistakes in it.

use serde_json::{Map, Value as Json};
use serde_saphyr::Location;

use crate::cli::settings::keys::Key;
use crate::cli::settings::places;
use crate::cli::settings::source::{Source, keep, suggestion};
use crate::model::{Problem, Secret};

/// Whether it is known how a client proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logins {
    Known,
    /// A key is wrong or unknown, so it may mean any.
    Unclear,
}

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
            "iss" | "sub" | "aud" => "write what the receiver expects there",
            "private_key_file" => "name a PEM file with the private key, or give `private_key`",
            "assertion" => {
                "write its private key and what it says: `assertion: { private_key_file: key.pem, iss: …, sub: …, aud: … }`; or give \
                 `client_secret` for a client with a secret"
            }
            _ => "write the secret that the receiver expects: `client_secret: \"${NAME}\"`",
        };
        self.problem(key, format!("`{}.{key}` is missing", self.name), &[help.to_owned()])
    }

    /// The mistakes that keys are not known, but for these.
    pub fn unknown_keys(&self, but: &[&str]) -> Vec<Problem> {
        let known = || self.known.iter().map(|key| key.name);
        let is_known = |key: &str| known().chain(but.iter().copied()).any(|one| one == key);
        let unknown = self.given.keys().filter(|key| !is_known(key));
        let problem = |key: &String| {
            let title = format!("unknown key `{}.{key}`", self.name);
            self.problem(key, title, &[suggestion(key, known())])
        };
        unknown.map(problem).collect()
    }

    /// What a key that must be there gives, or none: a mistake joins the others. A key that is not known may be the
    /// missing one.
    pub fn needed<T>(
        &self,
        key: &str,
        given: Result<Option<T>, Problem>,
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        let given = keep(given, problems)?;
        if given.is_none() && self.unknown_keys(&[]).is_empty() {
            problems.push(self.missing(key));
        }
        given
    }

    /// Whether a key has a value.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some_and(|given| !given.is_null())
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
