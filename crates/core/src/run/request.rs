//! Calls of the vendor's API: checks the credentials, removes secrets, lets the account answer, and
//! plans the delivery of the webhooks that follow.

use serde_json::Value as Json;
use subtle::ConstantTimeEq;

use super::{Run, kept};
use crate::journal::EntryKind;
use crate::journal::entry::RequestedCall;
use crate::model::secret::MASK;
use crate::model::{Login, Secret, Shown, Webhook};
use crate::policy::mask::masked;
use crate::sim::AccountIndex;
use crate::vendors::Api;
use crate::vendors::api::{
    ApiAnswer, ApiBody, ApiCall, ApiKeys, ApiRequest, CredentialKind, Operation, Played, Unmatched,
};

impl Run {
    /// Answers a request to the vendor's API at once, even while requests are under way.
    pub fn request(&mut self, account: AccountIndex, request: &ApiRequest) -> ApiAnswer {
        let Some(api) = self.sim.api(account) else { return ApiAnswer::empty(404) };
        let login = self.login(account, api, request);
        let own = self.api_secrets(account);
        let path = kept::path(&request.path, &own);
        let query = kept::query(api.queries, &request.query, &own);
        let found = api.find(request.method, &path);
        let (body, secrets) = match &found {
            Ok((operation, _)) => {
                let (body, secrets) = take_secrets(operation, &request.body);
                (kept::body(body, &own), secrets)
            }
            Err(_) => (String::new(), Vec::new()),
        };
        let call = RequestedCall {
            operation: found.as_ref().ok().map(|(operation, _)| operation.id.to_owned()),
            method: request.method.name().to_owned(),
            path: path.clone(),
            query: query.clone(),
            body: kept::urls(&body, found.as_ref().map_or(&[], |(operation, _)| operation.urls)),
            login,
            received: request.received,
        };
        let asked = found.map(|(operation, parameters)| ApiCall {
            operation,
            parameters,
            query,
            queries: api.queries,
            body,
            secrets,
            login,
            received: request.received,
        });
        self.answer(account, api, call, asked)
    }

    /// Replays a call from a journal.
    pub(super) fn replay_request(
        &mut self,
        account: AccountIndex,
        call: RequestedCall,
    ) -> Result<(), String> {
        let api = self.sim.api(account).ok_or("this vendor has no API")?;
        let unknown = || format!("`{}` is not a method", call.method);
        let method = crate::vendors::api::Method::of(&call.method).ok_or_else(unknown)?;
        let asked = api.find(method, &call.path).map(|(operation, parameters)| ApiCall {
            operation,
            parameters,
            query: call.query.clone(),
            queries: api.queries,
            body: call.body.clone(),
            secrets: operation.secrets.iter().map(|_| None).collect(),
            login: call.login,
            received: call.received,
        });
        self.answer(account, api, call, asked);
        Ok(())
    }

    fn answer(
        &mut self,
        account: AccountIndex,
        api: &'static Api,
        call: RequestedCall,
        asked: Result<ApiCall, Unmatched>,
    ) -> ApiAnswer {
        let cause = self.record_input(self.account_context(account), EntryKind::Requested(call));
        let mut webhooks = Vec::new();
        let answer = match asked {
            Err(unmatched) => refusal(api, unmatched),
            Ok(asked) => self.answer_call(account, api, asked, &mut webhooks),
        };
        let (status, body) = (answer.status, shown(&answer));
        self.record_effect(
            self.sim.now(),
            self.account_context(account),
            EntryKind::Answered { status, body },
        );
        self.channels[account].endpoints.register(self.sim.subscriptions(account));
        self.take_in(Some(cause), webhooks);
        answer
    }

    /// Answers a call of a known operation, with the faults that strike it.
    fn answer_call(
        &mut self,
        account: AccountIndex,
        api: &'static Api,
        asked: ApiCall,
        webhooks: &mut Vec<Webhook>,
    ) -> ApiAnswer {
        if let Played::No(why) = asked.operation.played {
            return ApiAnswer::json(501, (api.error)(501, why));
        }
        let struck = self.strike_call(account, api, asked.operation);
        let asked = ApiCall { login: struck.login(asked.login), ..asked };
        let answer = match struck.instead(api) {
            Some(instead) => instead,
            None => self.sim.answer(account, &asked, webhooks),
        };
        let answer = if struck.stale { self.stale(account, api, answer) } else { answer };
        ApiAnswer { delay: struck.delay, race: struck.race, ..answer }
    }

