//! A request of a vendor with its real secrets, and its form without them.

use std::borrow::Cow;

use bytes::Bytes;

use super::assertion::Made;
use super::header::{self, Header, HeaderValue, JSON};
use super::mask::Needles;
use super::signed::{self, Message};
use super::token::Form;
use super::{sign, url};
use crate::model::address::Method;
use crate::model::fault::CredentialDamage;
use crate::model::signature::Moment;
use crate::model::{Address, Authentication, Secret};

/// A request that is ready to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Where it goes, and by which method.
    pub address: Address,
    /// The URL that its signature covers, if it covers one.
    pub signed_url: Option<String>,
    /// Its headers with their real values.
    pub headers: Vec<Header>,
    /// Its body.
    pub body: Bytes,
    /// Its body without secrets, if that differs from the body.
    pub shown_body: Option<Bytes>,
    /// Secrets that the answer may repeat, besides the values of secret headers.
    pub secrets: Vec<Secret>,
    /// What its signature may cover besides itself.
    pub moment: Moment,
    /// What its body is written from when it is sent, if an assertion is in it.
    pub form: Option<Box<Form>>,
}

impl Request {
    /// The request for a webhook in the form that its address asks for, with this token (if the vendor uses tokens). A
    /// fault may damage its credentials.
    pub fn webhook(
        authentication: &Authentication,
        address: Address,
        body: Bytes,
        token: Option<&Secret>,
        moment: Moment,
        damage: Option<CredentialDamage>,
    ) -> Self {
        let content_type = address.form.content_type.clone();
        let typed = (content_type.as_deref().unwrap_or(JSON), body);
        Self::typed(authentication, address, typed, token, moment, damage)
    }

    /// The request for a webhook whose body is of this type.
    pub fn typed(
        authentication: &Authentication,
        mut address: Address,
        (content_type, body): (&str, Bytes),
        token: Option<&Secret>,
        moment: Moment,
        damage: Option<CredentialDamage>,
    ) -> Self {
        if address.form.method == Method::Options {
            return Self::asking(address, moment);
        }
        let value = HeaderValue::Plain(content_type.to_owned());
        let mut headers = vec![Header { name: CONTENT_TYPE.to_owned(), value }];
        if let Authentication::Signature(signature) = authentication {
            for url in [&mut address.sent, &mut address.known] {
                let plain = Message { content_type, ..message(&moment, url, &body) };
                *url = signed::url(signature, &plain);
            }
        }
        let message = Message { content_type, ..message(&moment, &address.known, &body) };
        headers.extend(sign::credentials(authentication, token, &message, damage));
        headers.extend(header::besides(&address));
        let signed_url = sign::signed_url(authentication, &address.known, damage);
        let secrets = token.into_iter().cloned().collect();
        Self { address, signed_url, headers, body, shown_body: None, secrets, moment, form: None }
    }

    /// The request that asks for leave. It has no body, and tells nobody's secret.
    fn asking(address: Address, moment: Moment) -> Self {
        let headers = header::besides(&address).collect();
        let (signed_url, body, shown_body) = (None, Bytes::new(), None);
        let (secrets, form) = (Vec::new(), None);
        Self { address, signed_url, headers, body, shown_body, secrets, moment, form }
    }

    /// The request as it is sent at this moment. Only an assertion depends on that.
    pub fn made(&self, made: impl FnOnce() -> Made) -> Cow<'_, Self> {
        let Some(form) = &self.form else { return Cow::Borrowed(self) };
        let written = form.write(Some(&made()));
        let mut request = self.clone();
        request.body = written.sent;
        request.secrets.extend(written.secrets);
        Cow::Owned(request)
    }

    /// Replaces its `Content-Type`, if it has one.
    pub fn set_content_type(&mut self, value: &str) {
        if let Some(header) = self.headers.iter_mut().find(|one| one.name == CONTENT_TYPE) {
            header.value = HeaderValue::Plain(value.to_owned());
        }
    }

    fn content_type(&self) -> &str {
        let header = self.headers.iter().find(|header| header.name == CONTENT_TYPE);
        header.map_or("", |header| header.value.reveal())
    }

    /// What no answer may show: the secrets that were sent, and the right ones. A receiver may repeat what
    /// it got, or say what it expected.
    pub fn needles(&self, authentication: &Authentication) -> Needles {
        let message = message(&self.moment, &self.address.known, &self.body);
        let message = Message { content_type: self.content_type(), ..message };
        let right = sign::credentials(authentication, None, &message, None);
        let headers = self.headers.iter().chain(&right);
        let secrets = headers.filter_map(|header| match &header.value {
            HeaderValue::Secret(secret) => Some(secret),
            HeaderValue::Plain(_) => None,
        });
        let secrets = secrets.chain(sign::secrets(authentication)).chain(&self.secrets);
        let secrets: Vec<&str> = secrets.map(Secret::reveal).collect();
        // A receiver may repeat a token without its scheme.
        let tokens = secrets.iter().filter_map(|secret| Some(secret.split_once(' ')?.1));
        // Or a signature without what stands around it.
        let bare = signed::bare(authentication, &message);
        let bare = bare.iter().map(String::as_str);
        Needles::new(secrets.iter().copied().chain(tokens).chain(bare))
    }

    /// Its body without secrets.
    pub fn shown_body(&self) -> &Bytes {
        self.shown_body.as_ref().unwrap_or(&self.body)
    }

    /// The URL that it goes to, without what may be a secret in its query. The name of this trigger is
    /// none.
    pub fn shown_url(&self, trigger: &str) -> String {
        url::shown(&self.address.sent, &[trigger])
    }

    /// The URL that was signed, if it differs from the one that the request goes to, as it may be shown.
    pub fn shown_signed_url(&self, trigger: &str) -> Option<String> {
        let signed = self.signed_url.as_deref().filter(|signed| *signed != self.address.sent);
        signed.map(|signed| url::shown(signed, &[trigger]))
    }

    /// Name and value of each header, without secrets.
    pub fn shown_headers(&self) -> Vec<(String, String)> {
        self.headers
            .iter()
            .map(|header| (header.name.clone(), header.value.shown().to_owned()))
            .collect()
    }
}

/// The header that says what a body is.
const CONTENT_TYPE: &str = "content-type";

fn message<'a>(moment: &'a Moment, url: &'a str, body: &'a [u8]) -> Message<'a> {
    Message { moment, method: "POST", url, content_type: JSON, body }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::mask;

    #[test]
    fn a_secret_that_the_receiver_repeats_is_masked() {
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
            moment: Moment::default(),
            form: None,
        };
        let answer = Bytes::from_static(b"application/json: k3y is wrong, k3y!");
        let none = Authentication::None;
        let shown = |answer, login| mask::masked_by(answer, &[&request.needles(login)]);
        assert_eq!(shown(answer, &none), "application/json: *** is wrong, ***!");
        let expected = [("X-Api-Key".to_owned(), Secret::new("r1ght"))].into();
        let headers = Authentication::Headers(expected);
        let answer = Bytes::from_static(b"expected r1ght");
        assert_eq!(shown(answer, &headers), "expected ***");
    }
}
