//! The text that a signature covers, and the value of the header that carries it.

use sha2::{Digest as _, Sha256};
use url::{Url, form_urlencoded};

use super::header;
use super::key::{KeyError, SigningKey, encode};
use super::template::{self, Place, TemplateError};
use crate::model::signature::{Encoding, Moment, SIGNATURE_PLACE, Signature, SignedPart};
use crate::model::{Authentication, Secret};

/// What is signed of one attempt.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Its id and its time.
    pub moment: &'a Moment,
    /// The method, in upper case.
    pub method: &'a str,
    /// The URL as the sender knows it.
    pub url: &'a str,
    /// The value of `Content-Type`. It says whether the body is a form.
    pub content_type: &'a str,
    /// The body.
    pub body: &'a [u8],
}

/// Why nothing can be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// A key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A template is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Several keys for a header that holds one signature.
    #[error("the header {0} holds one signature, so there can be one key only")]
    OneOnly(String),
}

/// Whether requests can be signed like this.
///
/// # Errors
/// If a key or a template cannot be used, or there are more keys than signatures.
pub fn check(signature: &Signature) -> Result<(), SignError> {
    keys(signature)?;
    template::items(&signature.value, signature.joined_by.as_deref())?;
    Ok(())
}

/// The keys of a signature, the newest first.
///
/// # Errors
/// As [`check`].
pub fn keys(signature: &Signature) -> Result<Vec<SigningKey>, SignError> {
    let read = |key: &Secret| SigningKey::read(signature.algorithm, signature.key, key);
    let keys = signature.keys().map(read).collect::<Result<Vec<_>, KeyError>>()?;
    if keys.len() > 1 && signature.joined_by.is_none() {
        return Err(SignError::OneOnly(signature.header.clone()));
    }
    Ok(keys)
}

impl Message<'_> {
    /// Whether the body is a form.
    pub fn is_form(&self) -> bool {
        header::is_of_type(self.content_type, header::FORM)
    }

    /// The text that is signed.
    pub fn text(&self, over: &[SignedPart]) -> Vec<u8> {
        let mut text = Vec::new();
        for part in over {
            match part {
                SignedPart::Id => text.extend_from_slice(self.moment.id.as_bytes()),
                SignedPart::Timestamp => {
                    text.extend_from_slice(self.moment.at_s.to_string().as_bytes());
                }
                SignedPart::Method => text.extend_from_slice(self.method.as_bytes()),
                SignedPart::Url => text.extend_from_slice(self.url.as_bytes()),
                SignedPart::Path => text.extend_from_slice(path(self.url).as_bytes()),
                SignedPart::Body => text.extend_from_slice(self.body),
                SignedPart::Form if self.is_form() => text.extend(fields(self.body)),
                SignedPart::Form => {}
                SignedPart::Literal(literal) => text.extend_from_slice(literal.as_bytes()),
            }
        }
        text
    }
}

/// The path and the query of a URL.
fn path(url: &str) -> String {
    Url::parse(url)
        .map_or_else(|_| url.to_owned(), |url| url[url::Position::BeforePath..].to_owned())
}

/// The fields of a form, sorted. A field that is there twice with the same value counts once.
fn fields(body: &[u8]) -> Vec<u8> {
    let mut fields: Vec<_> = form_urlencoded::parse(body).collect();
    fields.sort();
    fields.dedup();
    fields.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()].concat()).collect()
}

/// The URL of a request with this body: with the hash of the body, if this sender adds it.
pub fn url(signature: &Signature, message: &Message<'_>) -> String {
    let Some(name) = signature.body_hash.as_ref().filter(|_| !message.is_form()) else {
        return message.url.to_owned();
    };
    let joint = if message.url.contains('?') { '&' } else { '?' };
    format!("{}{joint}{name}={}", message.url, hash(message.body))
}

/// The same, unless the URL has the hash of this body already.
pub fn url_with_hash(signature: &Signature, message: &Message<'_>) -> String {
    let Some(name) = &signature.body_hash else { return message.url.to_owned() };
    if message.url.ends_with(&format!("{name}={}", hash(message.body))) {
        return message.url.to_owned();
    }
    url(signature, message)
}

/// The URL of the request that has another body, if this one has the hash of its body in its URL.
pub fn url_of_other(signature: &Signature, message: &Message<'_>, body: &[u8]) -> String {
    match &signature.body_hash {
        Some(_) => message.url.replace(&hash(message.body), &hash(body)),
        None => message.url.to_owned(),
    }
}

fn hash(body: &[u8]) -> String {
    encode(Encoding::Hex, &Sha256::digest(body))
}