    /// The vendor's own identifier of an account.
    pub fn tenant(&self, account: AccountIndex) -> String {
        self.sim.tenant(account, &self.channels[account].settings)
    }

    /// The credentials of an account's API.
    pub fn api_keys(&self, account: AccountIndex) -> &ApiKeys {
        &self.channels[account].keys
    }

    /// The secrets of an account's API: its key, that of its client, and the tokens that it has issued.
    fn api_secrets(&self, account: AccountIndex) -> Vec<&str> {
        let keys = self.api_keys(account);
        let tokens = self.sim.api_tokens(account).iter().map(|token| &token.secret);
        [&keys.key, &keys.client.secret].into_iter().chain(tokens).map(Secret::reveal).collect()
    }

    /// Checks the credentials of a request.
    fn login(&self, account: AccountIndex, api: &Api, request: &ApiRequest) -> Login {
        let keys = self.api_keys(account);
        let key = match credential(api, CredentialKind::Key, request) {
            None => Shown::Nothing,
            Some(key) if equal_secrets(key, keys.key.reveal()) => Shown::Right(0),
            Some(_) => Shown::Wrong,
        };
        let token = match credential(api, CredentialKind::Token, request) {
            None => Shown::Nothing,
            Some(shown) => {
                let tokens = self.sim.api_tokens(account);
                let place =
                    tokens.iter().position(|token| equal_secrets(shown, token.secret.reveal()));
                place.map_or(Shown::Wrong, |place| Shown::Right(place as u32))
            }
        };
        let client = match api.oauth.as_ref().and_then(|oauth| (oauth.client)(&request.body)) {
            None => Shown::Nothing,
            Some(client) => {
                let right = client.id == keys.client.id
                    && equal_secrets(client.secret.reveal(), keys.client.secret.reveal());
                if right { Shown::Right(0) } else { Shown::Wrong }
            }
        };
        Login { key, token, client }
    }
}

/// The value of a credential in a request.
pub fn credential<'a>(api: &Api, kind: CredentialKind, request: &'a ApiRequest) -> Option<&'a str> {
    let places = api.credentials.iter().filter(|place| place.kind == kind);
    let mut values = places.filter_map(|place| {
        let mut headers = request.headers.iter();
        let (_, value) = headers.find(|(name, _)| name.eq_ignore_ascii_case(place.header))?;
        let value = value.reveal().trim();
        if place.scheme.is_empty() {
            return Some(value);
        }
        let (scheme, rest) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case(place.scheme).then(|| rest.trim_start())
    });
    values.next()
}

/// Whether two secrets are equal, in constant time.
fn equal_secrets(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// A body with the secrets of its operation masked, and those secrets.
fn take_secrets(operation: &Operation, body: &[u8]) -> (String, Vec<Option<Secret>>) {
    let text = String::from_utf8_lossy(body).into_owned();
    if operation.secrets.is_empty() {
        return (text, Vec::new());
    }
    // A body that is not JSON can hold a secret anywhere.
    let Ok(mut json) = serde_json::from_str::<Json>(&text) else {
        let shown = if text.is_empty() { String::new() } else { MASK.to_owned() };
        return (shown, operation.secrets.iter().map(|_| None).collect());
    };
    let secrets = operation.secrets.iter().map(|pointer| {
        let value = json.pointer_mut(pointer)?;
        let secret = match std::mem::replace(value, MASK.into()) {
            Json::String(text) => text,
            other => other.to_string(),
        };
        Some(Secret::new(secret))
    });
    let secrets = secrets.collect();
    (json.to_string(), secrets)
}

fn refusal(api: &Api, unmatched: Unmatched) -> ApiAnswer {
    match unmatched {
        Unmatched::Path => ApiAnswer::json(404, (api.error)(404, "this path does not exist")),
        Unmatched::Method(methods) => {
            let names: Vec<&str> = methods.iter().map(|method| method.name()).collect();
            let mut answer = ApiAnswer::json(405, (api.error)(405, "this path has no such method"));
            answer.headers.push(("allow", names.join(", ")));
            answer
        }
    }
}

/// The body of an answer as the journal records it.
fn shown(answer: &ApiAnswer) -> String {
    let text = match &answer.body {
        ApiBody::Empty => return String::new(),
        ApiBody::Json(json) => kept::any_url(json.clone()).to_string(),
        ApiBody::Other(_, text) => text.clone(),
    };
    let shown = masked(text.into(), answer.secrets.iter().map(Secret::reveal));
    String::from_utf8_lossy(&shown).into_owned()
}
