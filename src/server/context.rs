//! A request to the control API, as its handler receives it.

use std::sync::Arc;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::account::Account;
use super::problem::{Problem, ProblemType};
use super::query::Query;
use super::state::Server;

/// A request.
pub struct Context {
    /// The server.
    pub server: Arc<Server>,
    /// The values of the path's parameters, decoded, in order.
    pub path: Vec<String>,
    /// The query, checked against the operation's parameters.
    pub query: Query,
    /// The body.
    pub body: Bytes,
    /// The event after which a stream continues, if the client names one.
    pub last_event: Option<String>,
}

impl Context {
    /// The account that the path names in its first parameter.
    ///
    /// # Errors
    /// If there is no account of this name.
    pub fn account(&self) -> Result<Arc<Account>, Problem> {
        let name = self.path.first().map_or("", String::as_str);
        self.server.account(name)
    }

    /// The body as JSON of this type.
    ///
    /// # Errors
    /// If the body is something else. The problem says where, and what would be right.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let wrong = |detail: String| Problem::new(ProblemType::InvalidRequest, detail);
        if self.body.is_empty() {
            return Err(wrong("this operation needs a JSON body, at least `{}`".to_owned()));
        }
        // Serde would read an array as the fields of a struct in order.
        if self.body.trim_ascii_start().first() == Some(&b'[') {
            return Err(wrong(
                "the body does not match its schema: it must be an object, not an array".into(),
            ));
        }
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let pointer: String = error
                .path()
                .iter()
                .filter_map(|part| match part {
                    serde_path_to_error::Segment::Seq { index } => Some(format!("/{index}")),
                    serde_path_to_error::Segment::Map { key } => {
                        Some(format!("/{}", key.replace('~', "~0").replace('/', "~1")))
                    }
                    _ => None,
                })
                .collect();
            let problem = wrong(format!("the body does not match its schema: {}", error.inner()));
            Problem { pointer: Some(pointer).filter(|pointer| !pointer.is_empty()), ..problem }
        })?;
        reader.end().map_err(|error| wrong(format!("the body is not JSON: {error}")))?;
        Ok(value)
    }
}