/// The value of the header with these signatures, which are written already.
///
/// # Errors
/// If the template is wrong.
pub fn value(
    signature: &Signature,
    message: &Message<'_>,
    signatures: &[String],
) -> Result<String, TemplateError> {
    let items = template::items(&signature.value, signature.joined_by.as_deref())?;
    let time = [message.moment.at_s.to_string()];
    let id = [message.moment.id.clone()];
    let mut texts = Vec::new();
    for item in &items {
        let values: &[String] = match item.place {
            Some(Place::Signature) => signatures,
            Some(Place::Timestamp) => &time,
            Some(Place::Id) => &id,
            None => &[String::new()],
        };
        let whole = |value| format!("{}{value}{}", item.before, item.after);
        texts.extend(values.iter().map(whole));
    }
    Ok(texts.join(signature.joined_by.as_deref().unwrap_or_default()))
}

/// The right signatures of a message without what stands around them in the header, if that is anything.
pub fn bare(authentication: &Authentication, message: &Message<'_>) -> Vec<String> {
    let Authentication::Signature(signature) = authentication else { return Vec::new() };
    if signature.value == SIGNATURE_PLACE && signature.older.is_empty() {
        return Vec::new();
    }
    let text = message.text(&signature.over);
    let keys = keys(signature).unwrap_or_default();
    keys.iter().map(|key| encode(signature.encoding, &key.sign(&text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::template::signed_parts;

    fn signature(value: &str, joined_by: Option<&str>) -> Signature {
        Signature {
            header: "X-Sig".to_owned(),
            value: value.to_owned(),
            joined_by: joined_by.map(str::to_owned),
            ..Signature::default()
        }
    }

    fn message<'a>(moment: &'a Moment, body: &'a str) -> Message<'a> {
        Message {
            moment,
            method: "POST",
            url: "https://example.test/a?b=c",
            content_type: "application/json",
            body: body.as_bytes(),
        }
    }

    #[test]
    fn each_part_is_signed_where_the_template_has_it() {
        let moment = Moment { id: "msg_1".to_owned(), at_s: 17 };
        let over =
            signed_parts("{id}.{timestamp}:{method} {url}|{path}|{body}{form}").expect("parts");
        let text = message(&moment, "{}").text(&over);
        let wanted = "msg_1.17:POST https://example.test/a?b=c|/a?b=c|{}";
        assert_eq!(String::from_utf8_lossy(&text), wanted);
    }

    #[test]
    fn a_form_is_signed_by_its_sorted_fields() {
        let moment = Moment::default();
        let content_type = "application/x-www-form-urlencoded; charset=utf-8";
        let form = Message { content_type, ..message(&moment, "To=%2B1+2&From=x&To=%2B1+2&A=") };
        assert_eq!(form.text(&[SignedPart::Form]), b"AFromxTo+1 2");
        assert_eq!(message(&moment, "a=b").text(&[SignedPart::Form]), b"");
        let hashing =
            Signature { body_hash: Some("h".to_owned()), ..signature("{signature}", None) };
        assert_eq!(url(&hashing, &form), form.url);
        let hashed = url(&hashing, &message(&moment, ""));
        assert!(hashed.ends_with(
            "/a?b=c&h=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        ));
    }

    #[test]
    fn several_signatures_stand_in_the_header_as_the_sender_joins_them() {
        let moment = Moment { id: "m".to_owned(), at_s: 17 };
        let (one, both) = (["a".to_owned()], ["a".to_owned(), "b".to_owned()]);
        let stripe = signature("t={timestamp},v1={signature}", Some(","));
        let said = |signature: &Signature, keys: &[String]| {
            value(signature, &message(&moment, ""), keys).expect("a value")
        };
        assert_eq!(said(&stripe, &one), "t=17,v1=a");
        assert_eq!(said(&stripe, &both), "t=17,v1=a,v1=b");
        assert_eq!(said(&signature("v1,{signature}", Some(" ")), &both), "v1,a v1,b");
        assert_eq!(said(&signature("sha256={signature}", None), &one), "sha256=a");
    }

    #[test]
    fn a_wrong_template_names_the_place_and_what_would_be_right() {
        let told = |value: &str| check(&signature(value, Some(","))).expect_err(value).to_string();
        assert_eq!(
            told("t={timestmp},v1={signature}"),
            "`t={timestmp},v1={signature}` has an unknown part `{timestmp}` at character 3 (did you mean \
             `{timestamp}`?); there are {signature}, {timestamp}, {id}"
        );
        assert!(told("v1={signature").contains("without its `}` at character 4"));
        assert!(told("t={timestamp}").contains("must have `{signature}` in it, once"));
        assert!(told("{timestamp}.{signature}").contains("two places"));
        let nothing = signed_parts("{id}.{timestamp}").expect_err("nothing is signed").to_string();
        assert!(nothing.contains("signs neither the body nor the URL"), "{nothing}");
    }

    #[test]
    fn several_keys_need_a_header_that_holds_several_signatures() {
        let mut two = signature("{signature}", None);
        two.secret = Some(Secret::new("one"));
        two.older = vec![Secret::new("two")];
        let told = check(&two).expect_err("one only").to_string();
        assert_eq!(told, "the header X-Sig holds one signature, so there can be one key only");
        two.joined_by = Some(",".to_owned());
        assert_eq!(check(&two), Ok(()));
    }
}
