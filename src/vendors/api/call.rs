//! A request to a vendor's API: as it arrives, and as an account gets it.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Method, Operation};
use crate::model::{Login, Secret};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct ApiRequest {
    /// The method.
    pub method: Method,
    /// The path below the mount, as it was sent: `/visits/abc`.
    pub path: String,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The headers that may carry a credential, in order.
    pub headers: Vec<(String, Secret)>,
    /// The body.
    pub body: Bytes,
    /// When it arrived, in real time: limits on the number of requests count in real time.
    pub received: Timestamp,
}

/// A request as an account gets it: without secrets.
#[derive(Clone, Debug)]
pub struct ApiCall {
    /// What is called.
    pub operation: &'static Operation,
    /// The values of the path's parameters, decoded, in their order.
    pub parameters: Vec<String>,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The body, read as UTF-8. Its secrets are replaced by `***`.
    pub body: String,
    /// The secrets of the body, one for each of the operation's pointers. A run that is made again
    /// from its journal has others in their place.
    pub secrets: Vec<Option<Secret>>,
    /// What the caller has proved.
    pub login: Login,
    /// When the request arrived, in real time.
    pub received: Timestamp,
}

impl ApiCall {
    /// The value of a parameter of the path.
    ///
    /// # Panics
    /// If the operation has none of this name: a bug of the vendor's folder.
    pub fn parameter(&self, name: &str) -> &str {
        let mut names = self.operation.parameters();
        let place = names.position(|one| one == name);
        let place = place.unwrap_or_else(|| panic!("{} has no {{{name}}}", self.operation.id));
        self.parameters.get(place).map_or("", String::as_str)
    }

    /// The first value of a parameter of the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null if it is empty.
    ///
    /// # Errors
    /// If it is not JSON: why.
    pub fn json(&self) -> Result<Json, String> {
        if self.body.is_empty() {
            return Ok(Json::Null);
        }
        serde_json::from_str(&self.body).map_err(|error| format!("the body is not JSON: {error}"))
    }
}
