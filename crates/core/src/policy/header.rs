//! A header of a request, and whether its value may be shown.

use std::time::Duration;

use url::{Position, Url};

use crate::model::secret::MASK;
use crate::model::{Address, Secret};

/// The type of a form, in which tokens are asked for and some senders send webhooks.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// What a webhook usually is.
pub const JSON: &str = "application/json";

/// A header of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value. It is shown as `***` unless it is plain.
    pub value: HeaderValue,
}

/// The value of a header.
#[derive(Clone, Debug, PartialEq)]
pub enum HeaderValue {
    /// It may be shown.
    Plain(String),
    /// It must not be shown.
    Secret(Secret),
}

impl HeaderValue {
    /// The value as it is sent.
    pub fn reveal(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => secret.reveal(),
        }
    }

    /// The value as it is shown.
    pub fn shown(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(_) => MASK,
        }
    }
}

/// The address that a proxy says the vendor calls from. No vendor documents its own, so this one is nobody's
/// (RFC 5737).
const VENDOR_ADDRESS: &str = "192.0.2.1";

/// The headers that requests to an address have besides their own: the user's, and those of a proxy, if there
/// is one.
pub fn besides(address: &Address) -> impl Iterator<Item = Header> + '_ {
    let own = &*address.headers;
    let forwarded = forwarded(address).into_iter().flatten();
    let forwarded = forwarded
        .filter(|(name, _)| !own.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)))
        .map(|(name, value)| (name.to_owned(), value));
    let all = forwarded.chain(own.iter().cloned());
    all.map(|(name, value)| Header { name, value: HeaderValue::Plain(value) })
}

/// The headers with which a proxy tells the URL that the vendor knows, and where the vendor calls from
/// (RFC 7239; the first three are older, and the custom).
fn forwarded(address: &Address) -> Option<[(&'static str, String); 4]> {
    if address.known == address.sent {
        return None;
    }
    let known = Url::parse(&address.known).ok()?;
    let (proto, host) = (known.scheme(), &known[Position::BeforeHost..Position::AfterPort]);
    Some([
        ("X-Forwarded-For", VENDOR_ADDRESS.to_owned()),
        ("X-Forwarded-Host", host.to_owned()),
        ("X-Forwarded-Proto", proto.to_owned()),
        ("Forwarded", format!("for={VENDOR_ADDRESS};host=\"{host}\";proto={proto}")),
    ])
}

/// Whether a content type is this media type, however it is spelled: with parameters, in upper case.
pub fn is_of_type(content_type: &str, media_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case(media_type)
}

/// How long a value of `Retry-After` asks to wait, if it is a number of seconds.
pub fn retry_after(value: &str) -> Option<Duration> {
    value.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_tells_the_url_that_the_vendor_knows() {
        let headers = |sent: &str, known: &str, own: &[(&str, &str)]| -> Vec<String> {
            let own = own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let (sent, known) = (sent.to_owned(), known.to_owned());
            let headers = own.collect();
            let address = Address { headers, known, ..Address::from(sent) };
            let line = |header: Header| format!("{}: {}", header.name, header.value.shown());
            besides(&address).map(line).collect()
        };
        let (sent, known) = ("http://127.0.0.1:8080/in", "https://hooks.example.test:8443/base/in");
        let told = headers(sent, known, &[]);
        assert_eq!(
            told,
            [
                "X-Forwarded-For: 192.0.2.1",
                "X-Forwarded-Host: hooks.example.test:8443",
                "X-Forwarded-Proto: https",
                "Forwarded: for=192.0.2.1;host=\"hooks.example.test:8443\";proto=https",
            ]
        );
        let mixed = headers(sent, known, &[("x-forwarded-for", "198.51.100.7"), ("X-Via", "a")]);
        assert_eq!(mixed[..3], told[1..], "the user's takes the place of ours");
        assert_eq!(mixed[3..], ["x-forwarded-for: 198.51.100.7", "X-Via: a"]);
        assert_eq!(headers(sent, sent, &[("X-Via", "a")]), ["X-Via: a"], "there is no proxy");
    }
}
