//! The operations of the control API as data: from this one table come the routes of the server and
//! the OpenAPI document.

use std::pin::Pin;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::context::Context;
use super::problem::Problem;
use super::query::Parameter;
use super::reply::Reply;
use crate::vendors::api::path_values;

/// Where the control API begins.
pub const BASE: &str = "/api/v1";

/// What a handler gives back.
pub type Answered = Result<Reply, Problem>;

/// Answers a request.
pub type Handler = fn(Context) -> Pin<Box<dyn Future<Output = Answered>>>;

/// The schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// An operation of the control API.
pub struct Route {
    /// Its name, unique: `createAccount`.
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
    /// Its answer if all is well.
    pub answer: Answer,
    /// The statuses of problems that are its own, beside those of every operation.
    pub problems: &'static [u16],
    /// What answers it.
    pub handler: Handler,
}

/// The operations of one kind of thing.
pub struct Group {
    /// The things: `accounts`.
    pub name: &'static str,
    /// What they are.
    pub about: &'static str,
    /// What can be done with them.
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

    /// It takes these parameters in its query.
    pub fn query(self, query: &'static [Parameter]) -> Self {
        Self { query, ..self }
    }

    /// It takes a body of this type.
    pub fn body<T: JsonSchema>(self) -> Self {
        Self { body: Some(SchemaGenerator::subschema_for::<T>), ..self }
    }

    /// It can answer with problems of these statuses.
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

/// The answer of an operation if all is well.
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// What it is.
    pub about: &'static str,
    /// Its content.
    pub content: Content,
}

/// What an answer holds.
pub enum Content {
    /// Nothing.
    None,
    /// JSON of this schema.
    Json(SchemaOf),
    /// A stream of server-sent events.
    Events,
}

/// A method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Does something, or makes something.
    Post,
    /// Sets something to a value.
    Put,
    /// Takes something away.
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

/// Why a request meets no operation.
pub enum Unmatched {
    /// No operation has this path.
    Path,
    /// Those with this path have these methods.
    Method(Vec<&'static str>),
}

/// The operation that a request meets, with the values of its path's parameters.
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
