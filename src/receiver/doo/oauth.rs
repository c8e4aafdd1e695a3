//! The token endpoint, to which doo comes before each webhook (Authorization request, 3021340689),
//! and the endpoint at which a token is taken back (RFC 7009). What a token is good for is the
//! book's part.
//!
//! Left out on purpose: credentials in a header, scopes and refresh tokens; doo knows none of them.

use std::collections::BTreeSet;
use std::time::Duration;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::tokens::Tokens;
use crate::model::Secret;
use crate::receiver::credentials::same;
use crate::receiver::defects::Defect;
use crate::receiver::intake;
use crate::receiver::refusal::Refusal;

/// How long a token is good unless it is said.
const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// To whom tokens are given, and how they come back with a webhook.
#[derive(Clone, Debug)]
pub struct OAuth {
    /// Who may ask for a token.
    pub clients: Vec<Client>,
    /// A token that the first client had, and that has expired.
    pub expired_token: Option<Secret>,
    /// How long a token is good, in real time.
    pub token_lifetime: Duration,
    /// The header that carries the token. Its name is case-insensitive.
    pub header: String,
    /// Its value, with `%ACCESS_TOKEN%` in place of the token.
    pub header_value: String,
}

/// Somebody who may ask for a token.
#[derive(Clone, Debug)]
pub struct Client {
    /// `client_id`
    pub id: String,
    /// `client_secret`; an empty one opens nothing.
    pub secret: Secret,
    /// Whether its tokens are good for doo's webhooks.
    pub may_send: bool,
}

impl OAuth {
    /// Tokens for these clients, good for an hour, as `Authorization: Bearer …`.
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
    /// The client that proves who it is. Which of the two was wrong is not said.
    fn client(&self, form: &Form, defects: &BTreeSet<Defect>) -> Result<&Client, Refusal> {
        let has = |defect| defects.contains(&defect);
        let id = form.one("client_id")?.unwrap_or_default();
        let secret = form.one("client_secret")?.unwrap_or_default();
        let knows = |client: &&Client| {
            let wanted = client.secret.reveal();
            !wanted.is_empty() && same(secret.as_bytes(), wanted.as_bytes())
        };
        if has(Defect::AnyClientAccepted) && self.clients.iter().any(|client| knows(&client)) {
            return self.clients.first().ok_or(Refusal::ClientUnknown);
        }
        let named = self.clients.iter().find(|client| client.id == id);
        let believed =
            has(Defect::SecretIgnored) || has(Defect::MissingSecretAccepted) && secret.is_empty();
        named.filter(|client| believed || knows(client)).ok_or(Refusal::ClientUnknown)
    }
}

/// The token endpoint: it gives tokens to clients, and takes them back.
pub(super) struct TokenEndpoint {
    oauth: OAuth,
    tokens: Tokens,
    defects: BTreeSet<Defect>,
}

impl TokenEndpoint {
    /// An endpoint for the clients of these settings.
    pub(super) fn new(oauth: OAuth, defects: BTreeSet<Defect>) -> Self {
        let tokens = Tokens::new(oauth.token_lifetime, defects.clone());
        if let (Some(token), Some(client)) = (&oauth.expired_token, oauth.clients.first()) {
            tokens.remember_expired(token, &client.id);
        }
        Self { oauth, tokens, defects }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    /// Gives a token to a client that proves who it is.
    pub(super) async fn token(&self, request: &HttpRequest, body: Payload) -> HttpResponse {
        let given = async {
            if self.has(Defect::FormRefused) {
                intake::check_content_type(request)?;
            }
            let form = Form::of(request, body).await?;
            let client = self.oauth.client(&form, &self.defects)?;
            if form.one("grant_type")? != Some("client_credentials") {
                return Err(Refusal::GrantType);
            }
            Ok(self.tokens.give(&client.id))
        };
        match given.await {
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

    /// Takes a token back when its client asks for it.
    pub(super) async fn revoke(&self, request: &HttpRequest, body: Payload) -> HttpResponse {
        let revoked = async {
            let form = Form::of(request, body).await?;
            let client = self.oauth.client(&form, &self.defects)?;
            let missing = Refusal::Form { field: "token", times: "not at all" };
            self.tokens.revoke(form.one("token")?.ok_or(missing)?, &client.id)
        };
        match revoked.await {
            Ok(()) => HttpResponse::Ok()
                .json(json!({"message": "revoked", "description": "the token is good no more"})),
            Err(refusal) => self.no_token(&refusal),
        }
    }

    /// Refuses a token of a webhook that is not valid, or whose client may not send webhooks.
    pub(super) fn check(&self, token: &str) -> Result<(), Refusal> {
        if self.has(Defect::AnyTokenAccepted) {
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

    /// What doo reads is `access_token` alone, with `message` and `description` beside it; the rest
    /// is what every other client expects (RFC 6749, section 5.1).
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
            "message": "token given", "description": format!("good for {seconds} seconds"),
        }))
    }

    fn no_token(&self, refusal: &Refusal) -> HttpResponse {
        HttpResponse::build(refusal.status(&self.defects))
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(explained(refusal))
    }
}

/// The code of an error (RFC 6749, section 5.2) in the form of answers that doo reads.
fn explained(refusal: &Refusal) -> Value {
    let code = match refusal {
        Refusal::ClientUnknown => "invalid_client",
        Refusal::GrantType => "unsupported_grant_type",
        Refusal::NotYourToken => "unauthorized_client",
        Refusal::Crash(_) => "server_error",
        _ => "invalid_request",
    };
    json!({"message": code, "description": refusal.to_string()})
}

/// What was sent as a form.
struct Form(Vec<(String, String)>);

impl Form {
    async fn of(request: &HttpRequest, body: Payload) -> Result<Self, Refusal> {
        intake::check_form_type(request)?;
        let body = intake::read_form(body).await?;
        Ok(Self(form_urlencoded::parse(&body).into_owned().collect()))
    }

    /// A field that may not come twice (RFC 6749, section 3.2).
    fn one(&self, field: &'static str) -> Result<Option<&str>, Refusal> {
        let mut values = self.0.iter().filter(|(name, _)| name == field);
        let first = values.next().map(|(_, value)| value.as_str());
        match values.next() {
            None => Ok(first),
            Some(_) => Err(Refusal::Form { field, times: "more than once" }),
        }
    }
}
