//! A request to the control API, as its handler receives it.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::account::Account;
use super::idempotency::{Key, Stage};
use super::problem::{Problem, ProblemType};
use super::query::Query;
use super::reply::Reply;
use super::state::Server;
use crate::model::unreadable;
use crate::run::Run;

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
    /// The `Idempotency-Key` that it has claimed.
    pub key: Option<Key>,
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

    /// Applies an input to the run of an account, and answers with what it gives. The answer to a
    /// request with a key is noted in the transaction that writes what the input recorded.
    ///
    /// # Errors
    /// With what the input refuses, or if the journal cannot be written.
    pub async fn write<T: Serialize>(
        &self,
        account: &Account,
        status: u16,
        input: impl FnOnce(&mut Run) -> Result<T, Problem>,
    ) -> Result<Reply, Problem> {
        let applied = account.live.apply_noted(
            |run| input(run).map(|value| Reply::with(status, value)),
            |given, now| {
                let Reply::Json(status, body) = given.as_ref().ok()? else { return None };
                let stage = Stage::Answered(*status, body.clone());
                Some(self.key.as_ref()?.note(&account.name, now, &stage))
            },
        );
        applied.await?
    }

    /// Notes that a request with a key is begun, where it cannot be written in one transaction with
    /// its answer and must not be begun twice.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn begin(&self, account: &Account) -> Result<(), Problem> {
        if let Some(key) = &self.key {
            let note = key.note(&account.name, account.live.now(), &Stage::Begun);
            account.live.note(note).await?;
        }
        Ok(())
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
        // serde would take the fields of a struct from an array, in their order.
        if self.body.trim_ascii_start().first() == Some(&b'[') {
            return Err(wrong("the body must be a JSON object, not an array".to_owned()));
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
        reader.end().map_err(|error| wrong(format!("the body {}", unreadable::json(&error))))?;
        Ok(value)
    }
}
