//! An address of the receiver, by both its URLs.

/// Where requests go, and under which URL the vendor knows that place: behind a proxy or a tunnel
/// they differ. What is signed is the URL that the vendor knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Where requests go.
    pub sent: String,
    /// What the vendor takes it for.
    pub known: String,
}

impl From<String> for Address {
    /// A place that the vendor reaches as Standin does.
    fn from(url: String) -> Self {
        Self { known: url.clone(), sent: url }
    }
}
