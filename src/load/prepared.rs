//! Requests, prepared once: what is the same in every request of a trigger is bytes already.

use std::collections::BTreeMap;
use std::io::Write as _;

use url::Url;

use super::LoadProblem;
use crate::delivery::USER_AGENT;
use crate::driver::VendorTarget;
use crate::model::policy::TOKEN_PLACE;
use crate::model::{Address, Authentication, Secret};
use crate::policy::sign::Signer;
use crate::policy::{Request, token};

/// The requests of one vendor.
pub struct Prepared {
    triggers: BTreeMap<&'static str, Head>,
    token: Option<TokenRequest>,
}

/// What a request of one trigger begins with.
struct Head {
    /// The request line and the headers that never change.
    bytes: Vec<u8>,
    signer: Option<Signer>,
}

/// How the vendor asks for a token, and sends it.
struct TokenRequest {
    /// The whole request.
    bytes: Vec<u8>,
    header: String,
    /// The header's value, before and behind the token.
    around: (String, String),
}

impl Prepared {
    /// The requests of a vendor.
    ///
    /// # Errors
    /// If a URL is not plain HTTP.
    pub fn of(target: &VendorTarget) -> Result<Self, LoadProblem> {
        let authentication = &target.policy.authentication;
        let triggers = target.vendor.catalogue().triggers.iter().map(|trigger| trigger.name);
        let urls = triggers.filter_map(|name| Some((name, target.urls.get(name)?)));
        let heads = urls.map(|(name, address)| Ok((name, head(authentication, address)?)));
        let token = match authentication {
            Authentication::Token(oauth) => match token::request(oauth, &oauth.client, None) {
                Some(request) => {
                    let (before, behind) =
                        oauth.header_value.split_once(TOKEN_PLACE).unwrap_or_default();
                    let around = (before.to_owned(), behind.to_owned());
                    Some(TokenRequest {
                        bytes: whole(&request)?,
                        header: oauth.header.clone(),
                        around,
                    })
                }
                None => None,
            },
            _ => None,
        };
        Ok(Self { triggers: heads.collect::<Result<_, LoadProblem>>()?, token })
    }

    /// Whether its webhooks carry a token.
    pub fn needs_token(&self) -> bool {
        self.token.is_some()
    }

    /// Writes the request for a token.
    pub fn write_token_request(&self, buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.extend(self.token.iter().flat_map(|token| &token.bytes));
    }

    /// Writes the request for a webhook, signed now.
    pub fn write(&self, trigger: &str, body: &[u8], token: Option<&Secret>, buffer: &mut Vec<u8>) {
        buffer.clear();
        let Some(head) = self.triggers.get(trigger) else { return };
        buffer.extend_from_slice(&head.bytes);
        if let Some(signer) = &head.signer {
            line(buffer, signer.header(), &[&signer.sign(body)]);
        }
        if let (Some(token), Some(request)) = (token, &self.token) {
            let (before, behind) = &request.around;
            line(buffer, &request.header, &[before, token.reveal(), behind]);
        }
        // Writing into memory cannot fail.
        let _ = write!(buffer, "content-length: {}\r\n\r\n", body.len());
        buffer.extend_from_slice(body);
    }
}

fn head(authentication: &Authentication, address: &Address) -> Result<Head, LoadProblem> {
    let mut bytes = begin(address)?;
    line(&mut bytes, "content-type", &["application/json"]);
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

/// A request that does not change.
fn whole(request: &Request) -> Result<Vec<u8>, LoadProblem> {
    let mut bytes = begin(&request.address)?;
    for header in &request.headers {
        line(&mut bytes, &header.name, &[header.value.reveal()]);
    }
    // Writing into memory cannot fail.
    let _ = write!(bytes, "content-length: {}\r\n\r\n", request.body.len());
    bytes.extend_from_slice(&request.body);
    Ok(bytes)
}

/// The request line and the host.
pub(super) fn begin(address: &Address) -> Result<Vec<u8>, LoadProblem> {
    let not_plain = || LoadProblem::NotPlain(address.sent.clone());
    let url = Url::parse(&address.sent).map_err(|_| not_plain())?;
    if url.scheme() != "http" {
        return Err(not_plain());
    }
    let host = url.host_str().ok_or_else(not_plain)?;
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
    let mut bytes = format!("POST {}{query} HTTP/1.1\r\n", url.path()).into_bytes();
    line(&mut bytes, "host", &[&host]);
    line(&mut bytes, "accept", &["*/*"]);
    line(&mut bytes, "user-agent", &[USER_AGENT]);
    Ok(bytes)
}

pub(super) fn line(bytes: &mut Vec<u8>, name: &str, value: &[&str]) {
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend_from_slice(b": ");
    value.iter().for_each(|part| bytes.extend_from_slice(part.as_bytes()));
    bytes.extend_from_slice(b"\r\n");
}
