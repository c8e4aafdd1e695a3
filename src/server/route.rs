//! The operations of the control API as data. The server's routes and the OpenAPI document both
//! come from this table.

use std::pin::Pin;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::context::Context;
use super::problem::Problem;
use super::query::Parameter;
use super::reply::Reply;
use crate::vendors::api::path_values;

/// The base path of the control API.
pub const BASE: &str = "/api/v1";

/// The result of a handler.
pub type Answered = Result<Reply, Problem>;

/// Answers a request.
pub type Handler = fn(Context) -> Pin<Box<dyn Future<Output = Answered>>>;

/// The schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// An operation of the control API.
pub struct Route {
    /// Its unique name, for example `createAccount`.
    pub id: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path below [`BASE`], with parameters in braces.
    pub path: &'static str,
    /// What it does, in one sentence without a full stop.
    pub about: &'static str,
    /// The parameters of its query.
    pub query: &'static [Parameter],
    /// The schema of its body, if it takes one.
    pub body: Option<SchemaOf>,
    /// Its answer on success.
    pub answer: Answer,
    /// The statuses of its own problems, besides those of every operation.
    pub problems: &'static [u16],
    /// The function that answers it.
    pub handler: Handler,
}

/// The operations on one kind of resource.
pub struct Group {
    /// Its name, for example `accounts`.
    pub name: &'static str,
    /// What the resources are.
    pub about: &'static str,
    /// Its operations.
    pub routes: Vec<Route>,
}

impl Route {
    /// An operation without query and body.
    pub fn new(
        (id, method, path): (&'static str, Method, &'static str),
        about: &'static str,
        answer: Answer,
        handler: Handler,
    ) -> Self {
        Self { id, method, path, about, query: &[], body: None, answer, problems: &[], handler }
    }

    /// Adds the parameters of its query.
    pub fn query(self, query: &'static [Parameter]) -> Self {
        Self { query, ..self }
    }

    /// Adds a body of this type.
    pub fn body<T: JsonSchema>(self) -> Self {
        Self { body: Some(SchemaGenerator::subschema_for::<T>), ..self }
    }

    /// Adds the statuses of its own problems.
    pub fn problems(self, problems: &'static [u16]) -> Self {
        Self { problems, ..self }
    }
}

impl Answer {
    /// An answer in JSON of this type.
    pub fn json<T: JsonSchema>(status: u16, about: &'static str) -> Self {
        Self { status, about, content: Content::Json(SchemaGenerator::subschema_for::<T>) }
    }

    /// An answer without content.
    pub fn nothing(status: u16, about: &'static str) -> Self {
        Self { status, about, content: Content::None }
    }
}

/// The answer of an operation on success.
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// What it is.
    pub about: &'static str,
    /// Its content.
    pub content: Content,
}

/// The content of an answer.
pub enum Content {
    /// Nothing.
    None,
    /// JSON of this schema.
    Json(SchemaOf),
    /// A stream of server-sent events.
    Events,
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Does or creates something.
    Post,
    /// Sets something to a value.
    Put,
    /// Removes something.
    Delete,
}

impl Method {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Why no operation matches a request.
pub enum Unmatched {
    /// No operation has this path.
    Path,
    /// The operations with this path have these methods.
    Method(Vec<&'static str>),
}

/// The operation that matches a request, with the values of the path's parameters.
///
/// # Errors
/// If there is none.
pub fn find<'a>(
    groups: &'a [Group],
    method: &str,
    path: &str,
) -> Result<(&'a Route, Vec<String>), Unmatched> {
    let routes = groups.iter().flat_map(|group| &group.routes);
    let matching = routes.filter_map(|route| Some((route, path_values(route.path, path)?)));
    let matching: Vec<_> = matching.collect();
    let fewest = matching.iter().map(|(_, values)| values.len()).min().ok_or(Unmatched::Path)?;
    let mut matching: Vec<_> =
        matching.into_iter().filter(|(_, values)| values.len() == fewest).collect();
    match matching.iter().position(|(route, _)| route.method.name() == method) {
        Some(place) => Ok(matching.swap_remove(place)),
        None => {
            Err(Unmatched::Method(matching.iter().map(|(route, _)| route.method.name()).collect()))
        }
    }
}
