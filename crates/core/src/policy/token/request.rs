//! Token requests, and requests that revoke a token.

use std::iter;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::form::{Form, encoded};
use crate::model::fault::{AssertionDamage, CredentialDamage};
use crate::model::policy::{Assertion, Client, ClientLogin, Grant};
use crate::model::signature::Moment;
use crate::model::{Address, OAuth, Secret};
use crate::policy::header::{self, Header, HeaderValue};
use crate::policy::request::Request;
use crate::policy::sign::damaged_secret;

/// Says that an assertion is the right by which a token is asked for (RFC 7523, section 2.1).
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Says that an assertion proves who the client is (RFC 7523, section 2.2).
const CLIENT_ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The token request of this client. A fault may damage its credentials. `None` if there is no endpoint.
///
/// The fields are in the documented order (doo: AU); further ones follow.
pub fn request(
    oauth: &OAuth,
    client: &Client,
    damage: Option<CredentialDamage>,
) -> Option<Request> {
    let mut form = Form::new(oauth.request_format, for_the_assertion(damage));
    let proof = match oauth.grant {
        Grant::ClientCredentials => prove(oauth.request_with, oauth, client, damage, &mut form),
        Grant::JwtBearer => None,
    };
    let grant = match oauth.grant {
        // It would need a user (RFC 6749, section 4.3).
        _ if damage == Some(CredentialDamage::OtherGrant) => "password",
        Grant::ClientCredentials => "client_credentials",
        Grant::JwtBearer => JWT_BEARER,
    };
    form.plain("grant_type", grant);
    if oauth.grant == Grant::JwtBearer {
        assert_right(oauth.assertion.as_ref(), ("assertion", "token"), damage, &mut form);
    }
    for (name, value) in &oauth.request_fields {
        form.plain(name, value);
    }
    let mut request = posted(oauth.endpoint.clone()?, form, proof);
    // The answer may repeat the secret that the receiver expected.
    request.secrets.push(client.secret.clone());
    Some(request)
}

/// The request that revokes a token (RFC 7009, section 2.1). `None` if there is no endpoint for it.
pub fn revocation(oauth: &OAuth, token: &Secret) -> Option<Request> {
    let address = oauth.invalid.revocation.clone()?;
    let mut form = Form::new(oauth.invalid.revoke_format, None);
    form.secret("token", token);
    let proof = match oauth.grant {
        Grant::ClientCredentials => {
            prove(oauth.invalid.revoke_with, oauth, &oauth.client, None, &mut form)
        }
        // It has no client's credentials but its key.
        Grant::JwtBearer => {
            prove(ClientLogin::PrivateKeyJwt, oauth, &oauth.client, None, &mut form)
        }
    };
    Some(posted(address, form, proof))
}

/// Writes who the client is: into the form, or into the header that it returns.
fn prove(
    login: ClientLogin,
    oauth: &OAuth,
    client: &Client,
    damage: Option<CredentialDamage>,
    form: &mut Form,
) -> Option<(Header, Vec<Secret>)> {
    let id = match damage {
        Some(CredentialDamage::UnknownClient) => format!("not-{}", client.id),
        _ => client.id.clone(),
    };
    let is_elsewhere = damage == Some(CredentialDamage::OtherField);
    let secret = match damage {
        Some(CredentialDamage::Missing) => None,
        damage => Some(Secret::new(damaged_secret(client.secret.reveal(), damage))),
    };
    match (login, secret) {
        // With HTTP Basic the form has neither id nor secret, unless a fault puts the secret there.
        (ClientLogin::Basic, Some(secret)) if !is_elsewhere => return Some(basic(&id, &secret)),
        (ClientLogin::Form | ClientLogin::Basic, secret) => {
            form.plain("client_id", &id);
            if let Some(secret) = secret {
                form.secret(if is_elsewhere { "secret" } else { "client_secret" }, &secret);
            }
        }
        (ClientLogin::PrivateKeyJwt, _) => {
            form.plain("client_id", &id);
            form.plain("client_assertion_type", CLIENT_ASSERTION);
            let fields = ("client_assertion", "assertion");
            assert_right(oauth.assertion.as_ref(), fields, damage, form);
        }
    }
    None
}

/// Writes the assertion into the first of these fields, or into the second by a fault.
fn assert_right(
    assertion: Option<&Assertion>,
    (field, other): (&'static str, &'static str),
    damage: Option<CredentialDamage>,
    form: &mut Form,
) {
    let field = if damage == Some(CredentialDamage::OtherField) { other } else { field };
    match damage {
        Some(CredentialDamage::Missing) => {}
        Some(CredentialDamage::Empty | CredentialDamage::Malformed) => {
            form.plain(field, &damaged_secret("", damage));
        }
        _ => assertion.into_iter().for_each(|assertion| form.assertion(field, assertion)),
    }
}

/// What a fault does to an assertion. The issuer is the client.
fn for_the_assertion(damage: Option<CredentialDamage>) -> Option<CredentialDamage> {
    match damage {
        Some(CredentialDamage::UnknownClient) => {
            Some(CredentialDamage::Assertion(AssertionDamage::Issuer))
        }
        damage => damage,
    }
}

/// The header of HTTP Basic for a client, and what is secret in it: id and secret are encoded as in a form first
/// (RFC 6749, section 2.3.1).
fn basic(id: &str, secret: &Secret) -> (Header, Vec<Secret>) {
    let encoded_secret = encoded(secret.reveal());
    let value = format!("Basic {}", BASE64.encode(format!("{}:{encoded_secret}", encoded(id))));
    let value = HeaderValue::Secret(Secret::new(value));
    let header = Header { name: "Authorization".to_owned(), value };
    (header, vec![secret.clone(), Secret::new(encoded_secret)])
}

/// The request that posts a form.
fn posted(address: Address, form: Form, proof: Option<(Header, Vec<Secret>)>) -> Request {
    let written = form.write(None);
    let content_type = HeaderValue::Plain(form.content_type().to_owned());
    let header = Header { name: "content-type".to_owned(), value: content_type };
    let mut request = Request {
        signed_url: None,
        headers: iter::once(header).chain(header::besides(&address)).collect(),
        address,
        body: written.sent,
        shown_body: Some(written.shown),
        secrets: written.secrets,
        moment: Moment::default(),
        form: form.has_assertion().then(|| Box::new(form)),
    };
    if let Some((header, secrets)) = proof {
        request.headers.push(header);
        request.secrets.extend(secrets);
    }
    request
}
