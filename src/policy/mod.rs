//! What follows from a delivery policy and from faults: pure functions over the data in `model`.
//!
//! - [`sign`]: the headers that prove who sends
//! - [`token`]: the tokens that some of them carry, and how they are asked for
//! - [`judge`]: what an answer means
//! - [`retry`]: when the next attempt is
//! - [`presets`]: the delivery rules of well-known senders
//! - [`fault`]: how faults are said
//! - [`damage`]: what they do to a body
//!
//! Nothing here reads a clock or sends a byte.

pub mod damage;
pub mod fault;
pub mod judge;
pub mod presets;
pub mod retry;
pub mod sign;
pub mod token;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD as BASE64, URL_SAFE_NO_PAD as BASE64_URL};
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
        if answer.is_empty() {
            return answer;
        }
        let right = sign::credentials(authentication, None, &self.address.known, &self.body, None);
        let headers = self.headers.iter().chain(&right);
        let secrets = headers.filter_map(|header| match &header.value {
            HeaderValue::Secret(secret) => Some(secret),
            HeaderValue::Plain(_) => None,
        });
        let secrets = secrets.chain(sign::secrets(authentication)).chain(&self.secrets);
        let secrets = secrets.map(Secret::reveal).filter(|secret| !secret.is_empty());
        let mut text = String::from_utf8_lossy(&answer);
        for form in secrets.flat_map(written) {
            if text.contains(&form) {
                text = text.replace(&form, crate::model::secret::MASK).into();
            }
        }
        match text {
            std::borrow::Cow::Borrowed(_) => answer,
            std::borrow::Cow::Owned(text) => text.into(),
        }
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

/// The forms in which a receiver may repeat a secret: as it is, in JSON, in a URL or a form, and in
/// base64.
fn written(secret: &str) -> Vec<String> {
    let json = serde_json::Value::from(secret).to_string();
    let json = json.trim_matches('"');
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let query = form.replace('+', "%20");
    let mut forms = vec![
        secret.to_owned(),
        json.to_owned(),
        json.replace('/', "\\/"),
        escaped(json),
        BASE64.encode(secret),
        BASE64_URL.encode(secret),
    ];
    for form in [query.replace("%2F", "/"), query, form] {
        forms.push(small_hex(&form));
        forms.push(form);
    }
    forms
}

/// With everything but letters, digits and a few signs as `\uXXXX`, as careful JSON writers do.
fn escaped(json: &str) -> String {
    let careful = |letter: char| !letter.is_ascii() || "+&<>'`".contains(letter);
    let mut escaped = String::new();
    for letter in json.chars() {
        match careful(letter) {
            true => letter
                .encode_utf16(&mut [0; 2])
                .iter()
                .for_each(|unit| escaped += &format!("\\u{unit:04X}")),
            false => escaped.push(letter),
        }
    }
    escaped
}

/// With the digits behind each `%` in small letters.
fn small_hex(text: &str) -> String {
    let mut left = 0;
    let small = |letter: char| {
        let digit = left > 0;
        left = if letter == '%' { 2 } else { usize::saturating_sub(left, 1) };
        if digit { letter.to_ascii_lowercase() } else { letter }
    };
    text.chars().map(small).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_masked_in_every_form_that_is_usual() {
        let secret = "A \"b\" /%C+é";
        let request = Request {
            address: "http://127.0.0.1/".to_owned().into(),
            signed_url: None,
            headers: Vec::new(),
            body: Bytes::new(),
            shown_body: None,
            secrets: vec![Secret::new(secret)],
        };
        for said in [
            secret,
            r#"{"said":"A \"b\" /%C+é"}"#,
            r#"{"said":"A \"b\" \/%C+é"}"#,
            r#"{"said":"A \"b\" /%C\u002B\u00E9"}"#,
            "A+%22b%22+%2F%25C%2B%C3%A9",
            "A%20%22b%22%20%2F%25C%2B%C3%A9",
            "A+%22b%22+%2f%25C%2b%c3%a9",
            "A%20%22b%22%20/%25C%2b%c3%a9",
            "QSAiYiIgLyVDK8Op",
        ] {
            let said = Bytes::copy_from_slice(said.as_bytes());
            let shown = request.without_secrets(&Authentication::None, said.clone());
            let shown = String::from_utf8_lossy(&shown).into_owned();
            assert!(shown.contains("***"), "{said:?}: {shown}");
            assert!(!shown.contains("%C") && !shown.contains("%25C"), "{shown}");
        }
    }

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
