//! Faults of the vendor's own API: which calls they strike, and how those calls are answered.

use super::Run;
use super::record;
use crate::journal::EntryKind;
use crate::model::api_fault::{ApiCalls, ApiEffect, ApiFault, Race};
use crate::model::{Login, Shown, SubjectIndex};
use crate::sim::AccountIndex;
use crate::vendors::Api;
use crate::vendors::api::{ApiAnswer, ApiBody, Operation};

/// What the faults do to a call.
#[derive(Debug, Default)]
pub struct Struck {
    /// The call gets this answer, and the account does nothing.
    pub instead: Option<ApiEffect>,
    /// A read returns the previous version.
    pub stale: bool,
    /// The token of the call is refused.
    pub token_refused: bool,
    /// By how much the answer is delayed.
    pub delay: std::time::Duration,
    /// When the webhooks of the call are sent.
    pub race: Race,
}

impl Run {
    /// Sets up a fault for future calls of the vendors' APIs.
    pub fn arm_api(&mut self, fault: ApiFault) {
        self.record_input(record::run_context(), EntryKind::Armed(fault.text.clone()));
        if fault.effect == ApiEffect::Stale {
            for account in 0..self.channels.len() {
                let subjects: Vec<_> = self
                    .sim
                    .subjects(account)
                    .filter(|one| self.sim.knows(account, *one))
                    .collect();
                self.remember(account, &subjects);
            }
        }
        self.api_faults.push(fault);
    }

    /// The faults for API calls.
    pub fn api_faults(&self) -> &[ApiFault] {
        &self.api_faults
    }

    /// The faults that strike a call. Each call uses up one strike of a fault that has a limited
    /// number.
    pub(super) fn strike_call(
        &mut self,
        account: AccountIndex,
        api: &Api,
        operation: &Operation,
    ) -> Struck {
        let mut struck = Struck { race: self.route(account).race, ..Struck::default() };
        for fault in &mut self.api_faults {
            let meant = match fault.calls {
                ApiCalls::All => true,
                ApiCalls::Reads => operation.method.reads(),
                ApiCalls::Writes => !operation.method.reads(),
                ApiCalls::TokenRequests => {
                    api.oauth.as_ref().is_some_and(|oauth| oauth.operations.contains(&operation.id))
                }
            };
            if !meant {
                continue;
            }
            fault.left = fault.left.map(|left| left - 1);
            match fault.effect {
                ApiEffect::Status(_) | ApiEffect::Html | ApiEffect::ScopeRefused => {
                    struck.instead = Some(fault.effect);
                }
                ApiEffect::Stale => struck.stale = true,
                ApiEffect::TokenRefused => struck.token_refused = true,
                ApiEffect::Slow(by) => struck.delay += by,
                ApiEffect::Race(race) => struck.race = race,
            }
        }
        self.api_faults.retain(|fault| fault.left != Some(0));
        if struck.race == Race::Any {
            struck.race = *self.races.pick(&[Race::Before, Race::With, Race::After]);
        }
        struck
    }

    /// Remembers the current version of these subjects, for a later answer with the previous
    /// version.
    pub(super) fn remember(&mut self, account: AccountIndex, subjects: &[SubjectIndex]) {
        for subject in subjects {
            if let Some(now) = self.sim.api_object(account, *subject) {
                self.versions.update((account, *subject), now);
            }
        }
    }

    /// Whether a fault needs the previous versions.
    pub(super) fn remembers_versions(&self) -> bool {
        self.api_faults.iter().any(|fault| fault.effect == ApiEffect::Stale)
    }

    /// The answer with the previous version, if it is about one subject whose versions are known.
    pub(super) fn stale(&self, account: AccountIndex, api: &Api, answer: ApiAnswer) -> ApiAnswer {
        let before = answer.read.and_then(|subject| self.versions.before((account, subject)));
        match before {
            Some(Some(before)) => ApiAnswer { body: ApiBody::Json(before.clone()), ..answer },
            Some(None) => ApiAnswer::json(404, (api.error)(404, "there is no such object")),
            None => answer,
        }
    }
}

impl Struck {
    /// The login of the caller, after the faults.
    pub fn login(&self, login: Login) -> Login {
        match login.token {
            Shown::Right(_) if self.token_refused => Login { token: Shown::Wrong, ..login },
            _ => login,
        }
    }

    /// The answer that replaces the account's, if there is one.
    pub fn instead(&self, api: &Api) -> Option<ApiAnswer> {
        match self.instead? {
            ApiEffect::Status(status) => {
                let why = "this answer is a fault that was set up";
                Some(ApiAnswer::json(status, (api.error)(status, why)))
            }
            ApiEffect::ScopeRefused => {
                let why = "the token is not for this operation (insufficient_scope)";
                let mut answer = ApiAnswer::json(403, (api.error)(403, why));
                // RFC 6750, 3.1.
                let challenge = "Bearer error=\"insufficient_scope\"".to_owned();
                answer.headers.push(("www-authenticate", challenge));
                Some(answer)
            }
            _ => {
                let page = "<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>";
                Some(ApiAnswer::other(502, "text/html", page.to_owned()))
            }
        }
    }
}
