//! The key `assertion` of `oauth`: the JWT that the vendor signs to get a token.

use std::time::Duration;

use serde_json::Value as Json;

use super::part::{Logins, Part};
use crate::cli::files;
use crate::cli::settings::keys::AssertionSection;
use crate::cli::settings::source::keep;
use crate::model::policy::{Assertion, ClientLogin, Grant};
use crate::model::{OAuth, Problem, Secret};
use crate::policy::assertion;
use crate::text::duration;

/// The most bytes of a key file that are read.
const LARGEST_FILE: u64 = 64 * 1024;
/// The shortest and the longest life of an assertion.
const LIVES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(366 * 24 * 3600)];

/// Reads it. `None` if this client signs none, or if it is wrong: each mistake joins the others.
pub fn read(
    oauth_part: &Part<'_>,
    oauth: &OAuth,
    logins: Logins,
    problems: &mut Vec<Problem>,
) -> Option<Assertion> {
    let by_itself = oauth.grant == Grant::JwtBearer;
    let needs_one =
        [oauth.request_with, oauth.invalid.revoke_with].contains(&ClientLogin::PrivateKeyJwt);
    let needed = by_itself || needs_one;
    let given = match oauth_part.get("assertion") {
        None | Some(Json::Null) => {
            return needed.then(|| oauth_part.needed("assertion", Ok(None), problems)).flatten();
        }
        Some(Json::Object(given)) => given,
        Some(_) => {
            let title = "`oauth.assertion` takes a map: a private key and what the assertion says";
            problems.push(oauth_part.problem("assertion", title, &[]));
            return None;
        }
    };
    if !needed && logins == Logins::Known {
        let title = "`oauth.assertion` applies only to a client that signs one";
        let help = "add `request_with: private_key_jwt`, or leave it out".to_owned();
        problems.push(oauth_part.problem("assertion", title, &[help]));
        return None;
    }
    let known = AssertionSection::KEYS;
    let part = Part { name: "oauth.assertion", known, given, ..*oauth_part };
    problems.extend(part.unknown_keys(&[]));
    let client = (!by_itself).then_some(oauth.client.id.as_str());
    // Where the endpoint is wrong, the audience is that all the same.
    let endpoint = oauth.endpoint.as_ref().map_or("", |endpoint| endpoint.known.as_str());
    let key = part.needed("private_key_file", part.private_key(), problems);
    let key_id = keep(part.text("kid"), problems);
    let mut claim = |key: &str, usual: Option<&str>| {
        let given = part.text(key).map(|given| given.or(usual).map(str::to_owned));
        part.needed(key, given, problems)
    };
    let (issuer, subject) = (claim("iss", client), claim("sub", client));
    let audience = claim("aud", (!by_itself).then_some(endpoint));
    let lives = keep(part.lives(), problems);
    Some(Assertion {
        key: key?,
        key_id: key_id?.map(str::to_owned),
        issuer: issuer?,
        subject: subject?,
        audience: audience?,
        lives: lives?,
    })
}

impl Part<'_> {
    fn lives(&self) -> Result<Duration, Problem> {
        let Some(length) = self.text("expires_after")? else { return Ok(Assertion::USUAL_LIFE) };
        let [shortest, longest] = LIVES;
        duration(length).filter(|lives| (shortest..=longest).contains(lives)).ok_or_else(|| {
            let title =
                "`oauth.assertion.expires_after` takes a length of time from 1 second to 366 days";
            self.problem("expires_after", title, &["write it like `5m`".to_owned()])
        })
    }

    fn private_key(&self) -> Result<Option<Secret>, Problem> {
        let (key, pem) = match (self.text("private_key_file")?, self.text("private_key")?) {
            (Some(_), Some(_)) => {
                let title = "`oauth.assertion` has two private keys";
                let help = "give `private_key_file` or `private_key`".to_owned();
                return Err(self.problem("private_key_file", title, &[help]));
            }
            (None, None) => return Ok(None),
            (None, Some(pem)) => ("private_key", pem.to_owned()),
            (Some(file), None) => ("private_key_file", self.file(file)?),
        };
        // In the environment, line breaks are often written as `\\n`.
        let secret = Secret::new(pem.replace("\\n", "\n"));
        assertion::algorithm(&secret).map_err(|why| {
            let title = format!("`oauth.assertion.{key}` cannot be used: {why}");
            self.problem(key, title, &[])
        })?;
        Ok(Some(secret))
    }

    fn file(&self, path: &str) -> Result<String, Problem> {
        let path = self.source.beside(path);
        files::text_at_most(LARGEST_FILE, &path).map_err(|why| {
            let title = format!("`{}` cannot be used: {why}", files::shown(&path));
            let help = "name a PEM file with the private key".to_owned();
            self.problem("private_key_file", title, &[help])
        })
    }
}
