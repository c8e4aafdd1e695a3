//! The token endpoint, which doo calls before each webhook (Authorization request, 3021340689), and
//! the endpoint that revokes tokens (RFC 7009).
//!
//! A client shows its credentials in the form, or by HTTP Basic (RFC 6749, section 2.3.1). Left out on purpose:
//! scopes and refresh tokens, since doo uses none.

use std::time::Duration;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use crate::model::Secret;
use crate::receiver::credentials::constant_time_eq;
use crate::receiver::defects::Defect;
use crate::receiver::form::Form;
use crate::receiver::intake;
use crate::receiver::refusal::Refusal;
use crate::receiver::tokens::Tokens;
use crate::receiver::variation::Defects;

/// How long a token is valid by default.
const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// Who may get tokens, and how webhooks carry them.
#[derive(Clone, Debug)]
pub struct OAuth {
    /// Who may ask for a token.
    pub clients: Vec<Client>,
    /// An expired token of the first client.
    pub expired_token: Option<Secret>,
    /// How long a token is valid, in real time.
    pub token_lifetime: Duration,
    /// The header that carries the token. Its name is case-insensitive.
    pub header: String,
    /// Its value, with `%ACCESS_TOKEN%` in place of the token.
    pub header_value: String,
}

/// A client that may ask for tokens.
#[derive(Clone, Debug)]
pub struct Client {
    /// `client_id`
    pub id: String,
    /// `client_secret`. An empty one never matches.
    pub secret: Secret,
    /// Whether its tokens allow doo's webhooks.
    pub may_send: bool,
}

impl OAuth {
    /// Tokens for these clients, valid for an hour, as `Authorization: Bearer …`.
    pub fn new(clients: Vec<Client>) -> Self {
        Self {
            clients,
            expired_token: None,
            token_lifetime: LIFETIME,
            header: "Authorization".into(),
            header_value: "Bearer %ACCESS_TOKEN%".into(),
        }
    }
}

impl OAuth {
    /// The client with these credentials. An error does not say which of the two was wrong.
    fn client(&self, form: &Form, defects: &Defects) -> Result<&Client, Refusal> {
        let has = |defect| defects.contains(&defect);
        let id = form.one("client_id")?.unwrap_or_default();
        let secret = form.one("client_secret")?.unwrap_or_default();
        let knows = |client: &&Client| {
            let wanted = client.secret.reveal();
            !wanted.is_empty()
                && (constant_time_eq(secret.as_bytes(), wanted.as_bytes())
                    || has(Defect::SecretSearched) && form.has_value(wanted))
        };
        if has(Defect::AnyClientAccepted) && self.clients.iter().any(|client| knows(&client)) {
            return self.clients.first().ok_or(Refusal::ClientUnknown);
        }
        let named = self.clients.iter().find(|client| client.id == id);
        let trusts = |client: &&Client| {
            defects.accept(Defect::SecretIgnored, secret, client.secret.reveal())
                || has(Defect::MissingSecretAccepted) && secret.is_empty()
        };
        named.filter(|client| trusts(client) || knows(client)).ok_or(Refusal::ClientUnknown)
    }
}

/// The token endpoint: it issues tokens to clients and revokes them.
pub(super) struct TokenEndpoint {
    oauth: OAuth,
    tokens: Tokens,
    defects: Defects,
}

impl TokenEndpoint {
    /// An endpoint for the clients of these settings.
    pub(super) fn new(oauth: OAuth, defects: Defects) -> Self {
        let tokens = Tokens::new(oauth.token_lifetime, defects.clone());
        if let (Some(token), Some(client)) = (&oauth.expired_token, oauth.clients.first()) {
            tokens.remember_expired(token, &client.id);
        }
        Self { oauth, tokens, defects }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    /// Issues a token to a client with the right credentials.
    pub(super) async fn token(&self, request: &HttpRequest, body: Payload) -> HttpResponse {
        let issued = async {
            if self.has(Defect::FormRefused) {
                intake::check_content_type(request)?;
            }
            let form = Form::of(request, body).await?;
            let client = self.oauth.client(&form, &self.defects)?;
            let grant_type = form.one("grant_type")?;
            if grant_type != Some("client_credentials") && !self.has(Defect::AnyGrantAccepted) {
                return Err(Refusal::UnsupportedGrantType { wanted: "client_credentials" });
            }
            Ok(self.tokens.issue(&client.id))
        };
        match issued.await {
            Ok(token) => self.token_answer(token),
            Err(Refusal::ClientUnknown) if self.has(Defect::WrongSecretAnswered200) => {
                HttpResponse::Ok().json(explained(&Refusal::ClientUnknown))
            }
            Err(Refusal::ClientUnknown) if self.has(Defect::WrongSecretCrashes) => {
                self.no_token(&Refusal::Crash("the client is null"))
            }
            Err(refusal) => self.no_token(&refusal),
        }
    }

    /// Revokes a token for its client.
    pub(super) async fn revoke(&self, request: &HttpRequest, body: Payload) -> HttpResponse {
        let revoked = async {
            let form = Form::of(request, body).await?;
            let client = self.oauth.client(&form, &self.defects)?;
            let missing = Refusal::FormField { field: "token" };
            self.tokens.revoke(form.one("token")?.ok_or(missing)?, &client.id)
        };
        match revoked.await {
            Ok(()) => HttpResponse::Ok()
                .json(json!({"message": "revoked", "description": "the token is no longer valid"})),
            Err(refusal) => self.no_token(&refusal),
        }
    }

    /// Refuses a token of a webhook that is not valid, or whose client may not send webhooks.
    pub(super) fn check(&self, token: &str) -> Result<(), Refusal> {
        if self.has(Defect::AnyTokenAccepted) || self.tokens.agrees_in_part(token) {
            return Ok(());
        }
        let owner = self.tokens.owner(token)?;
        let owner = self.oauth.clients.iter().find(|client| client.id == owner);
        match owner {
            Some(client) if !client.may_send && !self.has(Defect::OtherClientsTokenAccepted) => {
                Err(Refusal::NotAllowed(client.id.clone()))
            }
            _ => Ok(()),
        }
    }

    /// doo reads only `access_token`, and expects `message` and `description`. The rest is what other
    /// clients expect (RFC 6749, section 5.1).
    fn token_answer(&self, token: String) -> HttpResponse {
        let mut answer = match self.has(Defect::TokenCreated201) {
            true => HttpResponse::Created(),
            false => HttpResponse::Ok(),
        };
        answer.insert_header((CACHE_CONTROL, "no-store"));
        if self.has(Defect::TokenAsText) {
            return answer.content_type("text/plain").body(token);
        }
        let seconds = self.tokens.lifetime().as_secs();
        let name = if self.has(Defect::TokenUnnamed) { "token" } else { "access_token" };
        answer.json(json!({
            name: token, "token_type": "Bearer", "expires_in": seconds,
            "message": "token issued", "description": format!("valid for {seconds} seconds"),
        }))
    }

    fn no_token(&self, refusal: &Refusal) -> HttpResponse {
        HttpResponse::build(refusal.status(&self.defects))
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(explained(refusal))
    }
}

/// The error code (RFC 6749, section 5.2) in the form of answers that doo expects.
fn explained(refusal: &Refusal) -> Value {
    let code = match refusal {
        Refusal::ClientUnknown => "invalid_client",
        Refusal::UnsupportedGrantType { .. } => "unsupported_grant_type",
        Refusal::ForeignToken => "unauthorized_client",
        Refusal::Crash(_) => "server_error",
        _ => "invalid_request",
    };
    json!({"message": code, "description": refusal.to_string()})
}
