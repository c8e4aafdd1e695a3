//! The OAuth server (AZ): a token for the client's id and secret. The grants of 2017 (a user's
//! password, a code) are not played, since no users can log in.

use serde::Serialize;
use serde_json::Value as Json;

use super::body::Body;
use super::link::{Links, answer, url};
use super::wrong::{Status, Wrong};
use crate::model::policy::Client;
use crate::model::{Secret, Shown};
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::doo::account::DooAccount;

#[derive(Serialize)]
struct Granted<'a> {
    #[serde(flatten)]
    status: Status,
    data: Token<'a>,
    _links: Links,
}

#[derive(Serialize)]
struct Token<'a> {
    access_token: &'a str,
    refresh_token: Option<&'a str>,
}

/// The operations that issue tokens; of these only the first is played.
pub const OPERATIONS: &[&str] = &["createToken", "createZapierToken"];

impl DooAccount {
    /// Grants a token.
    pub(super) fn grant(&mut self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let body = Body::of(call)?;
        match body.text("grant_type")? {
            Some("client_credentials") => {}
            Some(_) => return Err(Wrong::bad("only the grant `client_credentials` is played")),
            None => return Err(Wrong::bad("`grant_type` is needed: `client_credentials`")),
        }
        match call.login.client {
            Shown::Nothing => {
                return Err(Wrong::bad(
                    "`client_id` and `client_secret` are needed and must be texts",
                ));
            }
            Shown::Wrong => {
                return Err(Wrong::token("the client is not known, or its secret is wrong"));
            }
            Shown::Right(_) => {}
        }
        let token = self.api.issue(call.received);
        let granted = Granted {
            status: Status::SUCCESS,
            data: Token { access_token: token.reveal(), refresh_token: None },
            _links: Links::own(url(&self.office.host, "/oauth")),
        };
        let answer = answer(&granted);
        Ok(ApiAnswer { secrets: vec![token], ..answer })
    }
}

/// The client that a body names.
pub fn client(body: &[u8]) -> Option<Client> {
    let body: Json = serde_json::from_slice(body).ok()?;
    let text = |name| body.get(name).and_then(Json::as_str);
    Some(Client { id: text("client_id")?.to_owned(), secret: Secret::new(text("client_secret")?) })
}
