//! Links in bodies.

use serde::{Serialize, Serializer};

use super::text::Digits;

/// A link: `https://doo.example.test/tickets/660120.pdf`.
pub(super) struct Link<'a> {
    pub(super) host: &'a str,
    pub(super) before: &'static str,
    pub(super) id: u64,
    pub(super) after: &'static str,
}

impl Serialize for Link<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut digits = [0; 20];
        let id = Digits(self.id).write(&mut digits);
        let parts = ["https://", self.host, self.before, id, self.after];
        serializer.serialize_str(&parts.concat())
    }
}

/// A link from an entity to itself.
#[derive(Serialize)]
pub(super) struct Links<'a> {
    #[serde(rename = "self")]
    own: Href<'a>,
}

#[derive(Serialize)]
struct Href<'a> {
    href: Link<'a>,
}

impl<'a> Links<'a> {
    /// A link to this.
    pub(super) fn to(href: Link<'a>) -> Self {
        Self { own: Href { href } }
    }
}
