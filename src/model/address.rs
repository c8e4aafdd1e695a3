//! An address of the receiver, with both its URLs.

/// The URL that requests go to and the URL that the vendor knows. They differ behind a proxy or a
/// tunnel. Vendors sign the URL that they know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Where requests go.
    pub sent: String,
    /// The URL that the vendor knows.
    pub known: String,
}

impl From<String> for Address {
    /// An address that Standin and the vendor reach by the same URL.
    fn from(url: String) -> Self {
        Self { known: url.clone(), sent: url }
    }
}
