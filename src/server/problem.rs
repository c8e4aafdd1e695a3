//! Errors of the API: problem details (RFC 9457).

use schemars::JsonSchema;
use serde::Serialize;

use crate::journal::JournalError;
use crate::sim::NotDone;
use crate::vendors::RefusalKind;

/// What was wrong with a request, and what would be right.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// A URI reference that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: ProblemType,
    /// The kind of problem in words, the same for each problem of the kind.
    pub title: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// What was wrong with this request, and what would be right.
    pub detail: String,
    /// The place in the body, as a JSON pointer, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The phrases of the actions that are legal now, if the action was not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub legal: Vec<String>,
}

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum ProblemType {
    /// The request does not match the description of the API.
    #[serde(rename = "/problems/invalid-request")]
    InvalidRequest,
    /// The administrator's token is missing or wrong.
    #[serde(rename = "/problems/unauthorized")]
    Unauthorized,
    /// The request may come from a foreign web page, or names another host.
    #[serde(rename = "/problems/forbidden")]
    Forbidden,
    /// There is no such resource.
    #[serde(rename = "/problems/not-found")]
    NotFound,
    /// This path has other methods.
    #[serde(rename = "/problems/method-not-allowed")]
    MethodNotAllowed,
    /// It is not possible in the current state.
    #[serde(rename = "/problems/not-legal-now")]
    NotLegalNow,
    /// It exists already, or another request is changing it.
    #[serde(rename = "/problems/conflict")]
    Conflict,
    /// The body is too large.
    #[serde(rename = "/problems/too-large")]
    TooLarge,
    /// The body is not JSON.
    #[serde(rename = "/problems/unsupported-media-type")]
    UnsupportedMediaType,
    /// The request is well formed, but a value in it is not valid.
    #[serde(rename = "/problems/unprocessable")]
    Unprocessable,
    /// There are too many already.
    #[serde(rename = "/problems/too-many")]
    TooMany,
    /// The body did not arrive in time.
    #[serde(rename = "/problems/too-slow")]
    TooSlow,
    /// The server cannot do it now.
    #[serde(rename = "/problems/unavailable")]
    Unavailable,
}

impl ProblemType {
    fn status_and_title(self) -> (u16, &'static str) {
        match self {
            Self::InvalidRequest => (400, "the request does not match the description of the API"),
            Self::Unauthorized => (401, "the administrator's token is missing or wrong"),
            Self::Forbidden => (403, "the request may come from a foreign web page"),
            Self::NotFound => (404, "there is no such resource"),
            Self::MethodNotAllowed => (405, "this path has other methods"),
            Self::TooSlow => (408, "the body did not arrive in time"),
            Self::NotLegalNow => (409, "it is not possible in the current state"),
            Self::Conflict => (409, "it exists already, or another request is changing it"),
            Self::TooLarge => (413, "the body is too large"),
            Self::UnsupportedMediaType => (415, "the body must be JSON"),
            Self::Unprocessable => (422, "a value is not valid"),
            Self::TooMany => (429, "there are too many already"),
            Self::Unavailable => (503, "the server cannot do it now"),
        }
    }
}

impl Problem {
    /// A problem of this kind.
    pub fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        let (status, title) = kind.status_and_title();
        let (pointer, legal) = (None, Vec::new());
        Self { kind, title, status, detail: detail.into(), pointer, legal }
    }

    /// There is no such resource.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(ProblemType::NotFound, detail)
    }

    /// A value that is not valid, at this place of the body.
    pub fn at(pointer: &str, detail: impl Into<String>) -> Self {
        let pointer = Some(pointer.to_owned());
        Self { pointer, ..Self::new(ProblemType::Unprocessable, detail) }
    }
}

impl From<NotDone> for Problem {
    fn from(refused: NotDone) -> Self {
        let kind = match refused.kind() {
            RefusalKind::Unknown => ProblemType::NotFound,
            RefusalKind::Illegal | RefusalKind::Full => ProblemType::NotLegalNow,
            RefusalKind::Invalid => ProblemType::Unprocessable,
        };
        let legal = match &refused {
            NotDone::Refused(refusal) => refusal.legal.iter().map(|&one| one.into()).collect(),
            NotDone::Unbound(_) => Vec::new(),
        };
        Self { legal, ..Self::new(kind, refused.to_string()) }
    }
}

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        Self::new(ProblemType::Unavailable, error.to_string())
    }
}
