//! Reads the token from a webhook's header (Webhook configuration object: `header_format` and
//! `header_value_format`, in which `%ACCESS_TOKEN%` stands for the token). Does not know which
//! tokens are valid.

use actix_web::http::header::{HeaderMap, HeaderValue};

use crate::receiver::defects::Defect;
use crate::receiver::refusal::Refusal;
use crate::receiver::variation::Defects;

const PLACEHOLDER: &str = "%ACCESS_TOKEN%";
/// Longer than any token that is issued here.
const TOKEN_BYTES_MAX: usize = 512;
const WANTED: &str = "one token in the configured form";

/// The header of a webhook that carries the token.
pub(super) struct TokenHeader {
    header: String,
    prefix: String,
    suffix: String,
}

impl TokenHeader {
    /// A header by its name and the template of its value.
    pub(super) fn new(header: String, value: &str) -> Self {
        let (prefix, suffix) = value.split_once(PLACEHOLDER).unwrap_or((value, ""));
        Self { header, prefix: prefix.to_owned(), suffix: suffix.to_owned() }
    }

    /// The token in the request. `None` means that a defect skips the check.
    ///
    /// There must be exactly one header line. With two, a proxy on the way could choose the one that
    /// is checked.
    pub(super) fn token(
        &self,
        headers: &HeaderMap,
        defects: &Defects,
    ) -> Result<Option<String>, Refusal> {
        let has = |defect| defects.contains(&defect);
        let mut values = headers.get_all(self.header.as_str());
        let value = match (values.next(), values.next()) {
            _ if has(Defect::TokenIgnored) => return Ok(None),
            (None, _) if has(Defect::MissingTokenAccepted) => return Ok(None),
            (None, _) => return Err(Refusal::CredentialsMissing { header: self.header.clone() }),
            (Some(_), Some(_)) => return Err(self.malformed()),
            (Some(value), None) => value,
        };
        match self.extract(value) {
            Some("") if has(Defect::EmptyTokenAccepted) => Ok(None),
            Some(token) if is_token(token) => Ok(Some(token.to_owned())),
            Some("") => Err(self.malformed()),
            _ if has(Defect::MalformedTokenCrashes) => {
                Err(Refusal::Crash("the header cannot be split into scheme and token"))
            }
            _ => Err(self.malformed()),
        }
    }

    /// The text in place of the token: empty, if the whole value is empty.
    fn extract<'a>(&self, value: &'a HeaderValue) -> Option<&'a str> {
        let value = value.to_str().ok()?.trim();
        if value.is_empty() || value.eq_ignore_ascii_case(self.prefix.trim_end()) {
            return Some("");
        }
        // The scheme is case-insensitive (RFC 9110, section 11.1).
        let scheme = value.get(..self.prefix.len())?;
        let rest = value.get(self.prefix.len()..)?;
        let token = rest.strip_suffix(self.suffix.trim_end())?;
        scheme.eq_ignore_ascii_case(&self.prefix).then_some(token.trim_matches(' '))
    }

    fn malformed(&self) -> Refusal {
        Refusal::CredentialsMalformed { header: self.header.clone(), wanted: WANTED }
    }
}

/// Whether a text has only the characters of a token (RFC 6750, section 2.1).
fn is_token(text: &str) -> bool {
    let start = text.trim_end_matches('=');
    let fine = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b);
    !start.is_empty() && text.len() <= TOKEN_BYTES_MAX && start.bytes().all(fine)
}
