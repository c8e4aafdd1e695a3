//! Requests, prepared once: what is the same in every request of a trigger is bytes already.

use std::io::Write as _;

use super::LoadProblem;
use super::server::url;
use crate::delivery::{self, client::OWN_NAME};
use crate::driver::VendorTarget;
use crate::model::policy::TOKEN_PLACE;
use crate::model::{Address, Authentication, Secret, TriggerId};
use crate::policy::sign::{SIGNATURE, SignatureText, Signer};
use crate::policy::{Request, header, token};

/// The requests of one vendor.
pub struct Prepared {
    /// By the places of the triggers. None: it is not sent.
    triggers: Vec<Option<Head>>,
    token: Option<TokenRequest>,
    /// Whether no signer can make its signatures.
    signed_alone: bool,
}

/// What a request of one trigger begins with.
struct Head {
    /// The request line and the headers that never change.
    bytes: Vec<u8>,
    signer: Option<Signer>,
}

/// How the vendor asks for a token, and sends it.
struct TokenRequest {
    request: Request,
    header: String,
    /// The header's value, before and behind the token.
    around: (String, String),
}

impl Prepared {
    /// The requests of a vendor.
    ///
    /// # Errors
    /// If a URL is not one of HTTP.
    pub fn of(target: &VendorTarget) -> Result<Self, LoadProblem> {
        let authentication = &target.policy.authentication;
        let triggers = target.vendor.catalogue().triggers.iter();
        let urls = triggers.map(|trigger| target.urls.get(trigger.name));
        let heads = urls.map(|url| url.map(|address| head(authentication, address)).transpose());
        let token = match authentication {
            Authentication::Token(oauth) => match token::request(oauth, &oauth.client, None) {
                Some(request) => {
                    let (before, behind) =
                        oauth.header_value.split_once(TOKEN_PLACE).unwrap_or_default();
                    let around = (before.to_owned(), behind.to_owned());
                    // A URL that cannot be written is found now.
                    begin(&request.address)?;
                    Some(TokenRequest { request, header: oauth.header.clone(), around })
                }
                None => None,
            },
            _ => None,
        };
        let signed_alone = matches!(authentication, Authentication::Signature(signature)
            if signature.secret.is_some() && !Signer::can_make(signature));
        let triggers = heads.collect::<Result<_, LoadProblem>>()?;
        Ok(Self { triggers, token, signed_alone })
    }

    /// Whether each of its webhooks is signed by itself, because no [`Signer`] can make its signatures.
    pub fn are_signed_alone(&self) -> bool {
        self.signed_alone
    }

    /// Whether its webhooks carry a token.
    pub fn needs_token(&self) -> bool {
        self.token.is_some()
    }

    /// Writes the request for a token.
    pub fn write_token_request(&self, buffer: &mut Vec<u8>) {
        buffer.clear();
        if let Some(token) = &self.token {
            let _ = whole(&token.request.made(delivery::made_now), buffer);
        }
    }

    /// Writes the request for a webhook. If it is signed, the signature is still to come: returns where.
    pub fn write(
        &self,
        trigger: TriggerId,
        body: &[u8],
        token: Option<&Secret>,
        buffer: &mut Vec<u8>,
    ) -> Option<Unsigned> {
        buffer.clear();
        let head = self.triggers.get(trigger.place())?.as_ref()?;
        buffer.extend_from_slice(&head.bytes);
        let signature = head.signer.as_ref().map(|signer| {
            line(buffer, signer.header(), &[NO_SIGNATURE]);
            buffer.len() - LINE_END - SIGNATURE
        });
        if let (Some(token), Some(request)) = (token, &self.token) {
            let (before, behind) = &request.around;
            line(buffer, &request.header, &[before, token.reveal(), behind]);
        }
        // Writing into memory cannot fail.
        let _ = write!(buffer, "content-length: {}\r\n\r\n", body.len());
        let begins = buffer.len();
        buffer.extend_from_slice(body);
        signature.map(|signature| Unsigned { trigger, signature, begins })
    }

    /// Who signs the webhooks of a trigger.
    pub fn signer(&self, trigger: TriggerId) -> Option<&Signer> {
        self.triggers.get(trigger.place())?.as_ref()?.signer.as_ref()
    }
}

/// A written request whose signature is still to come.
#[derive(Clone, Copy, Debug)]
pub struct Unsigned {
    /// The trigger.
    pub trigger: TriggerId,
    /// Where the signature stands.
    signature: usize,
    /// Where the body begins.
    begins: usize,
}

impl Unsigned {
    /// The body in the request.
    pub fn body<'a>(&self, request: &'a [u8]) -> &'a [u8] {
        &request[self.begins..]
    }

    /// Writes the signature into the request.
    pub fn write(&self, signature: &SignatureText, request: &mut [u8]) {
        request[self.signature..][..SIGNATURE].copy_from_slice(signature);
    }
}

/// The end of a line of a head.
const LINE_END: usize = 2;
/// Stands where the signature will be.
const NO_SIGNATURE: &str = "--------------------------------------------";
const _: () = assert!(NO_SIGNATURE.len() == SIGNATURE);

fn head(authentication: &Authentication, address: &Address) -> Result<Head, LoadProblem> {
    let mut bytes = begin(address)?;
    line(&mut bytes, "content-type", &["application/json"]);
    for header in header::besides(address) {
        line(&mut bytes, &header.name, &[header.value.reveal()]);
    }
    let mut signer = None;
    match authentication {
        Authentication::None | Authentication::Token(_) => {}
        Authentication::Headers(headers) => {
            for (name, value) in headers {
                line(&mut bytes, name, &[value.reveal()]);
            }
        }
        Authentication::Signature(signature) => signer = Signer::of(signature, &address.known),
    }
    Ok(Head { bytes, signer })
}

/// Writes a whole request.
fn whole(request: &Request, bytes: &mut Vec<u8>) -> Result<(), LoadProblem> {
    bytes.extend(begin(&request.address)?);
    for header in &request.headers {
        line(bytes, &header.name, &[header.value.reveal()]);
    }
    // Writing into memory cannot fail.
    let _ = write!(bytes, "content-length: {}\r\n\r\n", request.body.len());
    bytes.extend_from_slice(&request.body);
    Ok(())
}

/// The request line and the host.
pub(super) fn begin(address: &Address) -> Result<Vec<u8>, LoadProblem> {
    let url = url(&address.sent)?;
    let host = url.host_str().ok_or_else(|| LoadProblem::NotHttp(address.sent.clone()))?;
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
    let mut bytes = format!("POST {}{query} HTTP/1.1\r\n", url.path()).into_bytes();
    line(&mut bytes, "host", &[&host]);
    for (name, value) in [("accept", "*/*"), ("user-agent", OWN_NAME)] {
        if !address.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)) {
            line(&mut bytes, name, &[value]);
        }
    }
    Ok(bytes)
}

pub(super) fn line(bytes: &mut Vec<u8>, name: &str, value: &[&str]) {
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend_from_slice(b": ");
    value.iter().for_each(|part| bytes.extend_from_slice(part.as_bytes()));
    bytes.extend_from_slice(b"\r\n");
}
