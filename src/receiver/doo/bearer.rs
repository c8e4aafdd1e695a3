//! Reads the token out of a webhook's header (Webhook configuration object: `header_format` and
//! `header_value_format`, in which `%ACCESS_TOKEN%` stands for the token). Does not know which
//! tokens are good.

use std::collections::BTreeSet;

use actix_web::http::header::{HeaderMap, HeaderValue};

use crate::receiver::defects::Defect;
use crate::receiver::refusal::Refusal;

const PLACE: &str = "%ACCESS_TOKEN%";
/// Longer than any token that is given out here.
const TOKEN_BYTES_MAX: usize = 512;
const WANTED: &str = "one token in the form that was agreed";

/// Where a token stands in a request.
pub(super) struct Form {
    header: String,
    before: String,
    behind: String,
}

impl Form {
    /// The form of a header and the template of its value.
    pub(super) fn new(header: String, value: &str) -> Self {
        let (before, behind) = value.split_once(PLACE).unwrap_or((value, ""));
        Self { header, before: before.to_owned(), behind: behind.to_owned() }
    }

    /// The token that was sent. Only defects look at none, which is `None`.
    ///
    /// Of two header lines one would have to be believed, and whoever stands between could choose
    /// which: so there must be exactly one.
    pub(super) fn sent(
        &self,
        headers: &HeaderMap,
        defects: &BTreeSet<Defect>,
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
        match self.token(value) {
            Some("") if has(Defect::EmptyTokenAccepted) => Ok(None),
            Some(token) if is_token(token) => Ok(Some(token.to_owned())),
            Some("") => Err(self.malformed()),
            _ if has(Defect::MalformedTokenCrashes) => {
                Err(Refusal::Crash("the header cannot be split into scheme and token"))
            }
            _ => Err(self.malformed()),
        }
    }

    /// What stands in the place of the token: nothing, if the whole value is empty.
    fn token<'a>(&self, value: &'a HeaderValue) -> Option<&'a str> {
        let value = value.to_str().ok()?.trim();
        if value.is_empty() || value.eq_ignore_ascii_case(self.before.trim_end()) {
            return Some("");
        }
        // A scheme is the same in capitals (RFC 9110, section 11.1).
        let scheme = value.get(..self.before.len())?;
        let rest = value.get(self.before.len()..)?;
        let token = rest.strip_suffix(self.behind.trim_end())?;
        scheme.eq_ignore_ascii_case(&self.before).then_some(token.trim_matches(' '))
    }

    fn malformed(&self) -> Refusal {
        Refusal::CredentialsMalformed { header: self.header.clone(), wanted: WANTED }
    }
}

/// The characters of a token (RFC 6750, section 2.1).
fn is_token(text: &str) -> bool {
    let start = text.trim_end_matches('=');
    let fine = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b);
    !start.is_empty() && text.len() <= TOKEN_BYTES_MAX && start.bytes().all(fine)
}
