//! A webhook configuration (CO, SWp): which webhooks go to which URL, and how they prove who sends
//! them.
//!
//! Refused, because they are not played: hooks with a method other than POST, hooks with an
//! `origin` (the GraphQL payload), and configurations for one event or event guide.

use serde::Serialize;
use serde_json::Value as Json;
use url::Url;

use super::body::Body;
use super::wrong::Wrong;
use crate::model::Secret;
use crate::model::policy::Client;
use crate::vendors::api::{Subscription, SubscriptionLogin};
use crate::vendors::doo::triggers::Trigger;

/// Stands for a hidden secret.
const MASK: &str = "***";
/// The methods of SWp.
const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];
/// The headers that every request has already.
const NOT_FREE: &[&str] =
    &["host", "content-length", "content-type", "transfer-encoding", "connection"];
/// The placeholder for the token in the value of its header.
const TOKEN: &str = "%ACCESS_TOKEN%";

/// A configuration.
#[derive(Debug)]
pub struct Configuration {
    pub id: String,
    pub said: Said,
}

/// The values of a configuration in a call, checked.
#[derive(Debug, Serialize)]
pub struct Said {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    hooks: Vec<Hook>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication: Option<Login>,
}

#[derive(Debug, Serialize)]
struct Hook {
    r#type: &'static str,
    method: &'static str,
    endpoint: String,
}

#[derive(Debug, Serialize)]
struct Login {
    #[serde(skip_serializing_if = "Option::is_none")]
    grant_type: Option<&'static str>,
    endpoint: String,
    credentials: Credentials,
    #[serde(skip_serializing_if = "Option::is_none")]
    header_format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header_value_format: Option<String>,
}

#[derive(Debug, Serialize)]
struct Credentials {
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// `None` in a replayed run, since a journal contains no secrets.
    #[serde(serialize_with = "hidden")]
    client_secret: Option<Secret>,
}

