//! The key `assertion` of `oauth`: the JWT that the vendor signs to get a token.

use std::time::Duration;

use serde_json::Value as Json;

use super::part::Part;
use crate::cli::files;
use crate::cli::settings::keys::AssertionSection;
use crate::model::policy::{Assertion, ClientLogin, Grant};
use crate::model::{OAuth, Problem, Secret};
use crate::policy::assertion;
use crate::text::duration;

/// The most bytes of a key file that are read.
const LARGEST_FILE: u64 = 64 * 1024;
/// The shortest and the longest life of an assertion.
const LIVES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(366 * 24 * 3600)];

/// Reads it. `None` if this client signs none.
///
/// # Errors
/// If anything in it is wrong, it is missing, or it has no use.
pub fn read(oauth_part: &Part<'_>, oauth: &OAuth) -> Result<Option<Assertion>, Problem> {
    let by_itself = oauth.grant == Grant::JwtBearer;
    let logins = [oauth.request_with, oauth.invalid.revoke_with];
    let needed = by_itself || logins.contains(&ClientLogin::PrivateKeyJwt);
    let given = match oauth_part.get("assertion") {
        None | Some(Json::Null) if needed => return Err(oauth_part.missing("assertion")),
        None | Some(Json::Null) => return Ok(None),
        Some(Json::Object(given)) => given,
        Some(_) => {
            let title = "`oauth.assertion` takes a map: a private key and what the assertion says";
            return Err(oauth_part.problem("assertion", title, &[]));
        }
    };
    if !needed {
        let title = "`oauth.assertion` applies only to a client that signs one";
        let help = "add `request_with: private_key_jwt`, or leave it out".to_owned();
        return Err(oauth_part.problem("assertion", title, &[help]));
    }
    let known = AssertionSection::KEYS;
    let part = Part { name: "oauth.assertion", known, given, ..*oauth_part };
    part.check_keys()?;
    let key = part.private_key()?;
    let client = (!by_itself).then_some(oauth.client.id.as_str());
    let endpoint = oauth.endpoint.as_ref().filter(|_| !by_itself);
    Ok(Some(Assertion {
        key,
        key_id: part.text("kid")?.map(str::to_owned),
        issuer: part.claim("iss", client)?,
        subject: part.claim("sub", client)?,
        audience: part.claim("aud", endpoint.map(|endpoint| endpoint.known.as_str()))?,
        lives: part.lives()?,
    }))
}

impl Part<'_> {
    fn claim(&self, key: &str, usual: Option<&str>) -> Result<String, Problem> {
        let given = self.text(key)?.or(usual);
        given.map(str::to_owned).ok_or_else(|| {
            let help = "write what the receiver expects there".to_owned();
            self.problem(key, format!("`oauth.assertion.{key}` is missing"), &[help])
        })
    }

    fn lives(&self) -> Result<Duration, Problem> {
        let Some(length) = self.text("expires_after")? else { return Ok(Assertion::USUAL_LIFE) };
        let [shortest, longest] = LIVES;
        duration(length).filter(|lives| (shortest..=longest).contains(lives)).ok_or_else(|| {
            let title =
                "`oauth.assertion.expires_after` takes a length of time from 1 second to 366 days";
            self.problem("expires_after", title, &["write it like `5m`".to_owned()])
        })
    }

    fn private_key(&self) -> Result<Secret, Problem> {
        let (key, pem) = match (self.text("private_key_file")?, self.text("private_key")?) {
            (Some(_), Some(_)) => {
                let title = "`oauth.assertion` has two private keys";
                let help = "give `private_key_file` or `private_key`".to_owned();
                return Err(self.problem("private_key_file", title, &[help]));
            }
            (None, None) => {
                let title = "`oauth.assertion.private_key_file` is missing";
                let help = "name a PEM file with the private key, or give `private_key`".to_owned();
                return Err(self.problem("private_key_file", title, &[help]));
            }
            (None, Some(pem)) => ("private_key", pem.to_owned()),
            (Some(file), None) => ("private_key_file", self.file(file)?),
        };
        // In the environment, line breaks are often written as `\\n`.
        let secret = Secret::new(pem.replace("\\n", "\n"));
        assertion::algorithm(&secret).map_err(|why| {
            let title = format!("`oauth.assertion.{key}` cannot be used: {why}");
            self.problem(key, title, &[])
        })?;
        Ok(secret)
    }

    fn file(&self, path: &str) -> Result<String, Problem> {
        let path = self.source.beside(path);
        files::text_at_most(LARGEST_FILE, &path).map_err(|why| {
            let title = format!("`{}` cannot be used: {why}", path.display());
            let help = "name a PEM file with the private key".to_owned();
            self.problem("private_key_file", title, &[help])
        })
    }
}
