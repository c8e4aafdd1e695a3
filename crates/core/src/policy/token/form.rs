//! The body of a token request, as it is sent and as it is shown.

use bytes::Bytes;
use serde_json::{Map, Value as Json};
use url::form_urlencoded::Serializer;

use crate::model::Secret;
use crate::model::fault::CredentialDamage;
use crate::model::policy::{Assertion, RequestFormat};
use crate::model::secret::MASK;
use crate::policy::assertion::{self, Made};
use crate::policy::header::{FORM, JSON};

/// The fields of a token request, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    fields: Vec<(&'static str, Value)>,
    format: RequestFormat,
    /// What a fault does to the assertion in it.
    damage: Option<CredentialDamage>,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Plain(String),
    Secret(Secret),
    /// Made when the request is sent.
    Assertion(Box<Assertion>),
}

/// A body that is ready to be sent.
pub struct Written {
    /// As it is sent.
    pub sent: Bytes,
    /// Without secrets.
    pub shown: Bytes,
    /// The secrets in it, in every form that an answer may repeat.
    pub secrets: Vec<Secret>,
}

impl Form {
    /// A body without fields yet.
    pub(super) fn new(format: RequestFormat, damage: Option<CredentialDamage>) -> Self {
        Self { fields: Vec::new(), format, damage }
    }

    pub(super) fn plain(&mut self, name: &'static str, value: &str) {
        self.fields.push((name, Value::Plain(value.to_owned())));
    }

    pub(super) fn secret(&mut self, name: &'static str, value: &Secret) {
        self.fields.push((name, Value::Secret(value.clone())));
    }

    pub(super) fn assertion(&mut self, name: &'static str, value: &Assertion) {
        self.fields.push((name, Value::Assertion(Box::new(value.clone()))));
    }

    /// Whether an assertion is in it, so that it can be written only when it is sent.
    pub fn has_assertion(&self) -> bool {
        self.fields.iter().any(|(_, value)| matches!(value, Value::Assertion(_)))
    }

    /// Its content type.
    pub(super) fn content_type(&self) -> &'static str {
        match self.format {
            RequestFormat::Form => FORM,
            RequestFormat::Json => JSON,
        }
    }

    /// Writes it. An assertion is made for this moment; without one it is left empty.
    pub fn write(&self, made: Option<&Made>) -> Written {
        let mut secrets = Vec::new();
        let mut fields = Vec::new();
        for (name, value) in &self.fields {
            let (sent, shown) = match value {
                Value::Plain(text) => (text.clone(), text.as_str()),
                Value::Secret(secret) => (secret.reveal().to_owned(), MASK),
                Value::Assertion(assertion) => {
                    let made = made.map(|made| assertion::compact(assertion, made, self.damage));
                    (made.unwrap_or_default(), MASK)
                }
            };
            if !matches!(value, Value::Plain(_)) {
                // A receiver that repeats the form repeats the encoded secret.
                secrets.extend([Secret::new(sent.as_str()), Secret::new(encoded(&sent))]);
            }
            fields.push((*name, sent, shown));
        }
        let sent = fields.iter().map(|(name, sent, _)| (*name, sent.as_str()));
        let shown = fields.iter().map(|(name, _, shown)| (*name, *shown));
        Written { sent: self.body(sent), shown: self.body(shown), secrets }
    }

    fn body<'a>(&self, fields: impl Iterator<Item = (&'static str, &'a str)>) -> Bytes {
        match self.format {
            RequestFormat::Form => {
                Serializer::new(String::new()).extend_pairs(fields).finish().into()
            }
            RequestFormat::Json => {
                let fields = fields.map(|(name, value)| (name.to_owned(), value.into()));
                Json::Object(fields.collect::<Map<_, _>>()).to_string().into()
            }
        }
    }
}

/// A text as it stands in a form.
pub(super) fn encoded(text: &str) -> String {
    Serializer::new(String::new()).append_key_only(text).finish()
}