impl Configuration {
    /// The configuration as the run needs it.
    pub fn subscription(&self) -> Subscription {
        let hooks = self.said.hooks.iter().map(|hook| (hook.r#type, hook.endpoint.clone()));
        let login = self.said.authentication.as_ref().map(|login| {
            let Credentials { client_id, client_secret } = &login.credentials;
            let id = client_id.clone().unwrap_or_else(|| "doo".to_owned());
            let secret = client_secret.clone().unwrap_or_else(|| Secret::new(""));
            SubscriptionLogin::Token {
                endpoint: login.endpoint.clone(),
                client: Some(Client { id, secret }),
                header: login.header_format.clone(),
                value: login.header_value_format.clone(),
            }
        });
        Subscription { id: self.id.clone(), hooks: hooks.collect(), login }
    }

    /// Its secret, if it is known and cannot be confused with other text in a journal.
    pub fn secret(&self) -> Option<&Secret> {
        let secret = self.said.authentication.as_ref()?.credentials.client_secret.as_ref()?;
        let text = secret.reveal();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        ((8..=255).contains(&text.len()) && text.bytes().all(plain)).then_some(secret)
    }

    /// Whether it has a hook for one of these triggers.
    pub fn has_any(&self, triggers: &[Trigger]) -> bool {
        let named = |hook: &Hook| triggers.iter().any(|trigger| trigger.name() == hook.r#type);
        self.said.hooks.iter().any(named)
    }
}

impl Said {
    /// Reads a call. `secret` is the client's secret, which has been taken out of the body.
    pub fn read(body: &Body, secret: Option<&Secret>) -> Result<Self, Wrong> {
        for (name, why) in [
            ("event_id", "configurations for one event are not played"),
            ("event_guide_id", "configurations for one event guide are not played"),
        ] {
            if body.get(name).is_some() {
                return Err(Wrong::not_played(why));
            }
        }
        let name = Body::needed("name", body.text_of("name", 1, 255)?)?.to_owned();
        let description = body.text_of("description", 0, 255)?.map(str::to_owned);
        let hooks = match body.get("hooks") {
            Some(Json::Array(hooks)) if !hooks.is_empty() => hooks,
            _ => return Err(Wrong::bad("`hooks` must be a list of at least one hook")),
        };
        if hooks.len() > Trigger::ALL.len() {
            return Err(Wrong::bad("there are more hooks than types"));
        }
        let hooks: Vec<Hook> = hooks.iter().map(Hook::read).collect::<Result<_, _>>()?;
        for (place, hook) in hooks.iter().enumerate() {
            if hooks[..place].iter().any(|other| other.r#type == hook.r#type) {
                return Err(Wrong::bad(format!("two hooks have the type `{}`", hook.r#type)));
            }
        }
        let authentication = body.get("authentication");
        let authentication = authentication.map(|it| Login::read(it, secret)).transpose()?;
        Ok(Self { name, description, hooks, authentication })
    }
}

impl Hook {
    fn read(value: &Json) -> Result<Self, Wrong> {
        let body = Body::within("hooks[]", value)?;
        let name = Body::needed("type", body.text_of("type", 1, 100)?)?;
        let known = Trigger::ALL.iter().find(|trigger| trigger.name() == name);
        let Some(trigger) = known else {
            return Err(Wrong::bad("the `type` of a hook is not known"));
        };
        match Body::needed("method", body.text("method")?)? {
            "POST" => {}
            other if METHODS.contains(&other) => {
                return Err(Wrong::not_played("only hooks with the method POST are played"));
            }
            _ => return Err(Wrong::bad(format!("`method` must be one of {}", METHODS.join(", ")))),
        }
        if body.get("origin").is_some() {
            let why = "a hook with an `origin` asks for the GraphQL payload, which is not played";
            return Err(Wrong::not_played(why));
        }
        Ok(Self { r#type: trigger.name(), method: "POST", endpoint: endpoint(&body)? })
    }
}

impl Login {
    fn read(value: &Json, secret: Option<&Secret>) -> Result<Self, Wrong> {
        let body = Body::within("authentication", value)?;
        let grant_type = match body.text("grant_type")? {
            None => None,
            Some("client_credentials") => Some("client_credentials"),
            Some(_) => {
                return Err(Wrong::not_played("only the grant `client_credentials` is played"));
            }
        };
        let credentials = Body::needed("credentials", body.get("credentials"))?;
        let credentials = Body::within("credentials", credentials)?;
        let known = ["client_id", "client_secret"];
        if credentials.names().any(|name| !known.contains(&name)) {
            return Err(Wrong::bad("`credentials` must have a `client_id` and a `client_secret`"));
        }
        Body::needed("client_secret", credentials.get("client_secret"))?;
        let client_id = credentials.text_of("client_id", 1, 255)?.map(str::to_owned);
        let header_format = body.text_of("header_format", 1, 100)?.map(str::to_owned);
        if header_format.as_deref().is_some_and(|name| !is_header(name)) {
            return Err(Wrong::bad(
                "`header_format` must be the name of a header that the request does not have already",
            ));
        }
        let value = body.text_of("header_value_format", 1, 100)?.map(str::to_owned);
        let written = |byte: u8| (b' '..=b'~').contains(&byte);
        let fits = |value: &String| value.contains(TOKEN) && value.bytes().all(written);
        if value.as_ref().is_some_and(|value| !fits(value)) {
            return Err(Wrong::bad(format!(
                "`header_value_format` must be ASCII and contain {TOKEN}"
            )));
        }
        Ok(Self {
            grant_type,
            endpoint: endpoint(&body)?,
            credentials: Credentials { client_id, client_secret: secret.cloned() },
            header_format,
            header_value_format: value,
        })
    }
}

fn endpoint(body: &Body) -> Result<String, Wrong> {
    let text = Body::needed("endpoint", body.text_of("endpoint", 1, 1000)?)?;
    let url = Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    if url.is_none_or(|url| !url.has_host()) {
        return Err(Wrong::bad("`endpoint` must be a URL with http or https"));
    }
    Ok(text.to_owned())
}

fn is_header(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    name.bytes().all(token) && !NOT_FREE.iter().any(|other| name.eq_ignore_ascii_case(other))
}

fn hidden<S: serde::Serializer>(_: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(MASK)
}
