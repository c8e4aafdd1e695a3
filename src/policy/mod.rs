//! What follows from a delivery policy and from faults: pure functions over the data in `model`.
//!
//! - [`sign`]: the headers that prove who sends
//! - [`token`]: the tokens that some of them carry, and how they are asked for
//! - [`judge`]: what an answer means
//! - [`retry`]: when the next attempt is
//! - [`presets`]: the delivery rules of well-known senders
//! - [`fault`]: how faults are said
//! - [`damage`]: what they do to a body
//! - [`mask`]: what is shown of an answer that repeats secrets
//!
//! Nothing here reads a clock or sends a byte.

pub mod damage;
pub mod fault;
pub mod judge;
pub mod mask;
pub mod presets;
pub mod retry;
pub mod sign;
pub mod token;
pub mod wire;

use bytes::Bytes;

use crate::model::{Address, Authentication, Secret};

/// A request that is about to leave: what faults change and signatures cover.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Where it goes.
    pub address: Address,
    /// The URL that its signature covers, if it has one that covers any.
    pub signed_url: Option<String>,
    /// Its headers with their real values.
    pub headers: Vec<Header>,
    /// Its body.
    pub body: Bytes,
    /// Its body as anybody may see it, where that is another one.
    pub shown_body: Option<Bytes>,
    /// What must not be shown of the answer, besides what stands in secret headers.
    pub secrets: Vec<Secret>,
}

/// A header of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value; shown as `***` unless it is plain.
    pub value: HeaderValue,
}

/// The value of a header: something that anybody may see, or not.
#[derive(Clone, Debug, PartialEq)]
pub enum HeaderValue {
    /// Anybody may see it.
    Plain(String),
    /// Nobody may.
    Secret(Secret),
}

impl HeaderValue {
    /// The value for the wire.
    pub fn reveal(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => secret.reveal(),
        }
    }

    /// The value for everything else.
    pub fn shown(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(_) => crate::model::secret::MASK,
        }
    }
}

impl Request {
    /// What came back, without the secrets that were sent, nor those that should have been: a
    /// receiver may well repeat them, or say what it expected.
    pub fn without_secrets(&self, authentication: &Authentication, answer: Bytes) -> Bytes {
        let right = sign::credentials(authentication, None, &self.address.known, &self.body, None);
        let headers = self.headers.iter().chain(&right);
        let secrets = headers.filter_map(|header| match &header.value {
            HeaderValue::Secret(secret) => Some(secret),
            HeaderValue::Plain(_) => None,
        });
        let secrets = secrets.chain(sign::secrets(authentication)).chain(&self.secrets);
        mask::masked(answer, secrets.map(Secret::reveal))
    }

    /// Its body as anybody may see it.
    pub fn shown_body(&self) -> &Bytes {
        self.shown_body.as_ref().unwrap_or(&self.body)
    }

    /// The URL that was signed, where that is not the one it goes to.
    pub fn signed_elsewhere(&self) -> Option<&str> {
        self.signed_url.as_deref().filter(|signed| *signed != self.address.sent)
    }

    /// Name and value of each header, as anybody may see them.
    pub fn shown_headers(&self) -> Vec<(String, String)> {
        self.headers
            .iter()
            .map(|header| (header.name.clone(), header.value.shown().to_owned()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_that_repeats_a_secret_does_not_spread_it() {
        let header = |value| Header { name: "X-Api-Key".to_owned(), value };
        let request = Request {
            address: "http://127.0.0.1/".to_owned().into(),
            signed_url: None,
            headers: vec![
                header(HeaderValue::Secret(Secret::new("k3y"))),
                header(HeaderValue::Plain("application/json".to_owned())),
            ],
            body: Bytes::new(),
            shown_body: None,
            secrets: Vec::new(),
        };
        let answer = Bytes::from_static(b"application/json: k3y is wrong, k3y!");
        let none = Authentication::None;
        assert_eq!(request.without_secrets(&none, answer), "application/json: *** is wrong, ***!");
        let expected = [("X-Api-Key".to_owned(), Secret::new("r1ght"))].into();
        let headers = Authentication::Headers(expected);
        let answer = Bytes::from_static(b"expected r1ght");
        assert_eq!(request.without_secrets(&headers, answer), "expected ***");
    }
}
