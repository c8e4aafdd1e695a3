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
}

impl From<String> for Address {
    /// An address that Standin and the vendor reach by the same URL.
    fn from(url: String) -> Self {
        Self { known: url.clone(), sent: url, headers: Arc::default() }
    }
}
