//! Tokens that the vendor asks the receiver for: the request, what its answer gives, and what may
//! be shown of both (RFC 6749, section 4.4; RFC 7009).

use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use regex::bytes::Regex;
use serde_json::Value as Json;
use url::form_urlencoded::Serializer;

use super::sign::{damaged_secret, is_sendable};
use super::{Header, HeaderValue, Request};
use crate::model::fault::CredentialDamage;
use crate::model::policy::Client;
use crate::model::secret::MASK;
use crate::model::{Address, OAuth, Secret};

/// The longest token that is sent, in bytes: header lines of more are refused by most servers.
const LONGEST: usize = 16 * 1024;
/// The longest life that a token is believed to have: for all a run needs, for ever.
const LONGEST_LIFE: Duration = Duration::from_secs(366 * 24 * 3600);

/// A token as the receiver gave it out.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// The token itself.
    pub secret: Secret,
    /// How long it lives, if the answer says so (`expires_in`).
    pub lives: Option<Duration>,
}

/// Where the token of an attempt comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source<'a> {
    /// None is needed.
    Nowhere,
    /// It is known beforehand.
    Known(&'a Secret),
    /// The vendor asks for it.
    Own,
    /// The vendor asks for it, and has it revoked.
    Revoked,
    /// Another client asks for it.
    Other(&'a Client),
}

/// Where the token of an attempt comes from whose credentials are damaged so.
pub fn source(oauth: &OAuth, damage: Option<CredentialDamage>) -> Source<'_> {
    let invalid = &oauth.invalid;
    if oauth.endpoint.is_none() {
        return Source::Nowhere;
    }
    match damage {
        None | Some(CredentialDamage::Wrong) => Source::Own,
        Some(CredentialDamage::Expired) => {
            invalid.expired.as_ref().map_or(Source::Nowhere, Source::Known)
        }
        Some(CredentialDamage::Revoked) => Source::Revoked,
        Some(CredentialDamage::OtherClient) => {
            invalid.other_client.as_ref().map_or(Source::Nowhere, Source::Other)
        }
        Some(
            CredentialDamage::Missing
            | CredentialDamage::Empty
            | CredentialDamage::Malformed
            | CredentialDamage::OtherUrl
            | CredentialDamage::Doubled,
        ) => Source::Nowhere,
    }
}

/// What standin.yaml must give under `oauth` for credentials to be damaged so, where it does not.
pub fn lacking(oauth: &OAuth, damage: CredentialDamage) -> Option<&'static str> {
    let invalid = &oauth.invalid;
    let (name, given) = match damage {
        CredentialDamage::Expired => ("expired_token", invalid.expired.is_some()),
        CredentialDamage::Revoked => ("revoke", invalid.revocation.is_some()),
        CredentialDamage::OtherClient => ("other_client", invalid.other_client.is_some()),
        _ => return None,
    };
    (!given).then_some(name)
}

/// The request for a token of this client, with its secret damaged if a fault says so. None if
/// nobody said where to ask.
///
/// The fields stand in the documented order (doo: AU).
pub fn request(
    oauth: &OAuth,
    client: &Client,
    damage: Option<CredentialDamage>,
) -> Option<Request> {
    let secret = match damage {
        Some(CredentialDamage::Missing) => None,
        damage => Some(Secret::new(damaged_secret(client.secret.reveal(), damage))),
    };
    let mut fields = vec![("client_id", Field::Plain(&client.id))];
    fields.extend(secret.as_ref().map(|secret| ("client_secret", Field::Secret(secret))));
    fields.push(("grant_type", Field::Plain("client_credentials")));
    let mut request = form(oauth.endpoint.clone()?, &fields);
    // It may say which secret it expected.
    request.secrets.push(client.secret.clone());
    Some(request)
}

/// The request that has a token revoked (RFC 7009, section 2.1). None if nobody said where.
pub fn revocation(oauth: &OAuth, token: &Secret) -> Option<Request> {
    let fields = [
        ("token", Field::Secret(token)),
        ("client_id", Field::Plain(&oauth.client.id)),
        ("client_secret", Field::Secret(&oauth.client.secret)),
    ];
    Some(form(oauth.invalid.revocation.clone()?, &fields))
}

