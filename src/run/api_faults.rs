//! Faults of the vendor's own API: which calls they strike, and what is answered then.

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
    /// It is answered so, and nothing is done.
    pub instead: Option<ApiEffect>,
    /// What is read is one version behind.
    pub stale: bool,
    /// Its token counts as refused.
    pub token_refused: bool,
    /// How much later it is answered.
    pub delay: std::time::Duration,
    /// When its webhooks leave.
    pub race: Race,
}

impl Run {
    /// Sets up a fault for the calls of the vendors' APIs that come.
    pub fn arm_api(&mut self, fault: ApiFault) {
        self.record_input(record::nothing(), EntryKind::Armed(fault.text.clone()));
        if fault.effect == ApiEffect::Stale {
            for account in 0..self.channels.len() {
                let subjects: Vec<_> = self.sim.subjects(account).collect();
                self.remember(account, &subjects);
            }
        }
        self.api_faults.push(fault);
    }

    /// The faults of the APIs that are set up.
    pub fn api_faults(&self) -> &[ApiFault] {
        &self.api_faults
    }

    /// Which faults strike a call. Those that are counted down are spent by it.
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
                    api.oauth.as_ref().is_some_and(|oauth| oauth.operation == operation.id)
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

    /// Remembers the versions of subjects that have changed, while somebody may want the one before.
    pub(super) fn remember(&mut self, account: AccountIndex, subjects: &[SubjectIndex]) {
        for subject in subjects {
            if let Some(now) = self.sim.api_object(account, *subject) {
                self.versions.add((account, *subject), now);
            }
        }
    }

    /// Whether versions are remembered.
    pub(super) fn remembers(&self) -> bool {
        self.api_faults.iter().any(|fault| fault.effect == ApiEffect::Stale)
    }

    /// The answer one version behind, if it is about one subject of which a version is known.
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
    /// What a caller has proved, under the faults.
    pub fn login(&self, login: Login) -> Login {
        match login.token {
            Shown::Right(_) if self.token_refused => Login { token: Shown::Wrong, ..login },
            _ => login,
        }
    }

    /// The answer in place of that of the account, if there is one.
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
