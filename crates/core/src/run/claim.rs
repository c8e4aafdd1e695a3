//! Finds the account that a request to a vendor's API is for.

use super::{Run, credential};
use crate::model::policy::Client;
use crate::sim::AccountIndex;
use crate::vendors::Api;
use crate::vendors::api::{ApiRequest, CredentialKind};

/// What a request says about the account that it is for.
pub struct Claim<'a> {
    key: Option<&'a str>,
    token: Option<&'a str>,
    client: Option<Client>,
    /// The account that its path names.
    pub tenant: Option<String>,
    /// The other values of its path and its query.
    named: Vec<String>,
}

impl<'a> Claim<'a> {
    /// Reads the claim of a request.
    pub fn of(api: &Api, request: &'a ApiRequest) -> Self {
        let found = api.find(request.method, &request.path).ok();
        let place = found.as_ref().and_then(|(operation, _)| {
            let wanted = api.tenant?;
            operation.parameters().position(|name| name == wanted)
        });
        let values = found.map(|(_, values)| values).unwrap_or_default();
        let tenant = place.and_then(|place| values.get(place).cloned());
        let query = request.query.iter().map(|(_, value)| value.clone());
        Self {
            key: credential(api, CredentialKind::Key, request),
            token: credential(api, CredentialKind::Token, request),
            client: api.oauth.as_ref().and_then(|oauth| (oauth.client)(&request.body)),
            tenant,
            named: values.into_iter().chain(query).collect(),
        }
    }

    /// Whether the request has a credential of the account.
    pub fn has_credential_of(&self, run: &Run, account: AccountIndex) -> bool {
        let keys = run.api_keys(account);
        let tokens = run.sim().api_tokens(account);
        self.key == Some(keys.key.reveal())
            || tokens.iter().any(|one| self.token == Some(one.secret.reveal()))
            || self.client.as_ref().is_some_and(|client| client.id == keys.client.id)
    }

    /// Whether the request names a subject of the account.
    pub fn names_subject(&self, run: &mut Run, account: AccountIndex) -> bool {
        let kinds = run.sim().catalogue(account).subjects;
        let mut named = self.named.iter();
        named.any(|id| kinds.iter().any(|one| run.find(account, one.kind, id).is_some()))
    }
}
