//! An address of the receiver, with both its URLs.

use std::sync::Arc;

/// The URL that requests go to and the URL that the vendor knows. They differ behind a proxy or a
/// tunnel. Vendors sign the URL that they know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Where requests go.
    pub sent: String,
    /// The URL that the vendor knows.
    pub known: String,
    /// Names and values of the headers that the user adds to requests there. They carry no credentials.
    pub headers: Arc<[(String, String)]>,
    /// How requests there are made.
    pub form: RequestForm,
}

/// The method and the content type of the requests to an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestForm {
    /// The method.
    pub method: Method,
    /// The content type; None: that of JSON.
    pub content_type: Option<Arc<str>>,
}

/// The method of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// A body is delivered.
    #[default]
    Post,
    /// The receiver is asked for leave. Such a request has neither a body nor credentials.
    Options,
}

impl Method {
    /// Its name in HTTP.
    pub fn name(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Options => "OPTIONS",
        }
    }
}

impl From<String> for Address {
    /// An address that Standin and the vendor reach by the same URL.
    fn from(url: String) -> Self {
        let form = RequestForm::default();
        Self { known: url.clone(), sent: url, headers: Arc::default(), form }
    }
}
