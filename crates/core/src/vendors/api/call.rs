//! A request to a vendor's API: as it arrives, and as an account gets it.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Method, Operation};
use crate::model::{Login, Secret, unreadable};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct ApiRequest {
    /// The method.
    pub method: Method,
    /// The path below the mount, still encoded: `/visits/abc`.
    pub path: String,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The headers that may carry a credential, in order.
    pub headers: Vec<(String, Secret)>,
    /// The body.
    pub body: Bytes,
    /// When it arrived, in real time. Limits on the number of requests count in real time.
    pub received: Timestamp,
}

/// A request as an account gets it: without secrets.
#[derive(Clone, Debug)]
pub struct ApiCall {
    /// The operation.
    pub operation: &'static Operation,
    /// The values of the path's parameters, decoded, in their order.
    pub parameters: Vec<String>,
    /// The query, decoded, in order. Only [`Api::queries`](super::Api::queries) have their values.
    pub query: Vec<(String, String)>,
    /// The parameters of a query that the API reads.
    pub queries: &'static [&'static str],
    /// The body, read as UTF-8. Its secrets are replaced by `***`.
    pub body: String,
    /// The secrets of the body, one for each of the operation's pointers. A replayed run has other
    /// values here.
    pub secrets: Vec<Option<Secret>>,
    /// The credentials that the caller has presented.
    pub login: Login,
    /// When the request arrived, in real time.
    pub received: Timestamp,
}

impl ApiCall {
    /// The value of a path parameter.
    ///
    /// # Panics
    /// If the operation has no parameter of this name. That is a bug in the vendor's folder.
    pub fn parameter(&self, name: &str) -> &str {
        let mut names = self.operation.parameters();
        let place = names.position(|one| one == name);
        let place = place.unwrap_or_else(|| panic!("{} has no {{{name}}}", self.operation.id));
        self.parameters.get(place).map_or("", String::as_str)
    }

    /// The first value of a query parameter.
    ///
    /// # Panics
    /// If the API does not declare that it reads this parameter. That is a bug in the vendor's folder.
    pub fn query(&self, name: &str) -> Option<&str> {
        assert!(self.queries.contains(&name), "the API does not declare that it reads `{name}`");
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON. Null if it is empty.
    ///
    /// # Errors
    /// If the body cannot be read as JSON. Gives the reason.
    pub fn json(&self) -> Result<Json, String> {
        if self.body.is_empty() {
            return Ok(Json::Null);
        }
        serde_json::from_str(&self.body)
            .map_err(|error| format!("the body {}", unreadable::json(&error)))
    }
}
