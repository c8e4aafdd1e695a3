//! Makes many right signatures of one vendor, fast. It can make plain ones only, and no wrong ones.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use standin_hmac::Key;

use crate::model::policy::{Signature, SignedPart};

/// The length of a signature: 32 bytes in base64.
pub const SIGNATURE: usize = 44;

/// A signature in base64.
pub type SignatureText = [u8; SIGNATURE];

/// Makes the right signatures of requests to one URL. The key, and what comes before the body, are
/// hashed once.
#[derive(Clone)]
pub struct Signer {
    header: String,
    begun: Hmac<Sha256>,
    /// What is signed from the body on.
    rest: Vec<SignedPart>,
    url: String,
    /// The same for bodies alone, if this processor can sign two at once.
    fast: Option<Key>,
}

impl Signer {
    /// Whether it can make such signatures: each is made from one key, the URL and the body alone, and
    /// stands alone in its header.
    pub fn can_make(signature: &Signature) -> bool {
        let plain = Signature {
            header: signature.header.clone(),
            secret: signature.secret.clone(),
            over: signature.over.clone(),
            ..Signature::default()
        };
        let is_plain = |part: &SignedPart| matches!(part, SignedPart::Url | SignedPart::Body);
        *signature == plain && signature.over.iter().all(is_plain)
    }

    /// The signer of a vendor for a URL as the vendor knows it. None without a secret, or if it
    /// [cannot make](Self::can_make) the signatures.
    pub fn of(signature: &Signature, url: &str) -> Option<Self> {
        let secret = signature.secret.as_ref().filter(|_| Self::can_make(signature))?;
        let mut begun = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()).ok()?;
        let body = signature.over.iter().position(|part| *part == SignedPart::Body);
        let (first, rest) = signature.over.split_at(body.unwrap_or(signature.over.len()));
        let beginning = url.repeat(first.len());
        begun.update(beginning.as_bytes());
        let fast = match rest {
            [SignedPart::Body] => Key::new(secret.reveal().as_bytes(), beginning.as_bytes()),
            _ => None,
        };
        Some(Self {
            header: signature.header.clone(),
            begun,
            rest: rest.to_vec(),
            url: url.to_owned(),
            fast,
        })
    }

    /// The name of the header that carries the signature.
    pub fn header(&self) -> &str {
        &self.header
    }

    /// The signatures of these bodies, each by its signer. Two at once take little longer than one.
    pub fn sign<const N: usize>(signers: [&Self; N], bodies: [&[u8]; N]) -> [SignatureText; N] {
        let fast = signers.map(|signer| signer.fast.as_ref());
        if fast.iter().all(Option::is_some) {
            let keys = fast.map(|key| key.unwrap_or_else(|| panic!("all have keys")));
            return Key::sign(keys, bodies).map(|tag| text(&tag));
        }
        let mut bodies = bodies.into_iter();
        signers.map(|signer| signer.sign_alone(bodies.next().unwrap_or_default()))
    }

    fn sign_alone(&self, body: &[u8]) -> SignatureText {
        let mut mac = self.begun.clone();
        for part in &self.rest {
            mac.update(match part {
                SignedPart::Url => self.url.as_bytes(),
                _ => body,
            });
        }
        text(&mac.finalize().into_bytes())
    }
}

fn text(tag: &[u8]) -> SignatureText {
    let mut text = [0; SIGNATURE];
    let length = BASE64.encode_slice(tag, &mut text);
    assert_eq!(length, Ok(SIGNATURE), "32 bytes are 44 characters");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Secret;
    use crate::model::signature::{Algorithm, Moment};
    use crate::policy::sign::signatures;
    use crate::policy::signed::Message;

    const URL: &str = "http://127.0.0.1:8080/webhooks?of=one";
    const BODY: &[u8] = br#"{"a":1}"#;

    fn right(signature: &Signature, body: &[u8]) -> Vec<String> {
        let moment = Moment::default();
        let message = Message { moment: &moment, method: "POST", url: URL, content_type: "", body };
        signatures(signature, &message, None)
    }

    #[test]
    fn a_signer_makes_the_same_signatures() {
        use SignedPart::{Body, Url};
        for over in [vec![Body], vec![Url, Body], vec![Body, Url], vec![Url], vec![Url, Body, Url]]
        {
            let secret = Some(Secret::new("s3cr3t"));
            let header = "x-signature".to_owned();
            let signature = Signature { header, secret, over, ..Signature::default() };
            let signer = Signer::of(&signature, URL).expect("it has a secret");
            for body in [BODY, b"", b"{}"] {
                let wanted = right(&signature, body);
                let signed = Signer::sign([&signer, &signer], [body, BODY]);
                assert_eq!(signed[0], wanted[0].as_bytes());
                assert_eq!(Signer::sign([&signer], [body]), [signed[0]]);
                assert_eq!(signer.sign_alone(body), signed[0]);
                assert_eq!(signed[1], right(&signature, BODY)[0].as_bytes());
            }
        }
    }

    #[test]
    fn it_makes_no_other_signatures_than_plain_ones() {
        let secret = Some(Secret::new("s3cr3t"));
        let plain = Signature { secret, over: vec![SignedPart::Body], ..Signature::default() };
        assert!(Signer::of(&plain, URL).is_some());
        for other in [
            Signature { algorithm: Algorithm::HmacSha1, ..plain.clone() },
            Signature { value: "sha256={signature}".to_owned(), ..plain.clone() },
            Signature { over: vec![SignedPart::Timestamp, SignedPart::Body], ..plain.clone() },
            Signature { id_header: Some("id".to_owned()), ..plain.clone() },
            Signature { older: vec![Secret::new("old")], ..plain.clone() },
        ] {
            assert!(!Signer::can_make(&other) && Signer::of(&other, URL).is_none(), "{other:?}");
        }
    }
}