/// A field of a form.
enum Field<'a> {
    Plain(&'a str),
    Secret(&'a Secret),
}

/// A form that is posted, and the same as it may be shown.
fn form(address: Address, fields: &[(&str, Field<'_>)]) -> Request {
    let mut secrets = Vec::new();
    let (mut sent, mut shown) = (Serializer::new(String::new()), Serializer::new(String::new()));
    for (name, value) in fields {
        match value {
            Field::Plain(text) => {
                sent.append_pair(name, text);
                shown.append_pair(name, text);
            }
            Field::Secret(secret) => {
                sent.append_pair(name, secret.reveal());
                shown.append_pair(name, MASK);
                // Whoever repeats the form repeats the secret as it is written there.
                let written =
                    Serializer::new(String::new()).append_key_only(secret.reveal()).finish();
                secrets.extend([(*secret).clone(), Secret::new(written)]);
            }
        }
    }
    let content_type = "application/x-www-form-urlencoded".to_owned();
    let header =
        Header { name: "content-type".to_owned(), value: HeaderValue::Plain(content_type) };
    Request {
        address,
        signed_url: None,
        headers: vec![header],
        body: sent.finish().into(),
        shown_body: Some(shown.finish().into()),
        secrets,
    }
}

/// The token that an answer gives.
///
/// # Errors
/// What is wrong with it, in a few words and without the token.
pub fn read(answer: &[u8]) -> Result<Token, String> {
    let json: Json =
        serde_json::from_slice(answer).map_err(|_| "the answer is not JSON".to_owned())?;
    let token = match &json["access_token"] {
        Json::Null => return Err("the answer has no `access_token`".to_owned()),
        Json::String(token) if token.is_empty() => Err("`access_token` is empty"),
        Json::String(token) if token.len() > LONGEST => Err("`access_token` is longer than 16 KiB"),
        Json::String(token) if !is_sendable(token) => {
            Err("`access_token` cannot stand in a header")
        }
        Json::String(token) => Ok(token),
        _ => Err("`access_token` is not a text"),
    };
    let lives = match &json["expires_in"] {
        Json::Number(seconds) => seconds.as_f64(),
        // Some write it as a text.
        Json::String(seconds) => seconds.trim().parse().ok(),
        _ => None,
    };
    let lives = lives.filter(|seconds| seconds.is_finite()).map(|seconds| {
        Duration::try_from_secs_f64(seconds.max(0.0))
            .map_or(LONGEST_LIFE, |it| it.min(LONGEST_LIFE))
    });
    token.map(|token| Token { secret: Secret::new(token.as_str()), lives }).map_err(str::to_owned)
}

static TOKENS: LazyLock<Regex> = LazyLock::new(|| {
    // In JSON that is broken off, in a form, in prose.
    let pattern = r#"(?i-u)((?:access|refresh|id)_?-?token["']?\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*"?|[^"'&\s,}]+)"#;
    Regex::new(pattern).unwrap_or_else(|error| panic!("the pattern of tokens: {error}"))
});

/// The texts that a token endpoint's answer may show: the documented ones (doo: AU), and those of
/// RFC 6749, sections 5.1 and 5.2. Whatever else it says may be a token.
const SHOWN: &[&str] =
    &["message", "description", "error", "error_description", "error_uri", "token_type", "scope"];

/// The answer of a token endpoint as anybody may see it. One that was welcome and is no JSON may well
/// be a token as it is.
pub fn masked(answer: &Bytes, welcome: bool) -> Bytes {
    match serde_json::from_slice::<Json>(answer) {
        Ok(mut json) => {
            mask(&mut json, false);
            json.to_string().into()
        }
        Err(_) if welcome && !answer.is_empty() => {
            format!("{MASK} ({} bytes that are no JSON)", answer.len()).into()
        }
        Err(_) => masked_prose(answer),
    }
}

/// Masks all texts but those that are known to be harmless.
fn mask(json: &mut Json, shown: bool) {
    match json {
        Json::String(text) if !shown => MASK.clone_into(text),
        Json::Array(list) => list.iter_mut().for_each(|one| mask(one, false)),
        Json::Object(object) => {
            object.iter_mut().for_each(|(key, value)| mask(value, SHOWN.contains(&key.as_str())));
        }
        _ => {}
    }
}

/// Any other answer, without what it calls a token.
pub fn masked_prose(answer: &Bytes) -> Bytes {
    match TOKENS.replace_all(answer, format!("$1\"{MASK}\"").as_bytes()) {
        std::borrow::Cow::Borrowed(_) => answer.clone(),
        std::borrow::Cow::Owned(masked) => masked.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oauth() -> OAuth {
        let mut oauth = OAuth::of("doo");
        oauth.endpoint = Some("http://127.0.0.1:1/oauth/token".to_owned().into());
        oauth.client.secret = Secret::new("s3cr3t & more");
        oauth.invalid.revocation = Some("http://127.0.0.1:1/oauth/revoke".to_owned().into());
        oauth
    }

    fn shown(request: &Request) -> &[u8] {
        request.shown_body.as_ref().expect("a form with secrets")
    }

    #[test]
    fn the_request_is_the_documented_form_in_the_documented_order() {
        // Authorization request (AU): client_id, client_secret, grant_type.
        let oauth = oauth();
        let request = request(&oauth, &oauth.client, None).expect("there is an endpoint");
        let wanted = "client_id=doo&client_secret=s3cr3t+%26+more&grant_type=client_credentials";
        assert_eq!(request.body, wanted);
        let wanted = "client_id=doo&client_secret=***&grant_type=client_credentials";
        assert_eq!(shown(&request), wanted.as_bytes());
        assert_eq!(request.headers[0].value.reveal(), "application/x-www-form-urlencoded");
        for said in ["no s3cr3t & more here", "client_secret=s3cr3t+%26+more"] {
            let said = request.without_secrets(&crate::model::Authentication::None, said.into());
            assert!(!String::from_utf8_lossy(&said).contains("s3cr3t"), "{said:?}");
        }
    }

    #[test]
    fn each_damage_of_the_secret_is_another_one() {
        let oauth = oauth();
        let body = |damage| request(&oauth, &oauth.client, Some(damage)).expect("one").body;
        assert_eq!(body(CredentialDamage::Missing), "client_id=doo&grant_type=client_credentials");
        assert_eq!(
            body(CredentialDamage::Empty),
            "client_id=doo&client_secret=&grant_type=client_credentials"
        );
        let wrong = body(CredentialDamage::Wrong);
        assert!(!String::from_utf8_lossy(&wrong).contains("s3cr3t"), "{wrong:?}");
        assert_ne!(body(CredentialDamage::Malformed), wrong);
    }

    #[test]
    fn a_revocation_shows_no_secret() {
        let request = revocation(&oauth(), &Secret::new("t0k3n")).expect("an endpoint");
        assert_eq!(shown(&request), b"token=***&client_id=doo&client_secret=***");
        assert!(request.body.starts_with(b"token=t0k3n&client_id=doo"));
    }

    #[test]
    fn a_token_is_read_from_the_documented_answer() {
        // The three documented fields (AU), with the comma that the page lacks.
        let answer = br#"{"message":"ok","description":"issued","access_token":"tok-31f2"}"#;
        let token = read(answer).expect("a token");
        assert_eq!((token.secret.reveal(), token.lives), ("tok-31f2", None));
        for (answer, seconds) in [
            (r#"{"access_token":"a","expires_in":3600}"#, 3600),
            (r#"{"access_token":"a","expires_in":"60"}"#, 60),
            (r#"{"access_token":"a","expires_in":-5}"#, 0),
            (r#"{"access_token":"a","expires_in":1e300}"#, LONGEST_LIFE.as_secs()),
        ] {
            let lives = read(answer.as_bytes()).expect("a token").lives;
            assert_eq!(lives, Some(Duration::from_secs(seconds)), "{answer}");
        }
    }

    #[test]
    fn what_is_no_token_says_why_and_shows_nothing_of_it() {
        let long = format!(r#"{{"access_token":"{}"}}"#, "x".repeat(LONGEST + 1));
        for (answer, why) in [
            ("", "the answer is not JSON"),
            ("not JSON", "the answer is not JSON"),
            (r#"{"message": "a" "description": "b"}"#, "the answer is not JSON"),
            ("[]", "the answer has no `access_token`"),
            ("\"a\"", "the answer has no `access_token`"),
            ("{}", "the answer has no `access_token`"),
            (r#"{"access_token":null}"#, "the answer has no `access_token`"),
            (r#"{"access_token":""}"#, "`access_token` is empty"),
            (r#"{"access_token":7}"#, "`access_token` is not a text"),
            (r#"{"access_token":"a\r\nx: y"}"#, "`access_token` cannot stand in a header"),
            (r#"{"access_token":"ä"}"#, "`access_token` cannot stand in a header"),
            (&long, "`access_token` is longer than 16 KiB"),
        ] {
            assert_eq!(read(answer.as_bytes()).expect_err("none"), why, "{answer}");
        }
    }

    #[test]
    fn no_token_is_shown_however_it_is_written() {
        for answer in [
            r#"{"access_token":"t0k3n","refresh_token" : "t0k3n"}"#,
            r#"{"ACCESS_TOKEN":"t0k\"3n t0k3n"#,
            "{\"data\":{\"access_token\":\"t0k3n\"}}",
            "access_token=t0k3n&expires_in=3600",
            "{'access_token': t0k3n}",
            "\u{fffd}{\"id_token\":\"t0k3n\"}",
            r#"{"accessToken":"t0k3n"}"#,
            r#"{"access_token":["t0k3n"],"token":"t0k3n"}"#,
            r#"{"access_token":"t0k3n","access_token":"t0k3n"}"#,
            r#"["t0k3n"]"#,
            "\"t0k3n\"",
            "idToken = t0k3n;",
        ] {
            let answer = Bytes::copy_from_slice(answer.as_bytes());
            for welcome in [true, false] {
                let shown = String::from_utf8_lossy(&masked(&answer, welcome)).into_owned();
                assert!(!shown.contains("t0k") && shown.contains(MASK), "{shown}");
            }
        }
        let harmless = Bytes::from_static(b"{\"message\":\"wrong secret\"}");
        assert_eq!(masked(&harmless, true), harmless);
        let bare = Bytes::from_static(b"<access_token>t0k3n</access_token>");
        assert_eq!(masked(&bare, true), "*** (34 bytes that are no JSON)");
    }
}
